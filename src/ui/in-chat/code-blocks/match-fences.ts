import type { Fence } from './fences.ts';
import { type DrawnCode, labelFrom, languageOfLabel } from './read-block.ts';

/** Pages draw blanks, tabs and line ends in ways of their own; all else must be the same. */
const bare = (text: string): string => text.replaceAll(/[\s\u200b\ufeff]+/gu, '');

/** A fence with what it is compared by. */
export interface KnownFence extends Fence {
  readonly bare: string;
}

export const withBare = (fence: Fence): KnownFence => ({ ...fence, bare: bare(fence.code) });

/** A block as it is drawn, with what it is compared by. */
export interface DrawnBlock extends DrawnCode {
  readonly bare: readonly string[];
  /** What the page calls its language; null where it does not. Read when it is asked for. */
  readonly label: () => string | null;
}

export const drawnWithBare = (code: DrawnCode, label: () => string | null): DrawnBlock => ({
  ...code,
  label,
  bare: code.pieces.map(bare),
});

/** Whether what is drawn is the fence's code: all of it, or its pieces in their order where a part is drawn. */
function fits({ bare: pieces, isWhole }: DrawnBlock, fence: KnownFence): boolean {
  if (isWhole) return pieces.join('') === fence.bare;
  let from = 0;
  for (const piece of pieces) {
    const at = fence.bare.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return from > 0;
}

/** An answer with more blocks than this squared is no answer; its blocks are read as they are drawn. */
const MOST_PAIRS = 1_000_000;

type Pairs = (KnownFence | null)[];

/**
 * Which fence of an answer each of its drawn blocks shows: by the offset that the page has, else to the letter, else by its text without
 * blanks, in the order of both, else wherever it stands. Null for a block that fits none, and for one that fits several with other code or
 * in other languages, unless place or the page's word for the language tell which: nobody is to run other code than is seen.
 */
export function matchFences(
  drawn: readonly (DrawnBlock | null)[],
  fences: readonly KnownFence[],
): readonly (KnownFence | null)[] {
  if (drawn.length * fences.length > MOST_PAIRS) return drawn.map(() => null);
  if (areOneToOne(drawn, fences)) return drawn.map((block, at) => (block === null ? null : (fences[at] ?? null)));
  const matching = new Matching(drawn, fences);
  matching.take((block, left) => left.find((fence) => block.start === fence.start && fits(block, fence)));
  matching.take((block, left) => theOne(block, left, isToTheLetter));
  matching.takeInOrder();
  matching.take((block, left) => theOne(block, left, fits));
  matching.take((block, left) => theOne(block, left, isBeginOf));
  return matching.pairs;
}

/** Pairs as they are found, the surest first; each fence is taken once. */
class Matching {
  readonly pairs: Pairs;
  readonly #drawn: readonly (DrawnBlock | null)[];
  readonly #fences: readonly KnownFence[];
  readonly #left: Set<KnownFence>;

  constructor(drawn: readonly (DrawnBlock | null)[], fences: readonly KnownFence[]) {
    this.pairs = drawn.map(() => null);
    this.#drawn = drawn;
    this.#fences = fences;
    this.#left = new Set(fences);
  }

  /** Gives each block that has none yet the fence that `find` chooses of those that are left. */
  take(find: (block: DrawnBlock, left: readonly KnownFence[]) => KnownFence | undefined): void {
    for (const [at, block] of this.#open()) this.#pair(at, find(block, [...this.#left]));
  }

  /** In the order of the page; where all blocks of an answer are drawn, the n-th is the n-th. */
  takeInOrder(): void {
    const open = this.#open();
    const found = align(
      open.map(([, block]) => block),
      [...this.#left],
    );
    const isWhole = this.#drawn.length === this.#fences.length;
    for (const [index, [at, block]] of open.entries()) {
      const fence = found[index];
      if (fence == null) continue;
      const isInPlace = isWhole && this.#fences[at] === fence && !saysOther(block, fence);
      this.#pair(at, isInPlace ? fence : theOne(block, [...this.#left], fits));
    }
  }

  #open(): (readonly [at: number, block: DrawnBlock])[] {
    return this.#drawn.flatMap((block, at) =>
      block === null || this.pairs[at] !== null ? [] : [[at, block] as const],
    );
  }

  #pair(at: number, fence: KnownFence | undefined): void {
    if (fence === undefined) return;
    this.pairs[at] = fence;
    this.#left.delete(fence);
  }
}

/** The first of the fences that a block is of, if all are one program; those that the page calls otherwise do not count. */
function theOne(
  block: DrawnBlock,
  left: readonly KnownFence[],
  isOf: (block: DrawnBlock, fence: KnownFence) => boolean,
): KnownFence | undefined {
  const fences = left.filter((fence) => isOf(block, fence));
  const named = fences.filter((fence) => fences.length > 1 && !saysOther(block, fence));
  const [first, ...others] = named.length > 0 ? named : fences;
  return others.some(({ code, word }) => code !== first?.code || word !== first.word) ? undefined : first;
}

/** Whether the page calls the block's language otherwise than the fence does. */
function saysOther(block: DrawnBlock, { word }: KnownFence): boolean {
  const drawn = languageOfLabel(block.label());
  const said = languageOfLabel(labelFrom(word));
  return drawn !== null && said !== null && drawn !== said;
}

const isToTheLetter = (drawn: DrawnBlock, fence: KnownFence): boolean =>
  drawn.isWhole && drawn.text().trimEnd() === fence.code.trimEnd();

/** Whether the page has drawn the begin of a fence alone. */
function isBeginOf({ bare: pieces, isWhole }: DrawnBlock, fence: KnownFence): boolean {
  const drawn = pieces.join('');
  return isWhole && drawn !== '' && drawn.length < fence.bare.length && fence.bare.startsWith(drawn);
}

/** Whether the n-th block is the n-th fence throughout. A block that is drawn as something else says nothing against its place. */
function areOneToOne(drawn: readonly (DrawnBlock | null)[], fences: readonly KnownFence[]): boolean {
  if (drawn.length !== fences.length) return false;
  const alike = Map.groupBy(fences, (fence) => fence.bare);
  return drawn.every((block, at) => {
    const fence = fences[at];
    if (block === null || fence === undefined) return block === null;
    if (!fits(block, fence)) return false;
    const rivals = (alike.get(fence.bare) ?? []).filter(
      (other) => other !== fence && (other.code !== fence.code || other.word !== fence.word),
    );
    return rivals.length === 0
      ? block.isWhole || isAt(block, fence)
      : isAt(block, fence) && !isRather(block, fence, rivals);
  });
}

/** Whether the page has nothing against a fence's place. */
const isAt = ({ start }: DrawnBlock, fence: KnownFence): boolean => start === null || start === fence.start;

/** Whether a block is rather one of other fences that are drawn alike. */
const isRather = (block: DrawnBlock, fence: KnownFence, rivals: readonly KnownFence[]): boolean =>
  saysOther(block, fence) || (!isToTheLetter(block, fence) && rivals.some((rival) => isToTheLetter(block, rival)));

/** The pairs in order that are most (the longest common subsequence). */
function align(drawn: readonly DrawnBlock[], fences: readonly KnownFence[]): readonly (KnownFence | null)[] {
  const areFit = drawn.map((block) => fences.map((fence) => fits(block, fence)));
  const best: number[][] = [...drawn, null].map(() => new Array<number>(fences.length + 1).fill(0));
  const at = (row: number, column: number): number => best[row]?.[column] ?? 0;
  const taken = (row: number, column: number): number =>
    areFit[row]?.[column] === true ? 1 + at(row + 1, column + 1) : 0;
  for (let row = drawn.length - 1; row >= 0; row -= 1) {
    const line = best[row] ?? [];
    for (let column = fences.length - 1; column >= 0; column -= 1)
      line[column] = Math.max(taken(row, column), at(row + 1, column), at(row, column + 1));
  }
  const pairs: Pairs = drawn.map(() => null);
  for (let row = 0, column = 0; row < drawn.length && column < fences.length; ) {
    const all = at(row, column);
    if (taken(row, column) === all && all > 0) pairs[row++] = fences[column++] ?? null;
    else if (all === at(row + 1, column)) row += 1;
    else column += 1;
  }
  return pairs;
}
