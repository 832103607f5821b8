import { useSignal } from '@preact/signals';
import { appError } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import { Button, sentenceOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { chooseFiles } from '../private-files.ts';
import { DescribeDialog } from './describe-dialog.tsx';
import { useServices } from './services.ts';

interface SessionActionsProps {
  readonly sessionId: SessionId;
  /** True where a machine of the conversation ran it, which terminals are in as well. */
  readonly hasTerminals: boolean;
  /** What the language of the run is called. */
  readonly language: string;
  readonly onNote: (text: string) => void;
  /** Null while the session cannot be restarted. */
  readonly onRestart: (() => void) | null;
}

/** What concerns the conversation's variables and files rather than one run. */
export function SessionActions({ sessionId, hasTerminals, language, onNote, onRestart }: SessionActionsProps) {
  const services = useServices();
  const isDescribing = useSignal(false);
  const addFiles = async (files: readonly File[]) => {
    if (files.length === 0) return;
    onNote(await services.addFiles(sessionId, files));
  };
  const openTerminals = async () => {
    if (!(await services.openTerminals(sessionId))) onNote(await sentenceOf(appError('host/lost')));
  };
  return (
    <>
      {hasTerminals ? (
        <Button action="terminal" hint={TEXTS.action.terminalHint} onPress={() => void openTerminals()}>
          {TEXTS.action.terminal}
        </Button>
      ) : null}
      <Button action="add-file" onPress={() => chooseFiles((files) => void addFiles(files))}>
        {TEXTS.action.addFile}
      </Button>
      <Button action="describe" onPress={() => (isDescribing.value = true)}>
        {TEXTS.action.describe}
      </Button>
      {onRestart === null ? null : (
        <Button action="restart" onPress={onRestart}>
          {TEXTS.action.restart(language)}
        </Button>
      )}
      {isDescribing.value ? (
        <DescribeDialog sessionId={sessionId} onClose={() => (isDescribing.value = false)} onNote={onNote} />
      ) : null}
    </>
  );
}
