import { NO_PROGRAMS } from '../../../contracts/languages.ts';
import type { BlockOwner } from '../landmarks/index.ts';
import { readFences } from './fences.ts';
import { isTranscript, looksLikeCode } from './looks-like-code.ts';
import { drawnWithBare, type DrawnBlock, type KnownFence, matchFences, withBare } from './match-fences.ts';
import type { KnownText } from './message-texts.ts';
import { labelFrom, languageOfLabel, readCode, readLabel } from './read-block.ts';

/** What a block of an answer is: its code, its language, and whether it is a program. */
export interface AnswerBlock {
  readonly code: string;
  /** What the fence calls the language, else what the page does; lower case, null where neither does. */
  readonly label: string | null;
  /** False where the page shows a part only, or the answer ends in the middle of it, and the rest is not known. */
  readonly isWhole: boolean;
  readonly isProgram: boolean;
  /** The wire has all of it: it stays as it is. */
  readonly isFinal: boolean;
}

export interface Answer {
  readonly owner: BlockOwner;
  /** The blocks that the page draws of it, in their order. */
  readonly blocks: readonly Element[];
}

interface FencesOfText {
  readonly known: KnownText;
  readonly fences: readonly KnownFence[];
}

/** Messages of which the fences are kept; a page shows a few at a time. */
const MOST_READ = 64;

const isProgram = (code: string, label: string | null, isNamedOtherwise: boolean): boolean => {
  if (code.trim() === '' || isTranscript(code)) return false;
  const language = languageOfLabel(label);
  if (language !== null) return !NO_PROGRAMS.includes(language);
  // A word that nobody here knows may be that of a language, of a template or of a format: nothing of it runs here.
  return label === null && !isNamedOtherwise && looksLikeCode(code);
};

function known(block: Element, fence: KnownFence, isFinished: boolean): AnswerBlock {
  // A fence without a word is plain text in the page's header, whatever is in it.
  const drawn = (): string | null => {
    const { label } = readLabel(block);
    return languageOfLabel(label) === 'text' ? null : label;
  };
  const label = labelFrom(fence.word) ?? drawn();
  const isWhole = fence.isClosed || isFinished;
  return { code: fence.code, label, isWhole, isProgram: isProgram(fence.code, label, false), isFinal: isWhole };
}

function unknown(block: Element, { text, isWhole }: DrawnBlock, isPart: boolean): AnswerBlock {
  const code = text();
  const { label, hasOtherWord } = readLabel(block);
  return {
    code,
    label,
    isWhole: isWhole && !isPart,
    isProgram: isProgram(code, label, hasOtherWord),
    isFinal: false,
  };
}

const fencesIn = (texts: readonly FencesOfText[]): readonly KnownFence[] => texts.flatMap(({ fences }) => fences);

/**
 * Reads the blocks of answers: code and language from the answer's own text where the wire brought it, matched to what the page
 * draws; what the page draws where it did not.
 */
export function createAnswerBlocks(textOf: (messageId: string) => KnownText | null) {
  const read = new Map<string, FencesOfText>();
  const drawn = new WeakMap<Element, { readonly shown: string; readonly block: DrawnBlock | null }>();

  const fencesOf = (messageId: string): FencesOfText | null => {
    const text = textOf(messageId);
    if (text === null) return null;
    const before = read.get(messageId);
    if (before?.known.text === text.text) return { ...before, known: text };
    const now = { known: text, fences: readFences(text.text).map(withBare) };
    read.delete(messageId);
    read.set(messageId, now);
    const [oldest] = read.keys();
    if (read.size > MOST_READ && oldest !== undefined) read.delete(oldest);
    return now;
  };

  const readDrawn = (block: Element, isAnew: boolean): DrawnBlock | null => {
    const shown = block.textContent;
    const before = drawn.get(block);
    if (before?.shown === shown && !isAnew) return before.block;
    const text = readCode(block);
    const now = { shown, block: text === null ? null : drawnWithBare(text, () => readLabel(block).label) };
    drawn.set(block, now);
    return now.block;
  };

  return {
    /** What `readAll` needs of an answer, piece by piece: each is kept for it, so that none of it has to be done at once. */
    stepsOf: ({ owner, blocks }: Answer): readonly (() => void)[] => [
      ...owner.messageIds.map((id) => () => void fencesOf(id)),
      ...blocks.map((block) => () => void readDrawn(block, false)),
    ],
    /** The blocks of an answer; null for what is drawn as something else than code. `isAnew`: an editor may draw other lines now. */
    readAll({ owner, blocks }: Answer, isAnew: boolean): readonly (AnswerBlock | null)[] {
      const texts = owner.messageIds.flatMap((id) => {
        const text = fencesOf(id);
        return text === null ? [] : [{ id, ...text }];
      });
      const shown = blocks.map((block) => readDrawn(block, isAnew));
      const isOwn = (id: string): boolean => id === owner.messageId;
      const own = matchFences(shown, fencesIn(texts.filter(({ id }) => isOwn(id))));
      // What is not of the block's own message is of one of the others that the answer is drawn from.
      const left = shown.map((block, at) => (own[at] === null ? block : null));
      const others = matchFences(left, fencesIn(texts.filter(({ id }) => !isOwn(id))));
      const finishedOf = new Map(
        texts.flatMap(({ known: { isFinished }, fences }) => fences.map((fence) => [fence, isFinished])),
      );
      // More of it may be on its way: what fits nothing yet may be a part.
      const isPart = texts.some(({ known: { isFinished } }) => !isFinished);
      return blocks.map((block, at) => {
        const text = shown[at] ?? null;
        const fence = own[at] ?? others[at] ?? null;
        if (text === null) return null;
        return fence === null ? unknown(block, text, isPart) : known(block, fence, finishedOf.get(fence) === true);
      });
    },
    /** Changes with what the wire has of an answer; empty where it has nothing. */
    versionOf: ({ messageIds }: BlockOwner): string =>
      messageIds
        .flatMap((id) => textOf(id) ?? [])
        .map(({ text, isFinished }) => `${text.length}${isFinished ? '.' : ''}`)
        .join(' '),
  };
}
