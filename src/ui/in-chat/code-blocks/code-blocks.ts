import { LANGUAGE_NAMES, NO_PROGRAMS } from '../../../contracts/languages.ts';
import { focusCard } from '../../kit/index.ts';
import type { PageDesign } from '../landmarks/index.ts';
import type { ThemeWatch } from '../theme-watch.ts';
import { type Bar, createBar } from './bar.tsx';
import { type BlockText, languageOfLabel, readBlock } from './read-block.ts';
import { findWholeCode } from './whole-code.ts';

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
  readonly messageText: (messageId: string) => string | null;
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
  /** Gives each code block on screen its bar or its card, once. */
  look(design: PageDesign, page: Element): void;
  /** While switched off, blocks have no bars; cards with a run stay. */
  show(isOn: boolean): void;
  close(): void;
}

/** A block that is being written changes more often than this. */
const STEADY_MS = 400;
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
}

export function createCodeBlocks(options: CodeBlocksOptions): CodeBlocks {
  const seen = new WeakMap<Element, Seen>();
  const bars = new Map<Bar, Element>();
  const cards = new Map<string, BlockCard>();
  const asked = new Set<string>();
  let again: ReturnType<typeof setTimeout> | null = null;

  const want = (text: BlockText, messageId: string, index: number): WantedBlock => {
    const known = text.isWhole ? null : options.messageText(messageId);
    const whole = known === null ? null : findWholeCode(known, text.code);
    const { label } = text;
    return { messageId, index, label, code: whole ?? text.code, isWhole: text.isWhole || whole !== null };
  };

  const drop = (bar: Bar) => {
    options.theme.leave(bar.element);
    const block = bars.get(bar);
    const state = block === undefined ? undefined : seen.get(block);
    if (state !== undefined) state.bar = null;
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
  const showCard = (block: Element, key: string, card: BlockCard): BlockCard => {
    cards.set(key, card);
    forgetOldest();
    const bar = seen.get(block)?.bar;
    if (bar != null) drop(bar);
    block.append(card.element);
    return card;
  };

  const openFor = (block: Element, key: string, messageId: string, index: number, how: 'run' | 'edit') => {
    const text = readBlock(block);
    if (text === null) return;
    const { element } = showCard(block, key, options.openCard(want(text, messageId, index), how));
    // The pressed button is gone; whoever uses the keyboard goes on from the card. Focusing lays the page out, which is
    // enough for a task of its own; by then a person may already be elsewhere.
    setTimeout(() => {
      const { activeElement, body } = element.ownerDocument;
      if (activeElement === null || activeElement === body) focusCard(element);
    });
  };

  /** Once for each block: a card that was let go of does not come back by itself. */
  const showEarlier = async (block: Element, key: string, place: BlockPlace) => {
    if (asked.has(key)) return;
    if (asked.size >= MOST_ASKED) asked.clear();
    asked.add(key);
    const open = await options.findEarlier(place);
    const text = readBlock(block);
    // A person may have been faster; what the page drew anew meanwhile gets its card at the next look.
    if (open === null || text === null || cards.has(key)) return;
    showCard(block, key, open(want(text, place.messageId, place.index)));
    options.lookAgain();
  };

  const barFor = (block: Element, key: string, messageId: string, index: number): Bar | null => {
    const text = readBlock(block);
    if (text === null || text.code.trim() === '') return null;
    const language = languageOfLabel(text.label);
    if (language !== null && NO_PROGRAMS.includes(language)) return null;
    const open = (how: 'run' | 'edit') => openFor(block, key, messageId, index, how);
    const bar = createBar({
      language: language === null ? text.label : LANGUAGE_NAMES[language],
      onRun: () => open('run'),
      onEdit: () => open('edit'),
      onAim: () => options.aimAt(text.label),
    });
    options.theme.follow(bar.element);
    bars.set(bar, block);
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
    }
    if (nowMs - state.sinceMs >= STEADY_MS) return true;
    lookSoon();
    return false;
  };

  const lookAt = (block: Element, messageId: string, index: number) => {
    const key = `${messageId}#${index}`;
    const card = cards.get(key)?.element;
    if (card !== undefined) {
      if (card.parentElement !== block && !card.matches(':focus-within')) block.append(card);
      return;
    }
    let state = seen.get(block);
    if (state === undefined) {
      state = { utf16: -1, sinceMs: 0, bar: null };
      seen.set(block, state);
    }
    if (state.bar !== null) {
      if (state.bar.element.parentElement !== block) block.append(state.bar.element);
      return;
    }
    if (!options.isOn() || !isSteady(block, state)) return;
    state.bar = barFor(block, key, messageId, index);
    if (state.bar === null) return;
    block.append(state.bar.element);
    void showEarlier(block, key, { messageId, index });
  };

  return {
    look(design, page) {
      const counts = new Map<string, number>();
      for (const block of page.querySelectorAll(design.landmarks.codeBlock.selector)) {
        const messageId = design.messageIdOf(block);
        if (messageId === null) continue;
        const index = counts.get(messageId) ?? 0;
        counts.set(messageId, index + 1);
        lookAt(block, messageId, index);
      }
      for (const [bar, block] of bars) if (!block.isConnected) drop(bar);
    },
    show(isOn) {
      for (const bar of bars.keys()) bar.element.hidden = !isOn;
      if (isOn) options.lookAgain();
    },
    close() {
      for (const bar of [...bars.keys()]) drop(bar);
      if (again !== null) clearTimeout(again);
      for (const card of cards.values()) card.close();
    },
  };
}
