import { COMMON_TEXTS } from '../texts.ts';

const TAGS = new Set(
  'p div span b i em strong u s small sub sup code pre br hr ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table caption thead tbody tfoot tr th td blockquote'.split(
    ' ',
  ),
);
const DROPPED = new Set([
  'script',
  'style',
  'template',
  'iframe',
  'object',
  'embed',
  'noscript',
  'svg',
  'math',
  'head',
]);
const STYLES = ['color', 'background-color', 'font-weight', 'font-style', 'text-align', 'text-decoration'] as const;
const SPANS = ['colspan', 'rowspan'] as const;
/** More nodes than this are left out: a card is no place for a whole document. */
const MOST_NODES = 20_000;

/** The element anew, with spans and a few looks of its own and nothing else. */
function bareCopy(element: HTMLElement): HTMLElement {
  const copy = document.createElement(element.localName);
  for (const name of SPANS) {
    const span = Number(element.getAttribute(name));
    if (Number.isInteger(span) && span > 1 && span <= 1000) copy.setAttribute(name, String(span));
  }
  for (const name of STYLES) {
    const value = element.style.getPropertyValue(name);
    if (value !== '' && !/url|image|var|expression/i.test(value)) copy.style.setProperty(name, value);
  }
  return copy;
}

function copyElement(element: HTMLElement, to: Node, budget: { left: number }): void {
  if (DROPPED.has(element.localName)) return;
  if (!TAGS.has(element.localName)) return copyChildren(element, to, budget);
  copyChildren(element, to.appendChild(bareCopy(element)), budget);
}

function copyChildren(from: Node, to: Node, budget: { left: number }): void {
  for (const child of from.childNodes) {
    if (budget.left <= 0) return;
    budget.left -= 1;
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.textContent ?? ''));
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(child as HTMLElement, to, budget);
  }
}

/**
 * Shows HTML that a program wrote: the few tags above are made anew, without addresses, scripts, handlers or links.
 * Beyond `MOST_NODES` it ends with a sentence that says so. Null where the page's policy forbids even parsing text as HTML;
 * show the plain form then.
 */
export function renderSafeHtml(html: string): DocumentFragment | null {
  try {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    const fragment = document.createDocumentFragment();
    const budget = { left: MOST_NODES };
    copyChildren(parsed.body, fragment, budget);
    if (budget.left <= 0) fragment.append(COMMON_TEXTS.restLeftOut);
    return fragment;
  } catch {
    // Trusted types of the page reach this far in some browsers; the plain text form loses only looks.
    return null;
  }
}
