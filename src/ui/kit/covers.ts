import { isSurface } from './surface.ts';
import type { CoverCheck } from './trusted-press.ts';

/** Between the points that are asked, in pixels: a cover that hides a word is larger. */
const STEP = 8;
/** How far (px) a shadow or an outline may reach beyond its box and count as decoration: one that hides, and one that tints. */
const REACH = { solid: 16, faint: 100 } as const;
/** A shadow that lets through more than half of what it falls on is faint. */
const SOLID_ALPHA = 0.5;
/** Thicker borders (px) hide what is below them. */
const THICK = 8;
const SPARE_NAMES = 4;
/** What the attribute says of an element that takes no part: nothing of it is seen at a point that was asked. */
const OUT = 'out';
/** Elements that are drawn without any style of theirs; of SVG those that hold others are not. */
const PICTURES = /^(?:img|canvas|video|iframe|embed|object|input|textarea|select|button|progress|meter|hr)$/i;
const SVG_HOLDERS = /^(?:svg|g|defs)$/;

const isClear = (color: string): boolean => color === 'transparent' || /[,/] ?0\)$/.test(color);
const px = (length: string | undefined): number => Math.abs(Number.parseFloat(length ?? '') || 0);

/** How a shadow of `value` (computed `box-shadow`, `text-shadow` or `filter`) hides what is beside its box. */
function isFarShadow(value: string): boolean {
  // The colour stands before the lengths: "rgba(0, 0, 0, 0.1) 0px 10px 15px -3px".
  for (const [, color = '', lengths = ''] of value.matchAll(/\(([^()]*)\)([^,()]*)/g)) {
    if (lengths.includes('inset')) continue;
    const parts = color.split(/[,/]/);
    const alpha = parts.length % 2 === 0 ? Number(parts.at(-1)) : 1;
    const [x, y, blur, spread] = lengths.trim().split(' ');
    const reach = Math.max(px(x), px(y)) + px(blur) / 2 + px(spread);
    if (reach >= (alpha < SOLID_ALPHA ? REACH.faint : REACH.solid)) return true;
  }
  return false;
}

/** Whether it paints beyond its box, where no hit test finds it. */
function isFarPainted(style: CSSStyleDeclaration): boolean {
  const shadows = `${style.boxShadow},${style.textShadow},${style.filter}`;
  return (
    (shadows.includes('(') && (isFarShadow(shadows) || shadows.includes('url('))) ||
    (style.outlineStyle !== 'none' && px(style.outlineWidth) + px(style.outlineOffset) >= REACH.solid) ||
    (style.borderImageSource !== 'none' &&
      style.borderImageOutset.split(' ').some((outset) => px(outset) >= REACH.solid))
  );
}

const isDrawn = (style: CSSStyleDeclaration): boolean =>
  !isClear(style.backgroundColor) ||
  style.backgroundImage !== 'none' ||
  style.backdropFilter !== 'none' ||
  style.boxShadow.includes('inset') ||
  [style.borderTopWidth, style.borderRightWidth, style.borderBottomWidth, style.borderLeftWidth].some(
    (width) => px(width) > THICK,
  );

const isIn = ({ left, top, right, bottom }: DOMRect, x: number, y: number): boolean =>
  x >= left && x <= right && y >= top && y <= bottom;

const besides = (element: Element): readonly CSSStyleDeclaration[] =>
  ['::before', '::after']
    .map((pseudo) => getComputedStyle(element, pseudo))
    .filter(({ content }) => content !== 'none' && content !== 'normal');

const isVisible = (element: Element): boolean =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

/** Whether its own box shows anything; many span the page and are empty. */
const hasLook = (element: Element): boolean =>
  (element.namespaceURI?.endsWith('svg') ? !SVG_HOLDERS.test(element.localName) : PICTURES.test(element.localName)) ||
  isDrawn(getComputedStyle(element));

/** Whether what stands before and after its contents shows anything. */
const hasBesides = (element: Element): boolean =>
  besides(element).some((style) => isDrawn(style) || style.content !== '""');

/** Where its own text is. */
function textBoxes(element: Element): readonly DOMRect[] {
  const range = document.createRange();
  return [...element.childNodes].flatMap((node) => {
    if (node.nodeType !== Node.TEXT_NODE) return [];
    range.selectNode(node);
    return [...range.getClientRects()];
  });
}

/** Whether an element that a hit test found at a point shows anything there. */
const isPainted = (element: Element, x: number, y: number): boolean =>
  isVisible(element) &&
  // Found beside its own box: by its text, its marker or what stands before and after it.
  (!isIn(element.getBoundingClientRect(), x, y) ||
    hasLook(element) ||
    hasBesides(element) ||
    textBoxes(element).some((box) => isIn(box, x, y)));

type Page = Element & { readonly openOrClosedShadowRoot?: ShadowRoot | null };

/** The shadow tree of an element of the page; none for ours. */
const treeOf = (element: Page): ShadowRoot | null | undefined =>
  isSurface(element) ? null : element.openOrClosedShadowRoot;

/** What is hit at a point, in whichever tree it is. */
function hitAt(x: number, y: number): Element | null {
  for (let hit = document.elementFromPoint(x, y); ; ) {
    const inner = hit && treeOf(hit)?.elementFromPoint(x, y);
    if (!inner || inner === hit) return hit;
    hit = inner;
  }
}

/** Whether nothing is seen over the host at a point. `mark` says whether an element takes part in hit tests. */
function isFreeAt(host: Element, x: number, y: number, mark: (element: Element, isOut: boolean) => void): boolean {
  const clear: Element[] = [];
  let hit = hitAt(x, y);
  // Not by `elementsFromPoint`, which says nothing of text in Firefox.
  for (; hit !== host; hit = hitAt(x, y)) {
    if (hit === null || hit === document.documentElement || isPainted(hit, x, y)) break;
    mark(hit, true);
    clear.push(hit);
  }
  for (const element of clear) mark(element, false);
  return hit === host;
}

function isFree(host: Element, control: Element, mark: (element: Element, isOut: boolean) => void): boolean {
  const { left, top, right, bottom } = control.getBoundingClientRect();
  for (let y = Math.max(top, 0) + 2; y < Math.min(bottom, innerHeight); y += STEP)
    for (let x = Math.max(left, 0) + 2; x < Math.min(right, innerWidth); x += STEP)
      if (!isFreeAt(host, x, y, mark)) return false;
  return true;
}

const overlap = (one: DOMRect, other: DOMRect): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** For what takes no part in hit tests: whether it shows anything within a box. */
const isAsideOver = (element: Element, box: DOMRect): boolean =>
  isVisible(element) &&
  ((hasLook(element) && [...element.getClientRects()].some((own) => overlap(own, box))) ||
    textBoxes(element).some((own) => overlap(own, box)));

/** An element and all in it, in its shadow trees too. */
function* within(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* within(child);
  for (const child of treeOf(element)?.children ?? []) yield* within(child);
}

const isBackdropDrawn = (element: Element): boolean => isDrawn(getComputedStyle(element, '::backdrop'));

/** While a dialog of ours is modal, all else is out of hit tests; over it lies only what is in the top layer too. */
const isOverDialog = (root: Element, box: DOMRect): boolean =>
  isBackdropDrawn(root) ||
  [...within(root)].some((element) => isAsideOver(element, box) || (isVisible(element) && hasBesides(element)));

/** The page's document and all shadow trees in it but ours, closed ones too. */
function treesOf(): readonly ParentNode[] {
  const trees: ParentNode[] = [document];
  for (const tree of trees)
    for (const element of tree.querySelectorAll('*')) {
      const root = treeOf(element);
      if (root) trees.push(root);
    }
  return trees;
}

const isFar = (element: Element): boolean =>
  [getComputedStyle(element), ...besides(element)].some(isFarPainted) && element.checkVisibility();

function isCovered(host: Element, control: Element, name: string): boolean {
  const trees = treesOf();
  const found = (selector: string): Element[] => trees.flatMap((tree) => [...tree.querySelectorAll(selector)]);
  if (found('*').some((element) => !isSurface(element) && isFar(element))) return true;
  const box = control.getBoundingClientRect();
  const inert = found('[inert]').filter((element) => !element.contains(host));
  if (inert.some((root) => [...within(root)].some((element) => isAsideOver(element, box)))) return true;
  const isModal = control.closest(':modal') !== null;
  if (isModal && found(':popover-open,:modal,:fullscreen').some((root) => isOverDialog(root, box))) return true;
  const marked = new Set<Element>();
  const mark = (element: Element, isOut = false): void => {
    marked.add(element);
    element.setAttribute(name, isOut ? OUT : '');
  };
  // Nothing of the page runs and nothing is painted before all is as it was.
  const values = inert.map((element) => element.getAttribute('inert') ?? '');
  for (const element of inert) element.removeAttribute('inert');
  mark(document.documentElement);
  for (const tree of trees.slice(1)) for (const element of tree.querySelectorAll('*')) mark(element);
  const isSeen = isFree(host, control, mark);
  for (const element of marked) element.removeAttribute(name);
  for (const [at, element] of inert.entries()) element.setAttribute('inert', values[at] ?? '');
  return !isSeen;
}

/**
 * Finds what lies over our controls, as Firefox does not say it (decision 0121): for the moment of a hit test a style of the
 * user's kind, which no style of the page outdoes, has everything take part that lets clicks through. `raise` adds that style,
 * in force where `<html>` has an attribute of one of the names. Each name serves once, so that no style of the page knows it.
 * While there is no name, everything counts as covered.
 */
export function openCoverCheck(raise: (names: readonly string[]) => Promise<boolean>): CoverCheck {
  const names: string[] = [];
  let isAsking = false;
  const refill = async (): Promise<void> => {
    if (isAsking || names.length >= SPARE_NAMES) return;
    isAsking = true;
    const fresh = Array.from({ length: SPARE_NAMES }, () => `c-${crypto.randomUUID()}`);
    if (await raise(fresh)) names.push(...fresh);
    isAsking = false;
  };
  void refill();
  return (host, control) => {
    const name = names.pop();
    void refill();
    return name === undefined || isCovered(host, control, name);
  };
}
