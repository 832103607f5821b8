/** A key in the composer less than this long ago means that the person is typing. */
const TYPING_MS = 1_200;
/** A press on a button of ours right after the last key is no reason to refuse; typing on is. */
const PAUSE_MOST_MS = 2_500;

export interface TypingWatch {
  /** Whether the person typed in `editor` a moment ago. */
  isTyping(editor: Element): boolean;
  /** Waits until the person has not typed for a second; false when they go on, or the signal aborts. */
  waitForPause(editor: Element, options: { readonly signal: AbortSignal }): Promise<boolean>;
}

/** Notes when the person last typed, from real key presses only. */
export function createTypingWatch(target: Window, options: { readonly signal: AbortSignal }): TypingWatch {
  const lastKeys = new WeakMap<EventTarget, number>();
  const note = (event: Event) => {
    if (!event.isTrusted) return;
    for (const part of event.composedPath()) {
      if (part instanceof Element && part.hasAttribute('contenteditable')) lastKeys.set(part, performance.now());
    }
  };
  for (const kind of ['keydown', 'compositionupdate'] as const) {
    target.addEventListener(kind, note, { capture: true, passive: true, signal: options.signal });
  }
  const leftMs = (editor: Element) =>
    (lastKeys.get(editor) ?? Number.NEGATIVE_INFINITY) + TYPING_MS - performance.now();
  return {
    isTyping: (editor) => leftMs(editor) > 0,
    async waitForPause(editor, { signal }) {
      const endsAt = performance.now() + PAUSE_MOST_MS;
      while (leftMs(editor) > 0) {
        if (signal.aborted || performance.now() + leftMs(editor) > endsAt) return false;
        await new Promise((resolve) => setTimeout(resolve, leftMs(editor)));
      }
      return true;
    },
  };
}
