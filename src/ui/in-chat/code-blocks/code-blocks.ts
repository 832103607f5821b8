import { LANGUAGE_NAMES } from '../../../contracts/languages.ts';
import { focusCard } from '../../kit/index.ts';
import type { BlockOwner, PageDesign } from '../landmarks/index.ts';
import type { ThemeWatch } from '../theme-watch.ts';
import { type Answer, type AnswerBlock, createAnswerBlocks } from './answer-blocks.ts';
import { type Bar, createBar } from './bar.tsx';
import type { KnownText } from './message-texts.ts';
import { isPlacedAt, placeAt } from './place-at.ts';
import { languageOfLabel } from './read-block.ts';

/** Where a block stands. */
export interface BlockPlace {
  readonly messageId: string;
  /** Counts the blocks of the message from 0. */
  readonly index: number;
}

/** A block that a person wants to run or edit. */
export interface WantedBlock extends BlockPlace {
  readonly code: string;
  readonly label: string | null;
  /** False where the page shows a part only and the rest is not known. */
  readonly isWhole: boolean;
}

/** The card of a block that was run or edited. */
export interface BlockCard {
  readonly element: HTMLElement;
  /** Runs, or a person is at it. */
  isInUse(): boolean;
  /** Takes it from the page; nothing holds on to its run any more. What runs goes on. */
  close(): void;
}

interface CodeBlocksOptions {
  readonly theme: ThemeWatch;
  readonly isOn: () => boolean;
  /** The text of a message as the wire brought it; null where it was not seen. */
  readonly messageText: (messageId: string) => KnownText | null;
  /** Makes the card of a block that runs it, or opens its code for editing. */
  readonly openCard: (block: WantedBlock, how: 'run' | 'edit') => BlockCard;
  /** Looks for an earlier run of a block; answers what makes the card that shows it, or null where there is none. */
  readonly findEarlier: (place: BlockPlace) => Promise<((block: WantedBlock) => BlockCard) | null>;
  /** A person may run a block of this label next. */
  readonly aimAt: (label: string | null) => void;
  /** Something changes soon that is worth another look. */
  readonly lookAgain: () => void;
}

export interface CodeBlocks {
  /** Gives each program on screen its bar or its card, once. */
  look(design: PageDesign, page: Element): void;
  /** While switched off, blocks have no bars; cards with a run stay. */
  show(isOn: boolean): void;
  close(): void;
}

/** A block that is being written changes more often than this. */
const STEADY_MS = 400;
/** The site's thread is held little longer at a time. */
const MOST_HELD_MS = 5;
/**
 * Cards of blocks are kept, since the page unmounts and mounts turns as one scrolls. The oldest beyond this that is not
 * in use is let go of; its block has a Run button again.
 */
const MOST_CARDS = 100;
/** Blocks whose earlier run was asked for, each once; beyond these it is forgotten who they were. */
const MOST_ASKED = 5_000;

interface Seen {
  utf16: number;
  sinceMs: number;
  bar: Bar | null;
  /** What it was read as; null until it has stood for a moment. */
  read: AnswerBlock | null;
  /** What the wire had of its answer then. */
  version: string;
}

/** A block in its answer. */
interface Here extends BlockPlace {
  readonly key: string;
  readonly block: Element;
  readonly answer: Answer;
}

/** The blocks of each answer on a page, those of the last answer last. */
function answersOn(design: PageDesign, page: Element): readonly Here[][] {
  const answers = new Map<string, { owner: BlockOwner; blocks: Element[] }>();
  for (const block of design.codeBlocksOf(page)) {
    const owner = design.ownerOf(block);
    if (owner === null) continue;
    const answer = answers.get(owner.messageId);
    if (answer === undefined) answers.set(owner.messageId, { owner, blocks: [block] });
    else answer.blocks.push(block);
  }
  return [...answers].map(([messageId, answer]) =>
    answer.blocks.map((block, index) => ({ key: `${messageId}#${index}`, messageId, index, block, answer })),
  );
}

export function createCodeBlocks(options: CodeBlocksOptions): CodeBlocks {
  const seen = new WeakMap<Element, Seen>();
  const bars = new Map<Bar, Element>();
  const cards = new Map<string, BlockCard>();
  const asked = new Set<string>();
  const answers = createAnswerBlocks(options.messageText);
  let here: ReadonlyMap<string, Here> = new Map();
  let again: ReturnType<typeof setTimeout> | null = null;
  let working: ReturnType<typeof setTimeout> | null = null;
  /** Of the look before, what no time was left for. */
  const todo: (() => void)[] = [];

  /** As the page has it now: an answer may have grown since its block was given a bar. */
  const want = ({ key, answer, messageId, index }: Here): WantedBlock | null => {
    const read = answers.readAll(here.get(key)?.answer ?? answer, true)[index] ?? null;
    if (read === null) return null;
    const { code, label, isWhole } = read;
    return { messageId, index, code, label, isWhole };
  };

  const drop = (bar: Bar) => {
    options.theme.leave(bar.element);
    const block = bars.get(bar);
    const state = block === undefined ? undefined : seen.get(block);
    if (state !== undefined) Object.assign(state, { bar: null, read: null });
    bars.delete(bar);
    bar.close();
  };

  const forgetOldest = () => {
    if (cards.size <= MOST_CARDS) return;
    const oldest = [...cards].slice(0, -1).find(([, card]) => !card.isInUse());
    if (oldest === undefined) return;
    cards.delete(oldest[0]);
    oldest[1].close();
  };

  /** In place of the bar. */
  const showCard = ({ block, key }: Here, card: BlockCard): BlockCard => {
    cards.set(key, card);
    forgetOldest();
    const bar = seen.get(block)?.bar;
    if (bar != null) drop(bar);
    placeAt(block, card.element);
    return card;
  };

  const openFor = (place: Here, how: 'run' | 'edit') => {
    const wanted = want(place);
    if (wanted === null) return;
    const { element } = showCard(place, options.openCard(wanted, how));
    // The pressed button is gone; whoever uses the keyboard goes on from the card. Focusing lays the page out, which is
    // enough for a task of its own; by then a person may already be elsewhere.
    setTimeout(() => {
      const { activeElement, body } = element.ownerDocument;
      if (activeElement === null || activeElement === body) focusCard(element);
    });
  };

  /** Once for each block: a card that was let go of does not come back by itself. */
  const showEarlier = async (place: Here) => {
    const { key, messageId, index } = place;
    if (asked.has(key)) return;
    if (asked.size >= MOST_ASKED) asked.clear();
    asked.add(key);
    const open = await options.findEarlier({ messageId, index });
    // A person may have been faster; what the page drew anew meanwhile gets its card at the next look.
    const wanted = open === null || cards.has(key) ? null : want(place);
    if (open === null || wanted === null) return;
    showCard(place, open(wanted));
    options.lookAgain();
  };

  const addBar = (place: Here, { label }: AnswerBlock): Bar => {
    const language = languageOfLabel(label);
    const bar = createBar({
      language: language === null ? label : LANGUAGE_NAMES[language],
      onRun: () => openFor(place, 'run'),
      onEdit: () => openFor(place, 'edit'),
      onAim: () => options.aimAt(label),
    });
    options.theme.follow(bar.element);
    bars.set(bar, place.block);
    placeAt(place.block, bar.element);
    return bar;
  };

  /** One timer for all blocks that are being written. */
  const lookSoon = () => {
    again ??= setTimeout(() => {
      again = null;
      options.lookAgain();
    }, STEADY_MS);
  };

  /** Whether the block has stood as it is for a moment; else another look is asked for. */
  const isSteady = (block: Element, state: Seen): boolean => {
    const utf16 = block.textContent.length;
    const nowMs = performance.now();
    if (utf16 !== state.utf16) {
      state.utf16 = utf16;
      state.sinceMs = nowMs;
      state.read = null;
    }
    if (nowMs - state.sinceMs >= STEADY_MS) return true;
    lookSoon();
    return false;
  };

  const stateOf = (block: Element): Seen => {
    const known = seen.get(block);
    if (known !== undefined) return known;
    const state = { utf16: -1, sinceMs: 0, bar: null, read: null, version: '' };
    seen.set(block, state);
    return state;
  };

  /** What has its card, or its bar, is put where it belongs. True where nothing more is to be done. */
  const isPlaced = ({ block, key }: Here, state: Seen): boolean => {
    const card = cards.get(key)?.element;
    const ours = card ?? state.bar?.element;
    if (ours === undefined) return false;
    if (!isPlacedAt(block, ours) && (ours !== card || !ours.matches(':focus-within'))) placeAt(block, ours);
    return card !== undefined || state.read?.isFinal === true;
  };

  /** Whether a block waits to be read: it has neither its card nor a bar that stays. */
  const isOpen = (place: Here): boolean => {
    const state = stateOf(place.block);
    return !isPlaced(place, state) && options.isOn() && state.read?.isFinal !== true;
  };

  /** It is new, has changed, or the wire has more of it now. What the wire has need not stand for a moment first. */
  const isDue = ({ block }: Here, version: string): boolean => {
    const state = stateOf(block);
    return isSteady(block, state) ? state.read === null || state.version !== version : version !== '';
  };

  /** Reads what is due of an answer, and has each of its blocks decided upon. */
  const readAnswer = (answer: readonly Here[]) => {
    const open = answer.filter(isOpen);
    const [first] = open;
    if (first === undefined) return;
    const version = answers.versionOf(first.answer.owner);
    const due = open.filter((place) => isDue(place, version));
    if (due.length === 0) return;
    const read = answers.readAll(first.answer, false);
    todo.unshift(...due.map((place) => () => decide(place, read[place.index] ?? null, version)));
  };

  /** Does what is to be done, in stretches: the site's thread is its own. */
  const work = () => {
    const untilMs = performance.now() + MOST_HELD_MS;
    for (let step = todo.shift(); step !== undefined; step = todo.shift()) {
      step();
      if (performance.now() > untilMs) break;
    }
    if (todo.length > 0) working ??= setTimeout(goOn);
  };
  const goOn = () => {
    working = null;
    work();
    // The page may have changed meanwhile.
    if (todo.length === 0) options.lookAgain();
  };

  const decide = (place: Here, read: AnswerBlock | null, version: string) => {
    const state = stateOf(place.block);
    const isStanding = performance.now() - state.sinceMs >= STEADY_MS;
    if (read === null || !(isStanding || read.isFinal)) return;
    const { bar, read: before } = state;
    const isAsBefore = before?.label === read.label && before.isProgram === read.isProgram;
    if (bar !== null && !isAsBefore) drop(bar);
    state.read = read;
    state.version = version;
    if (!read.isProgram || state.bar !== null) return;
    state.bar = addBar(place, read);
    void showEarlier(place);
  };

  return {
    look(design, page) {
      // What the look before found comes first; there is another look when that is done.
      if (todo.length > 0) return;
      const shown = answersOn(design, page);
      here = new Map(shown.flat().map((place) => [place.key, place]));
      for (const [bar, block] of bars) if (!block.isConnected) drop(bar);
      // A chat opens at its end: what is seen first comes first.
      todo.push(...shown.toReversed().map((answer) => () => readAnswer(answer)));
      work();
    },
    show(isOn) {
      for (const bar of bars.keys()) bar.element.hidden = !isOn;
      if (isOn) options.lookAgain();
    },
    close() {
      for (const bar of [...bars.keys()]) drop(bar);
      if (again !== null) clearTimeout(again);
      if (working !== null) clearTimeout(working);
      todo.length = 0;
      for (const card of cards.values()) card.close();
    },
  };
}
