import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Selection } from '../../../contracts/selection.ts';
import { sentenceOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';

interface SeenPartProps {
  readonly run: CallRun;
  readonly onNote: (text: string) => void;
}

const NOTHING = { code: null, groups: [] };
/** Who types goes on within this. */
const PAUSE_MS = 600;

/**
 * All that was found in the code and weighed, folded. Code that nobody has read yet is read when it is opened, and what is
 * typed then after a pause: no run waits for it.
 */
export function SeenPart({ run, onNote }: SeenPartProps) {
  const isOpen = useSignal(false);
  const code = run.code.value;
  const seen = run.seen.value ?? NOTHING;
  const isStale = seen.code !== code;
  const isWanted = code !== '' && isOpen.value && isStale;
  /** The code that could not be read last. */
  const failed = useSignal<string | null>(null);
  const isReading = isWanted && failed.value !== code;
  const before = useRef(code);
  useEffect(() => {
    const isTyped = before.current !== code;
    before.current = code;
    if (!isWanted) return undefined;
    failed.value = null;
    const read = async () => {
      const error = await run.look();
      if (error === null || before.current !== code) return;
      failed.value = code;
      onNote(await sentenceOf(error));
    };
    const timer = setTimeout(() => void read(), isTyped ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [isWanted, code]);
  if (code === '' && !run.isEditing.value) return null;
  // While it is read anew, what was seen before stays: nothing jumps below who types.
  const groups = isStale && !isReading ? [] : seen.groups;
  return (
    <details class="code seen" data-part="seen" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{TEXTS.card.seen}</summary>
      {isReading ? <Reading /> : null}
      {groups.map((group) => (
        <Group key={group.title} {...group} />
      ))}
    </details>
  );
}

const Reading = () => (
  <p class="note" data-part="reading">
    {TEXTS.card.reading}
  </p>
);

const Group = ({ title, lines }: Selection['seen'][number]) => (
  <div>
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
);
