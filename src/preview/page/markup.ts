import { placeCandidates } from './candidates.ts';
import type { Files } from './files.ts';
import { LEFT_OUT } from './left-out.ts';
import type { Modules } from './modules.ts';
import { renameLocation } from './scripts.ts';

/** Elements whose address is a file of the server. */
export const FILE_ADDRESSES: readonly (readonly [selector: string, attribute: string])[] = [
  ['img[src],audio[src],video[src],source[src],track[src]', 'src'],
];
/** The same for those that ask by no rule but their document's. */
export const WHOLE_ADDRESSES: typeof FILE_ADDRESSES = [
  ['input[type=image][src]', 'src'],
  ['video[poster]', 'poster'],
  ['link[rel~=icon][href]', 'href'],
];
/** Elements that name several, of which the browser takes one. */
export const CANDIDATES = 'img[srcset],source[srcset]';
const MOST_READINGS = 5;
/** Realms of their own, and what asks for files ahead of need or by another way. */
const DROPPED =
  `${LEFT_OUT},[shadowrootmode],base,noscript,meta[http-equiv],` +
  'link[rel~=preload],link[rel~=modulepreload],link[rel~=prefetch],link[rel~=manifest]';

/** A page of the server made ready for this frame: every file it names is read and put in its place. */
export async function prepareMarkup(markup: string, address: string, files: Files, modules: Modules): Promise<string> {
  const page = new DOMParser().parseFromString(markup, 'text/html');
  const base = baseOf(page, address, files);
  for (const refresh of page.querySelectorAll('meta[http-equiv=refresh i]')) keepRefresh(page, refresh);
  drop(page);
  for (const element of page.querySelectorAll('[integrity],[crossorigin]')) {
    element.removeAttribute('integrity');
    element.removeAttribute('crossorigin');
  }
  for (const element of page.querySelectorAll('*')) prepareHandlers(element);
  const map = page.querySelector('script[type=importmap]');
  map?.remove();
  await Promise.all([
    ...FILE_ADDRESSES.flatMap(([selector, attribute]) =>
      [...page.querySelectorAll(selector)].map(async (element) =>
        putAddress(element, attribute, await files.place(element.getAttribute(attribute) ?? '', base)),
      ),
    ),
    ...WHOLE_ADDRESSES.flatMap(([selector, attribute]) =>
      [...page.querySelectorAll(selector)].map(async (element) =>
        putAttribute(element, attribute, await files.placeWhole(element.getAttribute(attribute) ?? '', base)),
      ),
    ),
    ...[...page.querySelectorAll(CANDIDATES)].map(async (element) =>
      putAddress(
        element,
        'srcset',
        await placeCandidates(element.getAttribute('srcset') ?? '', (named) => files.place(named, base)),
      ),
    ),
    ...[...page.querySelectorAll('link[rel~=stylesheet][href]')].map(async (link) =>
      putAddress(link, 'href', await files.placeSheet(link.getAttribute('href') ?? '', base)),
    ),
    ...[...page.querySelectorAll('style')].map(async (style) => {
      style.textContent = await files.sheet(style.textContent, base);
    }),
    ...[...page.querySelectorAll('[style*="url("]')].map(async (element) =>
      element.setAttribute('style', await files.sheet(element.getAttribute('style') ?? '', base)),
    ),
    ...[...page.querySelectorAll('script')].map((script) => prepareScript(script, base, files, modules)),
  ]);
  const imports = page.createElement('script');
  imports.type = 'importmap';
  // Written as it stands: nothing in it may end the element.
  imports.textContent = (await modules.map(map?.textContent ?? null, base)).replaceAll('<', String.raw`\u003c`);
  const at = page.createElement('base');
  at.href = base;
  const written = readAlike(page);
  written.head.prepend(at, imports);
  return textOf(written);
}

/** Takes out what opens a realm or asks past the policy, in templates too; what a browser without scripts would show goes as well. */
function drop(root: ParentNode): void {
  for (const element of root.querySelectorAll(DROPPED)) element.remove();
  for (const template of root.querySelectorAll('template')) drop(template.content);
}

/**
 * The page as the browser will read what is written of it. Markup can be made that reads otherwise when it is written and read
 * again: that is done until it does not, so that nothing comes up that was not looked at.
 */
function readAlike(page: Document): Document {
  let text = textOf(page);
  for (let turn = 0; turn < MOST_READINGS; turn += 1) {
    const read = new DOMParser().parseFromString(text, 'text/html');
    drop(read);
    const again = textOf(read);
    if (again === text) return read;
    text = again;
  }
  const none = document.implementation.createHTMLDocument();
  none.body.textContent = 'The markup of this page reads otherwise each time, and is not shown.';
  return none;
}

const textOf = ({ doctype, documentElement }: Document): string =>
  (doctype ? `<!doctype ${doctype.name}>` : '') + documentElement.outerHTML;

function baseOf(page: Document, address: string, files: Files): string {
  const named = page.querySelector('base[href]')?.getAttribute('href');
  return (named != null && files.own(named, address)?.href) || address;
}

function keepRefresh(page: Document, refresh: Element): void {
  const [, seconds, address] = /^\s*(\d+)\s*(?:[;,]\s*(?:url\s*=)?\s*['"]?([^'"]*))?/i.exec(
    refresh.getAttribute('content') ?? '',
  ) ?? [null, null, ''];
  if (seconds == null) return;
  page.documentElement.dataset['previewRefresh'] = `${seconds} ${address ?? ''}`;
}

/** The address of a blob: only who asks as for another origin gets it in Firefox. */
export function putAddress(element: Element, attribute: string, place: string | null): void {
  if (place === null) return;
  const asking = element.closest('audio,video') ?? element.closest('picture')?.querySelector('img');
  for (const each of [element, ...(asking ? [asking] : [])]) each.setAttribute('crossorigin', 'anonymous');
  element.setAttribute(attribute, place);
}

function putAttribute(element: Element, attribute: string, place: string | null): void {
  if (place !== null) element.setAttribute(attribute, place);
}

/** Whether the browser runs it as a classic script; others are data. */
const isScript = ({ type }: HTMLScriptElement): boolean =>
  type === '' || /^(text|application)\/(javascript|ecmascript)$/i.test(type);

function prepareHandlers(element: Element): void {
  for (const { name, value } of element.attributes)
    if (name.startsWith('on') && value.includes('location'))
      element.setAttribute(name, renameLocation(value, 'script'));
}

async function prepareScript(script: HTMLScriptElement, base: string, files: Files, modules: Modules): Promise<void> {
  const address = script.getAttribute('src');
  if (script.type !== 'module') {
    if (address !== null) putAddress(script, 'src', await files.placeScript(address, base));
    else if (isScript(script)) script.textContent = renameLocation(script.textContent, 'script');
    return;
  }
  if (address === null) {
    script.textContent = await modules.prepare(script.textContent, base);
    return;
  }
  const url = files.own(address, base);
  if (!url) return;
  await modules.load(url);
  script.removeAttribute('src');
  script.textContent = `import ${JSON.stringify(url.href)};`;
}
