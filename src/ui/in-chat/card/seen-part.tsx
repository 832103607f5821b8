import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { sentenceOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';

interface SeenPartProps {
  readonly run: CallRun;
  readonly onNote: (text: string) => void;
}

/** All that was found in the code and weighed, folded. Code that nobody has read yet is read when it is opened: no run waits for it. */
export function SeenPart({ run, onNote }: SeenPartProps) {
  const isOpen = useSignal(false);
  const code = run.code.value;
  const groups = run.seen.value?.code === code ? run.seen.value.groups : null;
  const isShown = code !== '' && !run.isEditing.value;
  const isWanted = isShown && isOpen.value && groups === null;
  useEffect(() => {
    if (!isWanted) return;
    void run.look().then((error) => error !== null && onNote(sentenceOf(error)));
  }, [isWanted, code]);
  if (!isShown) return null;
  return (
    <details class="code seen" data-part="seen" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{TEXTS.card.seen}</summary>
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
