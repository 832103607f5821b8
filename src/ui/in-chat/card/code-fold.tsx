import { useEffect, useRef } from 'preact/hooks';
import { Button, isTrustedPress } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
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
  const field = useRef<HTMLTextAreaElement>(null);
  // Opened by a press: who edits goes on in the field.
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  return (
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
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !isTrustedPress(event)) return;
        event.preventDefault();
        void run.start('press');
      }}
    />
  );
}
