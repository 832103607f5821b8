import { type Signal, signal } from '@preact/signals';
import { onAbort } from '../../base/index.ts';
import { drawSurface, isTrustedPress, openSurface, THEME, watchControl } from '../kit/index.ts';
import css from './toggle.css?inline';
import { COMMON_TEXTS, TEXTS } from '../texts.ts';

export const TOGGLE_TAG = 'chatgpt-companion-toggle';

const STYLES = THEME + css;

interface ToggleOptions {
  readonly isOn: Signal<boolean>;
  readonly onToggle: (isOn: boolean) => void;
  /** The person wants to add private files, perhaps before any card is there. */
  readonly onAddFiles: () => void;
  /** What became of that, in words. */
  readonly note: Signal<string>;
  readonly signal: AbortSignal;
}

const STEP_PX = 16;
const NARROW_PX = 600;
const EDGE_PX = 4;

/** Height above the lower edge, in CSS pixels; the switch stays at its side so that it never covers the text. */
function clampBottom(bottomPx: number): number {
  return Math.min(Math.max(EDGE_PX, bottomPx), Math.max(EDGE_PX, innerHeight - 48));
}

/** The floating switch between here and there; movable up and down by dragging or arrow keys, and collapsible. */
export function createToggle({ isOn, onToggle, onAddFiles, note, signal: ended }: ToggleOptions): HTMLElement {
  const surface = openSurface(document, TOGGLE_TAG, STYLES);
  const { element } = surface;
  // A phone has no room beside the composer for more than the dot.
  const isSmall = signal(innerWidth < NARROW_PX);
  let bottomPx = 5;
  const moveTo = (px: number) => {
    bottomPx = clampBottom(px);
    element.style.setProperty('--at-y', `${bottomPx}px`);
  };
  let drag: { readonly fromY: number; readonly fromBottom: number; hasMoved: boolean } | null = null;
  const View = () => {
    const on = isOn.value;
    return (
      <div
        class={`pill ${on ? 'local' : 'remote'}`}
        role="group"
        aria-label={TEXTS.toggle.label}
        onPointerDown={(event) => {
          drag = { fromY: event.clientY, fromBottom: bottomPx, hasMoved: false };
        }}
        onPointerMove={(event) => {
          if (event.buttons === 0) drag = null;
          if (drag === null) return;
          const moved = drag.fromY - event.clientY;
          if (!drag.hasMoved && Math.abs(moved) < 5) return;
          if (!drag.hasMoved) event.currentTarget.setPointerCapture(event.pointerId);
          drag.hasMoved = true;
          moveTo(drag.fromBottom + moved);
        }}
        onClickCapture={(event) => {
          // The release at the end of a drag presses nothing, whatever it began on.
          if (drag?.hasMoved) event.stopPropagation();
          drag = null;
        }}
        onKeyDown={(event) => {
          drag = null;
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.stopPropagation();
          moveTo(bottomPx + (event.key === 'ArrowUp' ? STEP_PX : -STEP_PX));
        }}
      >
        <button
          type="button"
          ref={watchControl}
          role="switch"
          aria-checked={on}
          data-action="toggle"
          aria-label={`${COMMON_TEXTS.product}: ${on ? TEXTS.toggle.local : TEXTS.toggle.remote}`}
          title={on ? TEXTS.toggle.localHint : TEXTS.toggle.remoteHint}
          onClick={(event) => {
            if (isTrustedPress(event)) onToggle(!on);
          }}
        >
          <span class="dot" aria-hidden="true" />
          {isSmall.value ? null : <span data-part="toggle-text">{on ? TEXTS.toggle.local : TEXTS.toggle.remote}</span>}
        </button>
        {isSmall.value || !on ? null : (
          <button
            type="button"
            ref={watchControl}
            data-action="add-private-files"
            aria-label={TEXTS.toggle.addFiles}
            title={TEXTS.toggle.addFiles}
            onClick={(event) => {
              if (isTrustedPress(event)) onAddFiles();
            }}
          >
            +
          </button>
        )}
        <span data-part="note" role="status">
          {note.value}
        </span>
        <button
          type="button"
          class="fold"
          data-action="fold"
          aria-expanded={!isSmall.value}
          aria-label={isSmall.value ? TEXTS.toggle.expand : TEXTS.toggle.collapse}
          ref={watchControl}
          onClick={(event) => {
            if (!isTrustedPress(event)) return;
            note.value = '';
            isSmall.value = !isSmall.value;
          }}
        >
          {isSmall.value ? '‹' : '›'}
        </button>
      </div>
    );
  };
  onAbort(ended, drawSurface(surface, <View />));
  return element;
}
