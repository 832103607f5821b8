import type { Files } from './files.ts';
import { FILE_ADDRESSES } from './markup.ts';

const KINDS: readonly (readonly [string, string])[] = [
  ...FILE_ADDRESSES,
  ['script[src]', 'src'],
  ['link[rel~=stylesheet][href]', 'href'],
];

/** Puts files in their places that a script of the page names later. */
export function followAddresses(scope: Window & typeof globalThis, files: Files): void {
  const place = async (element: Element): Promise<void> => {
    for (const [selector, attribute] of KINDS) {
      if (!element.matches(selector)) continue;
      const named = element.getAttribute(attribute) ?? '';
      const isSheet = attribute === 'href' && element.matches('[rel~=stylesheet]');
      const { baseURI } = scope.document;
      const found = await (isSheet ? files.placeSheet(named, baseURI) : files.place(named, baseURI));
      if (found !== null && element.getAttribute(attribute) === named) putAgain(element, attribute, found);
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') void place(target as Element);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        for (const element of [node, ...node.querySelectorAll('[src],[href],[poster]')]) void place(element);
      }
    }
  });
  const attributeFilter = ['src', 'href', 'poster'];
  observer.observe(scope.document, { childList: true, subtree: true, attributes: true, attributeFilter });
}

/** A script that was refused once is not tried again: a copy is. */
function putAgain(element: Element, attribute: string, place: string): void {
  if (!(element instanceof HTMLScriptElement)) return element.setAttribute(attribute, place);
  const copy = element.ownerDocument.createElement('script');
  for (const { name, value } of element.attributes) copy.setAttribute(name, value);
  copy.setAttribute(attribute, place);
  copy.onload = () => element.dispatchEvent(new Event('load'));
  copy.onerror = () => element.dispatchEvent(new Event('error'));
  copy.async = false;
  element.after(copy);
}
