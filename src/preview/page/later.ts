import { placeCandidates } from './candidates.ts';
import type { Files } from './files.ts';
import { CANDIDATES, FILE_ADDRESSES, putAddress, WHOLE_ADDRESSES } from './markup.ts';

type Place = (files: Files, address: string, base: string) => Promise<string | null>;

const place: Place = (files, address, base) => files.place(address, base);
const KINDS: readonly (readonly [selector: string, attribute: string, place: Place])[] = [
  ...FILE_ADDRESSES.map(([selector, attribute]) => [selector, attribute, place] as const),
  ...WHOLE_ADDRESSES.map(
    ([selector, attribute]) =>
      [selector, attribute, (files: Files, address: string, base: string) => files.placeWhole(address, base)] as const,
  ),
  [CANDIDATES, 'srcset', (files, named, base) => placeCandidates(named, (address) => files.place(address, base))],
  ['script[src]', 'src', (files, address, base) => files.placeScript(address, base)],
  ['link[rel~=stylesheet][href]', 'href', (files, address, base) => files.placeSheet(address, base)],
];

/** Puts files in their places that a script of the page names later. */
export function followAddresses(scope: Window & typeof globalThis, files: Files): void {
  const follow = async (element: Element): Promise<void> => {
    for (const [selector, attribute, placeOf] of KINDS) {
      if (!element.matches(selector)) continue;
      const named = element.getAttribute(attribute) ?? '';
      const found = await placeOf(files, named, scope.document.baseURI);
      if (found !== null && element.getAttribute(attribute) === named) putAgain(element, attribute, found);
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') void follow(target as Element);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        for (const element of [node, ...node.querySelectorAll('[src],[href],[poster],[srcset]')]) void follow(element);
      }
    }
  });
  const attributeFilter = ['src', 'href', 'poster', 'srcset'];
  observer.observe(scope.document, { childList: true, subtree: true, attributes: true, attributeFilter });
}

/** A script that was refused once is not tried again: a copy is. */
function putAgain(element: Element, attribute: string, found: string): void {
  if (!(element instanceof HTMLScriptElement)) return putAddress(element, attribute, found);
  const copy = element.ownerDocument.createElement('script');
  for (const { name, value } of element.attributes) copy.setAttribute(name, value);
  putAddress(copy, attribute, found);
  copy.onload = () => element.dispatchEvent(new Event('load'));
  copy.onerror = () => element.dispatchEvent(new Event('error'));
  copy.async = false;
  element.after(copy);
}
