/** A key in the composer less than this long ago means that the person is typing. */
const TYPING_MS = 1_200;

export interface TypingWatch {
  /** Whether the person typed in `editor` a moment ago. */
  isTyping(editor: Element): boolean;
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
  return { isTyping: (editor) => performance.now() - (lastKeys.get(editor) ?? Number.NEGATIVE_INFINITY) < TYPING_MS };
}
