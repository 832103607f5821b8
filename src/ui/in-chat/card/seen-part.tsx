import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { sentenceOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';

interface SeenPartProps {
  readonly run: CallRun;
  readonly onNote: (text: string) => void;
}

/** Who types goes on within this. */
const PAUSE_MS = 600;

/**
 * All that was found in the code and weighed, folded. Code that nobody has read yet is read when it is opened, and what is
 * typed then after a pause: no run waits for it.
 */
export function SeenPart({ run, onNote }: SeenPartProps) {
  const isOpen = useSignal(false);
  const code = run.code.value;
  const seen = run.seen.value;
  const isWanted = code !== '' && isOpen.value && seen?.code !== code;
  const isReading = useSignal(false);
  const before = useRef(code);
  useEffect(() => {
    const isTyped = before.current !== code;
    before.current = code;
    isReading.value = isWanted;
    if (!isWanted) return undefined;
    const read = async () => {
      const error = await run.look();
      if (error === null || before.current !== code) return;
      isReading.value = false;
      onNote(sentenceOf(error));
    };
    const timer = setTimeout(() => void read(), isTyped ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [isWanted, code]);
  if (code === '' && !run.isEditing.value) return null;
  // While it is read anew, what was seen before stays: nothing jumps below who types.
  const groups = isReading.value || seen?.code === code ? seen?.groups : undefined;
  return (
    <details class="code seen" data-part="seen" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{TEXTS.card.seen}</summary>
      {isReading.value ? (
        <p class="note" data-part="reading">
          {TEXTS.card.reading}
        </p>
      ) : null}
      {groups?.map(({ title, lines }) => (
        <div key={title}>
          <strong>{title}</strong>
          <ul>
            {lines.map(({ text, line }, at) => (
              <li key={at}>
                {text}
                {line === null ? null : <span class="quiet"> {TEXTS.card.line(line)}</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
