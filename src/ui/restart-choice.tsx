import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, momentOf } from './kit/index.ts';
import { RESTART_TEXTS as T } from './machine-texts.ts';

interface RestartChoiceProps {
  /** What is restarted. */
  readonly name: string;
  readonly savedAtMs: number | null;
  readonly isBusy?: boolean;
  readonly onRestart: (keepsSaved: boolean) => void;
  readonly onLeave: () => void;
}

/** Asks what a Linux goes on from: what was saved of it where something was, or nothing. What is lost is asked about once more. */
export function RestartChoice({ name, savedAtMs, isBusy = false, onRestart, onLeave }: RestartChoiceProps) {
  const isSure = useSignal(false);
  const words = useRef<HTMLParagraphElement>(null);
  // Where the keys were is gone: they go on from what is asked, which a screen reader then reads. At once, for the next key.
  useLayoutEffect(() => words.current?.focus(), [isSure.value]);
  const savedAt = savedAtMs === null ? null : momentOf(savedAtMs);
  return (
    <div
      class="asks"
      role="group"
      aria-label={T.title(name)}
      data-part="restart-choice"
      data-sure={isSure.value}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Of a window around it this closes nothing.
        event.preventDefault();
        event.stopPropagation();
        onLeave();
      }}
    >
      <p ref={words} tabIndex={-1}>
        {savedAt === null ? T.asksUnsaved : isSure.value ? T.sure(savedAt) : T.asks(savedAt)}
      </p>
      {savedAt === null || isSure.value ? (
        <Button action="restart-afresh" kind="danger" disabled={isBusy} onPress={() => onRestart(false)}>
          {savedAt === null ? T.afresh : T.sureAfresh}
        </Button>
      ) : (
        <>
          <Button action="restart-saved" kind="primary" disabled={isBusy} onPress={() => onRestart(true)}>
            {T.fromSaved}
          </Button>
          <Button action="restart-unsaved" disabled={isBusy} onPress={() => (isSure.value = true)}>
            {T.afresh}
          </Button>
        </>
      )}
      <Button action="restart-leave" onPress={onLeave}>
        {T.leave}
      </Button>
    </div>
  );
}
