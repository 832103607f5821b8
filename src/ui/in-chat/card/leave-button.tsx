import { Button, sentenceOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { useServices } from './services.ts';

interface LeaveButtonProps {
  readonly run: CallRun;
  readonly onNote: (text: string) => void;
  readonly kind?: 'primary' | 'plain';
}

/** Puts the code in the composer with the wish that ChatGPT runs it by its own tool; the person sends it. */
export function LeaveButton({ run, onNote, kind = 'plain' }: LeaveButtonProps) {
  const services = useServices();
  const leave = async () => {
    const language = run.held.value?.language ?? run.language.value ?? '';
    const code = run.code.value;
    // Longer than any within the code, which may be Markdown itself.
    const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
    const answer = await services.compose(`${TEXTS.code.leaveText}\n\n${fence}${language}\n${code}\n${fence}\n`);
    onNote(answer.ok ? TEXTS.composer.done : await sentenceOf(answer.error));
    if (answer.ok) run.held.value = null;
  };
  return (
    <Button action="leave" kind={kind} onPress={() => void leave()}>
      {TEXTS.code.leave}
    </Button>
  );
}
