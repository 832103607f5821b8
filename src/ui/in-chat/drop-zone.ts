import { openSurface, THEME } from '../kit/index.ts';
import css from './drop-zone.css?inline';
import { TEXTS } from '../texts.ts';

export const DROP_TAG = 'chatgpt-companion-drop';

const STYLES = THEME + css;

export interface DropZone {
  readonly element: HTMLElement;
  show(): void;
  hide(): void;
}

/** A place to drop private files that stands above the page's own overlay, which covers cards while a file is dragged. */
export function createDropZone(document: Document): DropZone {
  const { element, root } = openSurface(document, DROP_TAG, STYLES);
  element.setAttribute('popover', 'manual');
  const zone = document.createElement('div');
  zone.className = 'zone';
  zone.textContent = TEXTS.card.dropHere;
  root.append(zone);
  return {
    element,
    show() {
      if (element.isConnected) return;
      document.documentElement.append(element);
      element.showPopover();
    },
    hide: () => element.remove(),
  };
}
