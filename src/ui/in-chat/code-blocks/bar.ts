import { openSurface, pressListener, THEME, watchControl } from '../../kit/index.ts';
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

function button(action: string, text: string, label?: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button plain';
  made.dataset['action'] = action;
  made.textContent = text;
  if (label !== undefined) made.setAttribute('aria-label', label);
  return made;
}

/** Bars by language: a page has hundreds, and a copy costs a fifth of drawing one with Preact. */
const patterns = new Map<string | null, HTMLElement>();

function patternOf(language: string | null): HTMLElement {
  const known = patterns.get(language);
  if (known !== undefined) return known;
  const bar = document.createElement('div');
  bar.className = 'bar';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', TEXTS.code.label);
  const name = document.createElement('span');
  name.className = 'quiet';
  name.textContent = language;
  bar.append(
    button('run-block', TEXTS.code.run, TEXTS.code.runLabel(language)),
    button('edit-block', TEXTS.code.edit),
    name,
  );
  patterns.set(language, bar);
  return bar;
}

/** What stands under a code block until it is run. */
export function createBar({ language, onRun, onEdit, onAim }: BarOptions): Bar {
  const { element, root } = openSurface(document, BAR_TAG, STYLES);
  const bar = patternOf(language).cloneNode(true) as HTMLElement;
  const [run, edit] = bar.querySelectorAll('button');
  for (const [control, onPress] of [
    [run, onRun],
    [edit, onEdit],
  ] as const) {
    watchControl(control ?? null);
    control?.addEventListener('click', pressListener(onPress));
  }
  bar.addEventListener('pointerenter', onAim);
  bar.addEventListener('focusin', onAim);
  root.append(bar);
  return { element, close: () => element.remove() };
}
