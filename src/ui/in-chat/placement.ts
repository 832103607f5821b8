import { onAbort } from '../../base/index.ts';
import { findDesign, type PageDesign } from './landmarks/index.ts';
import { isOurDoing, OUR_TAGS } from './our-doing.ts';

/** Something of ours that belongs to a turn of the page. */
export interface Placeable {
  readonly element: HTMLElement;
  /** Ids by which its turn may be known, best first; asked anew each time, for more become known while a turn runs. */
  turnIds(): readonly string[];
  /** True while its turn is the one being written: it may then stand at the last turn of the page. */
  isLive(): boolean;
  /** Nothing on the wire names its turn: it stays at the one that was last when it came. */
  readonly isPinned?: boolean;
  /** Position among those of the same turn. */
  readonly order: number;
}

export interface Placement {
  add(item: Placeable): void;
  remove(item: Placeable): void;
  /** Looks again soon; for when more about a turn is known. */
  request(): void;
  /** Called at each look, so that one observer and one pace serve everything of ours on the page. */
  onLook(listener: (design: PageDesign, page: Element) => void): void;
  design(): PageDesign | null;
}

/** A page that streams changes hundreds of times a second; looking this often is enough to seem immediate. */
const LOOK_EVERY_MS = 80;
/** Ids by which the turn of a pinned element is remembered. */
const MOST_PINNED = 40;

/** Turns on screen by every id they bear; made once for each look, so that the cost does not grow with our own elements. */
function turnsById(design: PageDesign, page: Element): { byId: Map<string, Element>; all: readonly Element[] } {
  const byId = new Map<string, Element>();
  const all = design.turnsOf(page);
  for (const turn of all) {
    for (const id of design.idsOf(turn)) {
      const known = byId.get(id);
      if (known === undefined || (!design.isAnswer(known) && design.isAnswer(turn))) byId.set(id, turn);
    }
  }
  return { byId, all };
}

/** Where question and answer are turns of their own, the answer to a known question is the next turn. */
function answerAfter(design: PageDesign, all: readonly Element[], question: Element): Element {
  const next = all[all.indexOf(question) + 1];
  return next !== undefined && design.isAnswer(next) ? next : question;
}

/** The turn that bears one of the ids; an answer before any question. */
function turnOf(design: PageDesign, turns: ReturnType<typeof turnsById>, ids: readonly string[]): Element | undefined {
  const found = ids.map((id) => turns.byId.get(id)).filter((turn) => turn !== undefined);
  const [first] = found;
  return (
    found.find((candidate) => design.isAnswer(candidate)) ??
    (first === undefined ? undefined : answerAfter(design, turns.all, first))
  );
}

/** Ours stand last in a turn: what the page adds to it later, such as the answer itself, belongs before them. */
function isPlacedIn(slot: Element, item: Placeable): boolean {
  if (item.element.parentElement !== slot) return false;
  for (let next = item.element.nextElementSibling; next !== null; next = next.nextElementSibling) {
    if (!next.localName.startsWith(OUR_TAGS)) return false;
  }
  return true;
}

function putInOrder(slot: Element, item: Placeable, placed: ReadonlySet<Placeable>): void {
  let before: Element | null = null;
  for (const other of placed) {
    if (other === item || other.element.parentElement !== slot || other.order < item.order) continue;
    if (before === null || other.element.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING)
      before = other.element;
  }
  slot.insertBefore(item.element, before);
}

/**
 * Keeps each element at its turn: puts it there once, again after the page replaced the turn, and takes it out of
 * sight while the turn is not mounted. One observer for all, however long the conversation is.
 */
export function createPlacement(document: Document, options: { readonly signal: AbortSignal }): Placement {
  const items = new Set<Placeable>();
  const listeners: ((design: PageDesign, page: Element) => void)[] = [];
  const isIdle = () => items.size === 0 && listeners.length === 0;
  const pins = new Map<Placeable, readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastLookMs = Number.NEGATIVE_INFINITY;
  let lastReturnMs = Number.NEGATIVE_INFINITY;
  /** Those that were put somewhere and not taken out by us. */
  const placed = new Set<Placeable>();
  let design: PageDesign | null = null;

  /** The page may give a turn other ids while it is written: any that it ever had will do. */
  const pin = (item: Placeable, ids: readonly string[]) => pins.set(item, [...new Set(ids)].slice(0, MOST_PINNED));

  const place = (item: Placeable, turns: ReturnType<typeof turnsById>) => {
    if (design === null) return;
    const shown = design;
    const pinned = pins.get(item);
    const ids = [...item.turnIds(), ...(pinned ?? [])];
    const last = pinned === undefined && item.isLive() ? turns.all.at(-1) : undefined;
    const turn = turnOf(shown, turns, ids) ?? last;
    if (turn === undefined) {
      placed.delete(item);
      item.element.remove();
      return;
    }
    placed.add(item);
    if (item.isPinned) pin(item, [...shown.idsOf(turn), ...ids]);
    const slot = shown.slotOf(turn);
    // Moving an element loses its focus and scroll position: what stands right, or is in use, is left alone.
    if (isPlacedIn(slot, item) || (item.element.isConnected && item.element.matches(':focus-within'))) return;
    putInOrder(slot, item, items);
  };

  const placeAll = (shown: PageDesign, page: Element) => {
    if (items.size === 0) return;
    const turns = turnsById(shown, page);
    for (const item of items) place(item, turns);
  };

  const look = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    lastLookMs = performance.now();
    if (options.signal.aborted || isIdle()) return;
    design = findDesign(document);
    const page = design?.pageOf(document) ?? null;
    if (design === null || page === null) return;
    try {
      for (const listener of listeners) listener(design, page);
    } finally {
      placeAll(design, page);
    }
  };

  /**
   * The page replaced a turn: what stood there is put back before the page is drawn, so that nobody sees it gone. Not more often
   * than any other look, as a page may take it out each time.
   */
  const isTakenOut = (nowMs: number) =>
    nowMs >= lastReturnMs + LOOK_EVERY_MS && [...placed].some(({ element }) => !element.isConnected);

  const request = () => {
    if (options.signal.aborted || isIdle()) return;
    const nowMs = performance.now();
    if (isTakenOut(nowMs)) {
      lastReturnMs = nowMs;
      look();
      return;
    }
    if (timer !== null) return;
    const wait = lastLookMs + LOOK_EVERY_MS - nowMs;
    if (wait <= 0) look();
    else timer = setTimeout(look, wait);
  };

  const observer = new MutationObserver((records) => {
    if (!records.every(isOurDoing)) request();
  });
  observer.observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: [
      'data-message-id',
      'data-turn-key',
      'data-chatgpt-search-message-ids',
      'data-chatgpt-selection-message-id',
      'data-turn-id',
      'data-message-author-role',
      'data-chatgpt-search-unit-key',
      'data-content-search-unit-key',
      'data-app-shell-active-page',
    ],
  });
  onAbort(options.signal, () => {
    observer.disconnect();
    if (timer !== null) clearTimeout(timer);
    for (const item of items) item.element.remove();
    items.clear();
    placed.clear();
  });

  return {
    add(item) {
      items.add(item);
      look();
    },
    remove(item) {
      items.delete(item);
      placed.delete(item);
      pins.delete(item);
      item.element.remove();
    },
    request,
    onLook: (listener) => void listeners.push(listener),
    design: () => design ?? findDesign(document),
  };
}
