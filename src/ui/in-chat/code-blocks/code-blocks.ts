import { LANGUAGE_NAMES } from '../../../contracts/languages.ts';
import { focusCard } from '../../kit/index.ts';
import type { BlockOwner, PageDesign } from '../landmarks/index.ts';
import type { ThemeWatch } from '../theme-watch.ts';
import { type Answer, type AnswerBlock, createAnswerBlocks } from './answer-blocks.ts';
import { type Bar, createBar } from './bar.ts';
import { createChangedBlocks } from './changed-blocks.ts';
import { type BlockCard, createKeptCards } from './kept-cards.ts';
import type { KnownText } from './message-texts.ts';
import { isPlacedAt, placeAt } from './place-at.ts';
import { languageOfLabel } from './read-block.ts';

/** By what a block's runs are found again: what a page draws of an answer, and in which order, may change. */
export interface BlockPlace {
  readonly messageId: string;
  readonly code: string;
  /** How many blocks of the answer before it have the same code. */
  readonly copy: number;
}

/** A block that a person wants to run or edit. */
export interface WantedBlock extends BlockPlace {
  readonly label: string | null;
  /** False where the page shows a part only and the rest is not known. */
  readonly isWhole: boolean;
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
/** Blocks whose earlier run was asked for, each once; beyond these it is forgotten who they were. */
const MOST_ASKED = 5_000;

interface Seen {
  /** Of which place it was: the page may put another block into the same element. */
  key: string;
  /** All that the element shows; null before it was looked at. */
  text: string | null;
  sinceMs: number;
  bar: Bar | null;
  /** What the bar says of its language. */
  label: string | null;
  /** What it was read as; null until it has stood for a moment. */
  read: AnswerBlock | null;
  /** What the wire had of its answer then. */
  version: string;
}

/** A block in its answer. */
interface Here {
  readonly messageId: string;
  /** Counts the drawn blocks of the answer from 0. */
  readonly index: number;
  readonly key: string;
  readonly block: Element;
  readonly answer: Answer;
}

const keyOf = (messageId: string, index: number): string => `${messageId}#${index}`;

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
    answer.blocks.map((block, index) => ({ key: keyOf(messageId, index), messageId, index, block, answer })),
  );
}

export function createCodeBlocks(options: CodeBlocksOptions): CodeBlocks {
  const seen = new WeakMap<Element, Seen>();
  const bars = new Map<Bar, Element>();
  const cards = createKeptCards();
  const asked = new Set<string>();
  const answers = createAnswerBlocks(options.messageText);
  const changed = createChangedBlocks();
  let shown: { readonly design: PageDesign; readonly page: Element } | null = null;
  let again: ReturnType<typeof setTimeout> | null = null;
  let working: ReturnType<typeof setTimeout> | null = null;
  /** Of the look before, what no time was left for. */
  const todo: (() => void)[] = [];
  /** Another look was asked for while there was something to do. */
  let isMissed = false;

  /** The block of an element as the page has it now: others may have come before it since it was given a bar. */
  const want = (place: Here): WantedBlock | null => {
    const all = shown === null ? [] : answersOn(shown.design, shown.page).flat();
    const now = all.find(({ block }) => block === place.block) ?? place;
    return wantedOf(now, answers.readAll(now.answer, true));
  };

  const wantedOf = ({ messageId, index }: Here, all: readonly (AnswerBlock | null)[]): WantedBlock | null => {
    const read = all[index] ?? null;
    if (read?.isProgram !== true) return null;
    const { code, label, isWhole } = read;
    const copy = all.slice(0, index).filter((other) => other?.code === code).length;
    return { messageId, code, copy, label, isWhole };
  };

  const drop = (bar: Bar) => {
    options.theme.leave(bar.element);
    const block = bars.get(bar);
    const state = block === undefined ? undefined : seen.get(block);
    if (state !== undefined) Object.assign(state, { bar: null, read: null });
    bars.delete(bar);
    bar.close();
  };

  /** In place of the bar. */
  const showCard = ({ block, key }: Here, { code }: WantedBlock, card: BlockCard) => {
    const bar = seen.get(block)?.bar;
    if (bar != null) drop(bar);
    cards.add({ key, block }, code, card);
  };

  const openFor = (place: Here, how: 'run' | 'edit') => {
    const wanted = want(place);
    // It is none any more: the next look takes its bar away.
    if (wanted === null) return options.lookAgain();
    const card = options.openCard(wanted, how);
    const { element } = card;
    showCard(place, wanted, card);
    // The pressed button is gone; whoever uses the keyboard goes on from the card. Focusing lays the page out, which is
    // enough for a task of its own; by then a person may already be elsewhere.
    setTimeout(() => {
      const { activeElement, body } = element.ownerDocument;
      if (activeElement === null || activeElement === body) focusCard(element);
    });
  };

  /** Once for each block: a card that was let go of does not come back by itself. */
  const showEarlier = async (place: Here, block: WantedBlock) => {
    const id = `${block.messageId}#${block.copy}#${block.code}`;
    if (asked.has(id)) return;
    if (asked.size >= MOST_ASKED) asked.clear();
    asked.add(id);
    const open = await options.findEarlier(block);
    // A person may have been faster; what the page drew anew meanwhile gets its card at the next look.
    const wanted = open === null || cards.has(place.key) ? null : want(place);
    // And another program may stand there now.
    if (open === null || wanted === null || wanted.code !== block.code || wanted.copy !== block.copy) return;
    showCard(place, wanted, open(wanted));
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
  const isSteady = (state: Seen): boolean => {
    if (performance.now() - state.sinceMs >= STEADY_MS) return true;
    lookSoon();
    return false;
  };

  const stateOf = (block: Element): Seen => {
    const known = seen.get(block);
    if (known !== undefined) return known;
    const state = { key: '', text: null, sinceMs: 0, bar: null, label: null, read: null, version: '' };
    seen.set(block, state);
    return state;
  };

  /** Notes what the element holds now: what was read of it before is void where it is another block, or has another text. */
  const notice = (place: Here, state: Seen) => {
    const { block, key } = place;
    const hasChanged = changed.hasChanged(block);
    if (key === state.key && !hasChanged) return;
    const text = hasChanged ? block.textContent : state.text;
    if (key === state.key && text === state.text) return;
    if (text === state.text) cards.rename(block, key);
    else if (key !== state.key && state.key !== '') {
      if (state.bar !== null) drop(state.bar);
      cards.leave(block);
    } else if (isOther(place)) cards.leave(block);
    Object.assign(state, { key, text, sinceMs: performance.now(), read: null });
  };

  /** Whether a block has a card, and by now another program than that was opened for: not a longer one, nor a part of it. */
  const isOther = ({ block, answer, index }: Here): boolean => {
    const code = cards.codeAt(block);
    if (code === null) return false;
    const now = answers.readAll(answer, false)[index];
    return now?.isWhole === true && !now.code.startsWith(code.trimEnd());
  };

  /** Whether a block waits to be read: it has neither its card nor a bar that stays. What it has is put where it belongs. */
  const isOpen = (place: Here): boolean => {
    const state = stateOf(place.block);
    notice(place, state);
    const codeOf = () => answers.readAll(place.answer, false)[place.index]?.code ?? null;
    if (cards.place(place, codeOf)) return false;
    const bar = state.bar?.element;
    if (bar !== undefined && !isPlacedAt(place.block, bar)) placeAt(place.block, bar);
    return options.isOn() && state.read?.isFinal !== true;
  };

  /** It is new, has changed, or the wire has more of it now. What the wire has need not stand for a moment first. */
  const isDue = ({ block }: Here, version: string): boolean => {
    const state = stateOf(block);
    return isSteady(state) ? state.read === null || state.version !== version : version !== '';
  };

  /** Reads what is due of an answer, and has each of its blocks decided upon. */
  const readAnswer = (answer: readonly Here[]) => {
    const open = answer.filter(isOpen);
    const [first] = open;
    if (first === undefined) return;
    const version = answers.versionOf(first.answer.owner);
    const due = open.filter((place) => isDue(place, version));
    if (due.length === 0) return;
    todo.unshift(...answers.stepsOf(first.answer), () => {
      const read = answers.readAll(first.answer, false);
      todo.unshift(...due.map((place) => () => decide(place, read, version)));
    });
  };

  /** Does what is to be done, in stretches: the site's thread is its own. It is held since `sinceMs` by then. */
  const work = (sinceMs: number) => {
    try {
      while (performance.now() <= sinceMs + MOST_HELD_MS) {
        const step = todo.shift();
        if (step === undefined) break;
        step();
      }
    } finally {
      // Also where a step failed: the other blocks have nothing to do with it.
      if (todo.length > 0) working ??= setTimeout(goOn);
    }
  };
  const goOn = () => {
    working = null;
    work(performance.now());
    if (todo.length > 0 || !isMissed) return;
    isMissed = false;
    options.lookAgain();
  };

  const decide = (place: Here, all: readonly (AnswerBlock | null)[], version: string) => {
    const state = stateOf(place.block);
    const read = all[place.index] ?? null;
    const isStanding = performance.now() - state.sinceMs >= STEADY_MS;
    if (read === null || state.key !== place.key || !(isStanding || read.isFinal)) return;
    if (state.bar !== null && !(read.isProgram && read.label === state.label)) drop(state.bar);
    state.read = read;
    state.version = version;
    if (!read.isProgram || state.bar !== null) return;
    state.bar = addBar(place, read);
    state.label = read.label;
    const wanted = wantedOf(place, all);
    if (wanted !== null) void showEarlier(place, wanted);
  };

  return {
    look(design, page) {
      // What the look before found comes first; there is another look when that is done.
      if (todo.length > 0) {
        isMissed = true;
        return;
      }
      const sinceMs = performance.now();
      shown = { design, page };
      changed.update(design, page);
      for (const [bar, block] of bars) if (!block.isConnected) drop(bar);
      // A chat opens at its end: what is seen first comes first.
      todo.push(
        ...answersOn(design, page)
          .toReversed()
          .map((answer) => () => readAnswer(answer)),
      );
      work(sinceMs);
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
      changed.close();
      cards.close();
    },
  };
}
