import { watchPointer } from './trusted-press.ts';

const roots = new WeakMap<EventTarget, ShadowRoot>();

export interface Surface {
  readonly element: HTMLElement;
  /** Nobody but the maker has it: scripts of the page can neither read what it shows nor touch its parts. */
  readonly root: ShadowRoot;
}

/** The root of an element of ours; undefined for every other. For the kit only. */
export const rootOf = (element: EventTarget): ShadowRoot | undefined => roots.get(element);

/** Whether it is an element of ours; one that the page made under such a name is not. */
export const isSurface = (target: EventTarget): target is HTMLElement => roots.has(target);

/**
 * Makes an element of ours with a closed shadow root and `css` as its only style; nothing of it reaches the page and
 * nothing of the page's styles comes in.
 */
export function openSurface(document: Document, tag: string, css: string): Surface {
  // Made in a document without a window: a class that the page registered for the name is not run before the root is
  // closed, and such a class never gets hold of a root that stood before it.
  const element = document.implementation.createHTMLDocument('').createElement(tag);
  const root = element.attachShadow({ mode: 'closed' });
  document.adoptNode(element);
  roots.set(element, root);
  watchPointer(element, root);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Firefox's content scripts may not adopt sheets made in their own realm: a style element does the same.
    const style = document.createElement('style');
    style.textContent = css;
    root.append(style);
  }
  return { element, root };
}
