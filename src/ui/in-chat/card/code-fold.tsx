import { useEffect } from 'preact/hooks';
import { Button, isTrustedPress, useLeftFocus } from '../../kit/index.ts';
import { COMMON_TEXTS, TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';

const SHOWN_UTF16 = 20_000;
/** A field with more lines than this scrolls. */
const FIELD_LINES = 16;

const lineCount = (code: string) => code.replace(/\n+$/, '').split('\n').length;

/** The code of the run: to read, and to change before the next start. */
export function CodeFold({ run }: { readonly run: CallRun }) {
  const code = run.code.value;
  if (run.isEditing.value) return <CodeField run={run} />;
  if (code === '') return null;
  return (
    <details class="code">
      <summary>
        {TEXTS.card.showCode} <span class="quiet">{TEXTS.card.lines(lineCount(code))}</span>
      </summary>
      <pre data-part="code" dir="ltr" tabIndex={0}>
        {code.slice(0, SHOWN_UTF16)}
        {code.length > SHOWN_UTF16 ? '\n…' : ''}
      </pre>
      {run.isBusy.value || run.phase.value === 'forming' ? null : (
        <Button action="edit" onPress={() => (run.isEditing.value = true)}>
          {TEXTS.action.edit}
        </Button>
      )}
    </details>
  );
}

function CodeField({ run }: { readonly run: CallRun }) {
  const field = useLeftFocus<HTMLTextAreaElement>();
  // Opened by a press: who edits goes on in the field.
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  // Of empty code there would be nothing to open again.
  const close = () => {
    if (run.code.value !== '') run.isEditing.value = false;
  };
  return (
    <>
      <textarea
        ref={field}
        data-part="code-field"
        class="code-field"
        dir="ltr"
        spellcheck={false}
        autocapitalize="off"
        aria-label={TEXTS.code.editLabel}
        rows={Math.min(lineCount(run.code.value) + 1, FIELD_LINES)}
        value={run.code.value}
        onInput={(event) => {
          if (isTrustedPress(event)) run.code.value = event.currentTarget.value;
          else event.currentTarget.value = run.code.value;
        }}
        onKeyDown={(event) => {
          const isRun = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
          // Of an input method, Escape is its own.
          const isEnd = event.key === 'Escape' && !event.isComposing;
          if (!(isRun || isEnd) || !isTrustedPress(event)) return;
          event.preventDefault();
          if (isRun) void run.start('press');
          else close();
        }}
      />
      <div class="actions">
        <Button action="end-edit" disabled={run.code.value === ''} onPress={close}>
          {COMMON_TEXTS.done}
        </Button>
      </div>
    </>
  );
}
