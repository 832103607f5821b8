import { TERMINAL_TEXTS } from './texts.ts';
import type { Pane } from './pane.ts';

const T = TERMINAL_TEXTS;
const KEYS = ['escape', 'tab', 'left', 'up', 'down', 'right'] as const;

/** Keys that a phone's keyboard lacks; shown where a finger points. They leave the focus, and so the keyboard, where it is. */
export function KeyRow({ pane }: { readonly pane: Pane }) {
  const isHeld = pane.isControlHeld.value;
  return (
    <div
      class="keys"
      role="toolbar"
      aria-label={T.keys}
      data-part="keys"
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
    >
      <button
        type="button"
        class="button plain"
        data-key="control"
        aria-pressed={isHeld}
        onClick={() => (pane.isControlHeld.value = !isHeld)}
      >
        {T.key.control}
      </button>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          class="button plain"
          data-key={key}
          aria-label={key === 'escape' || key === 'tab' ? undefined : T.keyLabel[key]}
          onClick={() => pane.press(key)}
        >
          {T.key[key]}
        </button>
      ))}
    </div>
  );
}
