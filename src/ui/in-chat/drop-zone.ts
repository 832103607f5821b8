import { openSurface, THEME } from '../kit/index.ts';
import { TEXTS } from '../texts.ts';

export const DROP_TAG = 'chatgpt-companion-drop';

const STYLES = `${THEME}
:host { position: fixed; inset: auto 16px 16px auto; margin: 0; padding: 0; border: 0; background: transparent; z-index: 2147483647; font: 600 14px/20px var(--sans); }
.zone { border: 2px dashed var(--accent); border-radius: 14px; background: var(--ground); color: var(--text); padding: 26px 30px; max-width: 320px; text-align: center; box-shadow: 0 8px 32px rgb(0 0 0 / .3); }
:host([data-dropping]) .zone { background: var(--accent-soft); }
`;

export interface DropZone {
  readonly element: HTMLElement;
  show(): void;
  hide(): void;
}

/** A place to drop private files that stands above the page's own overlay, which covers cards while a file is dragged. */
export function createDropZone(document: Document): DropZone {
  const element = document.createElement(DROP_TAG);
  element.setAttribute('popover', 'manual');
  const zone = document.createElement('div');
  zone.className = 'zone';
  zone.textContent = TEXTS.card.dropHere;
  openSurface(element, STYLES).append(zone);
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
