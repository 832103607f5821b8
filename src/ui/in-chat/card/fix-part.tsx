import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionId } from '../../../contracts/ids.ts';
import type { FixLine, SuggestedFix } from '../../../contracts/suggested-fix.ts';
import { Button, useLeftFocus } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { useServices } from './services.ts';

/** Signs and elements say what is taken away and added; colour only repeats it. */
function Line({ kind, text }: FixLine) {
  if (kind === 'added') return <ins>{`+ ${text}\n`}</ins>;
  if (kind === 'removed') return <del>{`- ${text}\n`}</del>;
  return <>{kind === 'gap' ? '⋯\n' : `  ${text}\n`}</>;
}

/** What code that could not be read was probably meant to be. Taken by a press only, into the field; nothing runs by it. */
export function FixPart({ run, sessionId }: { readonly run: CallRun; readonly sessionId: SessionId }) {
  const { runs } = useServices();
  const shown = useSignal<SuggestedFix | null>(null);
  useEffect(() => {
    const language = run.language.peek();
    if (language === null) return;
    void runs.suggestFix({ sessionId, language, code: run.code.peek() }).then((answer) => {
      if (answer.ok) shown.value = answer.value;
    });
  }, []);
  const fix = shown.value;
  return fix === null ? null : <Fix run={run} fix={fix} dismiss={() => (shown.value = null)} />;
}

interface FixProps {
  readonly run: CallRun;
  readonly fix: SuggestedFix;
  readonly dismiss: () => void;
}

function Fix({ run, fix, dismiss }: FixProps) {
  const part = useLeftFocus();
  const use = () => {
    run.code.value = fix.code;
    run.language.value = fix.language;
    run.isEditing.value = true;
    dismiss();
  };
  return (
    <div ref={part} class="fix" data-part="fix" role="group" aria-label={TEXTS.fix.title}>
      <strong>{TEXTS.fix.title}</strong> {fix.title}
      {fix.lines.length === 0 ? null : (
        <pre class="text" dir="ltr" tabIndex={0}>
          {fix.lines.map((line, at) => (
            <Line key={at} {...line} />
          ))}
        </pre>
      )}
      <div class="actions">
        <Button action="use-fix" kind="primary" onPress={use}>
          {TEXTS.fix.use}
        </Button>
        <Button action="dismiss-fix" onPress={dismiss}>
          {TEXTS.fix.dismiss}
        </Button>
      </div>
    </div>
  );
}
