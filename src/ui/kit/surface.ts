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

/** Documents without a window, by the document that has one: making one takes longer than all else of an element. */
const inertOf = new WeakMap<Document, Document>();
const sheets = new Map<string, CSSStyleSheet>();

/**
 * A document without a window: a class that the page registered for the name is not run before the root is closed, and such a
 * class never gets hold of a root that stood before it.
 */
function inertDocument(document: Document): Document {
  const inert = inertOf.get(document) ?? document.implementation.createHTMLDocument('');
  inertOf.set(document, inert);
  return inert;
}

/** One for all roots with the same styles: parsing them takes longer than all else of a small element. */
function sheetOf(css: string): CSSStyleSheet {
  const known = sheets.get(css);
  if (known !== undefined) return known;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  sheets.set(css, sheet);
  return sheet;
}

/**
 * Makes an element of ours with a closed shadow root and `css` as its only style; nothing of it reaches the page and
 * nothing of the page's styles comes in.
 */
export function openSurface(document: Document, tag: string, css: string): Surface {
  const element = inertDocument(document).createElement(tag);
  const root = element.attachShadow({ mode: 'closed' });
  document.adoptNode(element);
  roots.set(element, root);
  watchPointer(element, root);
  try {
    root.adoptedStyleSheets = [sheetOf(css)];
  } catch {
    // Firefox's content scripts may not adopt sheets made in their own realm: a style element does the same.
    const style = document.createElement('style');
    style.textContent = css;
    root.append(style);
  }
  return { element, root };
}
