import type { Page } from 'puppeteer-core';
import { cardSelector, partsOf, pressInCard } from './browsers/index.ts';

type Act = (page: Page) => Promise<void>;

/** An element that a page adds to its body; `sheet` is a style sheet of the page, `tree` what is in its closed shadow tree. */
interface Layer {
  readonly tag?: 'div' | 'canvas';
  readonly css?: string;
  readonly html?: string;
  readonly tree?: string;
  readonly sheet?: string;
  readonly isInert?: boolean;
  readonly isPopover?: boolean;
}

/** Runs in the page. The element's id is `cover`. */
function addLayers(_: Element, layers: readonly Layer[]): void {
  for (const { tag = 'div', css = '', html = '', tree, sheet, isInert = false, isPopover = false } of layers) {
    const layer = document.createElement(tag);
    layer.id = 'cover';
    layer.style.cssText = css;
    layer.innerHTML = html;
    layer.inert = isInert;
    if (tree !== undefined) layer.attachShadow({ mode: 'closed' }).innerHTML = tree;
    if (layer instanceof HTMLCanvasElement) {
      layer.width = 2_000;
      layer.height = 2_000;
      layer.getContext('2d')?.fillRect(0, 0, 2_000, 2_000);
    }
    if (sheet !== undefined) document.head.appendChild(document.createElement('style')).textContent = sheet;
    document.body.append(layer);
    if (!isPopover) continue;
    layer.popover = 'manual';
    layer.showPopover();
  }
}

/** The page adds layers, in this order. */
export const lay =
  (...layers: readonly Layer[]): Act =>
  (page) =>
    page.$eval(cardSelector, addLayers, layers);

/** The page does something with the card's element or what it stands in. */
const act =
  (deed: (host: HTMLElement) => void): Act =>
  (page) =>
    page.$eval(cardSelector, deed as (host: Element) => void);

/** Over the whole page, and no click stays with it. */
const OVER = 'position:fixed;inset:0;pointer-events:none;z-index:99;';
const OVER_ALL = 'position:fixed;inset:0;background:white;pointer-events:none !important;z-index:2147483647';
/** A point of the page; what it paints besides reaches everywhere. */
const POINT = 'position:fixed;left:0;top:0;width:1px;height:1px;pointer-events:none;z-index:99;';
const LETTERS = 'font:1500px/1 monospace;white-space:nowrap;color:white;';

/** What a page can do so that a person presses a control of ours without seeing it. */
export const covers: Readonly<Record<string, Act>> = {
  'a picture lies over it that lets clicks through': lay({ css: OVER_ALL }),
  'what stands before an empty element lies over it': lay({ sheet: `#cover::before { content: ""; ${OVER_ALL} }` }),
  'what lies over it is of a closed shadow tree': lay({ tree: `<style>div { ${OVER_ALL} }</style><div></div>` }),
  'an element that spans the page has it in a closed shadow tree': lay({
    css: OVER,
    tree: '<div><div style="position:absolute;inset:0;background:white"></div></div>',
  }),
  'below an empty layer are letters that lie over it': lay(
    { css: `${OVER}z-index:100` },
    { css: `${OVER}inset:-400px 0 0 0;${LETTERS}`, html: '████' },
  ),
  'what lies over it is inert': lay({
    css: 'position:fixed;inset:0;background:white;z-index:2147483647',
    isInert: true,
  }),
  'a canvas moved there by a transform lies over it': lay({
    tag: 'canvas',
    css: 'position:fixed;left:-3000px;top:0;transform:translateX(3000px);pointer-events:none;z-index:99',
  }),
  'a drawing lies over it': lay({
    css: OVER,
    html: '<svg width="2000" height="2000"><path d="M0 0H2000V2000H0z" fill="white" style="pointer-events:none"/></svg>',
  }),
  'letters of a tiny element lie over it': lay({ css: `${POINT}top:-200px;${LETTERS}`, html: '████' }),
  'a popover lies over it': lay({
    css: 'position:fixed;inset:0;width:100%;height:100%;margin:0;border:0;background:white;pointer-events:none',
    isPopover: true,
  }),
  'the shadow of a box elsewhere lies over it': lay({ css: `${POINT}box-shadow:0 0 0 3000px white` }),
  'the outline of a box elsewhere lies over it': lay({ css: `${POINT}outline:3000px solid white` }),
  'the shadow of a filter lies over it': lay({
    css: `${POINT}left:-2000px;width:2000px;height:2000px;background:white;filter:drop-shadow(2000px 0 white)`,
  }),
  'what lies over it goes away as soon as it is pressed': act((host) => {
    const style = document.createElement('style');
    style.textContent =
      '#cover { position: fixed; inset: 0; background: white; pointer-events: none; z-index: 2147483647 } body:has(#host:active) #cover { display: none }';
    host.id = 'host';
    const cover = document.createElement('div');
    cover.id = 'cover';
    document.body.append(style, cover);
    for (const kind of ['pointerdown', 'mousedown', 'touchstart'])
      window.addEventListener(kind, () => cover.remove(), { capture: true });
  }),
  'what it stands in is transparent': act((host) => {
    if (host.parentElement) host.parentElement.style.opacity = '0.01';
  }),
  'what it stands in is filtered away': act((host) => {
    if (host.parentElement) host.parentElement.style.filter = 'opacity(0)';
  }),
  'what it stands in is cut to nothing that can be seen': act((host) => {
    if (host.parentElement) host.parentElement.style.clipPath = 'inset(0 0 0 0)';
  }),
  'what it stands in is tiny': act((host) => {
    if (host.parentElement) host.parentElement.style.transform = 'scale(0.2)';
  }),
};

/** What lies over a card on many a page and hides nothing of it: presses count as ever. */
export const noCovers: Readonly<Record<string, Act>> = {
  'an empty layer for notices spans the page': lay({
    css: OVER,
    html: '<ol style="position:absolute;inset:0;margin:0;padding:0"></ol>',
  }),
  'a layer spans the page that is transparent, invisible or not drawn': lay(
    ...['opacity:0', 'visibility:hidden', 'display:none'].map((look) => ({ css: `${OVER}background:white;${look}` })),
  ),
  'an inert side of the page has contents elsewhere': lay({
    css: 'position:fixed;left:-300px;top:0;width:200px;bottom:0;background:white;z-index:99',
    html: '<p>One</p><p>Two</p>',
    isInert: true,
  }),
  'boxes have the shadows and rings of a design': act((host) => {
    for (const look of [
      'box-shadow:0 25px 50px -12px rgba(0,0,0,.25)',
      'box-shadow:0 0 0 2px #08f,0 1px 2px 0 rgba(0,0,0,.05)',
      'outline:2px solid #08f;outline-offset:2px',
      'text-shadow:0 1px 2px #000',
      'filter:drop-shadow(0 4px 3px rgba(0,0,0,.07))',
      'box-shadow:inset 0 0 0 3000px white',
    ]) {
      const box = document.createElement('p');
      box.textContent = 'box';
      box.style.cssText = look;
      host.parentElement?.append(box);
    }
  }),
};

const MOST_TRIES = 3;

/** What was said of a press below a cover, and how many dialogs it opened; `open` brings a page with a card. */
export async function pressBelow(open: () => Promise<Page>, cover: Act): Promise<{ said: string; dialogs: number }> {
  for (let tries = 1; ; tries += 1) {
    const page = await open();
    await cover(page);
    const said = await pressInCard(page, 'describe').then(
      () => 'it counted',
      (reason: unknown) => String(reason),
    );
    const dialogs = (await partsOf(page, '[data-part="dialog"]')).length;
    // The page moved it at that very moment, of which alone the press was refused: that says nothing of the cover.
    if (dialogs > 0 || tries === MOST_TRIES || !said.endsWith('was refused: moved')) return { said, dialogs };
    await page.close();
  }
}
