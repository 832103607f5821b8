import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, isTrustedPress, useLeftFocus } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import type { RunView } from '../run-view.ts';

interface QuestionProps {
  readonly run: CallRun;
  readonly prompt: NonNullable<RunView['prompt']['value']>;
}

/** The program's question and a field for the answer. Keys typed after it has gone stay in the card, for the next one. */
function Question({ run, prompt }: QuestionProps) {
  const row = useLeftFocus();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    // Only where the person is with the card already: the composer must not lose the focus in mid-sentence.
    const root = field.current?.getRootNode();
    if (root instanceof ShadowRoot && root.activeElement !== null) field.current?.focus();
  }, []);
  const send = () => {
    const text = field.current?.value ?? '';
    if (field.current) field.current.value = '';
    void run.answer(text);
  };
  // The types of JSX know fields by one fixed kind only.
  const kind = (prompt.isSecret ? 'password' : 'text') as 'text';
  const label = prompt.isSecret ? TEXTS.input.secret : TEXTS.input.label;
  return (
    <div class="input-row" ref={row}>
      <label class="prompt">
        <span data-part="prompt">{prompt.text === '' ? label : prompt.text}</span>
        <input
          ref={field}
          type={kind}
          data-part="input"
          aria-label={prompt.text === '' ? label : `${label}: ${prompt.text}`}
          autocomplete="off"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing && isTrustedPress(event)) {
              event.preventDefault();
              send();
            }
          }}
        />
      </label>
      <Button action="enter" kind="primary" onPress={send}>
        {TEXTS.action.enter}
      </Button>
      <Button action="eof" hint={TEXTS.input.endHint} onPress={() => void run.answer(null)}>
        {TEXTS.action.endInput}
      </Button>
    </div>
  );
}

export function InputField({ run, view }: { readonly run: CallRun; readonly view: RunView }) {
  const prompt = view.prompt.value;
  return prompt === null ? null : <Question key={prompt.n} run={run} prompt={prompt} />;
}
