import { Button, drawSurface, openSurface, THEME } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import css from './bar.css?inline';

export const BAR_TAG = 'chatgpt-companion-run';

const STYLES = THEME + css;

interface BarOptions {
  /** What the language is called; null where the fence did not say. */
  readonly language: string | null;
  readonly onRun: () => void;
  readonly onEdit: () => void;
  /** Pointer or focus are near: a press may follow. */
  readonly onAim: () => void;
}

export interface Bar {
  readonly element: HTMLElement;
  close(): void;
}

/** What stands under a code block until it is run. */
export function createBar({ language, onRun, onEdit, onAim }: BarOptions): Bar {
  const surface = openSurface(document, BAR_TAG, STYLES);
  const close = drawSurface(
    surface,
    <div class="bar" role="group" aria-label={TEXTS.code.label} onPointerEnter={onAim} onFocusIn={onAim}>
      <Button action="run-block" onPress={onRun} label={TEXTS.code.runLabel(language)}>
        {TEXTS.code.run}
      </Button>
      <Button action="edit-block" onPress={onEdit}>
        {TEXTS.code.edit}
      </Button>
      <span class="quiet">{language ?? ''}</span>
    </div>,
  );
  return { element: surface.element, close };
}
