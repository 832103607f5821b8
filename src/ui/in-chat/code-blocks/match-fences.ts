import type { Fence } from './fences.ts';
import type { DrawnCode } from './read-block.ts';

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
}

export const drawnWithBare = (code: DrawnCode): DrawnBlock => ({ ...code, bare: code.pieces.map(bare) });

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

/** What a pair is worth, beside what speaks for it: more than all of that together. */
const MOST = 8;
/** An answer with more blocks than this squared is no answer; its blocks are read as they are drawn. */
const MOST_PAIRS = 1_000_000;

/** How much speaks for a pair; 0 where it is none. */
function worthOf(drawn: DrawnBlock, fence: KnownFence, isInPlace: boolean): number {
  if (!fits(drawn, fence)) return 0;
  return MOST + (drawn.start === fence.start ? 4 : 0) + (isToTheLetter(drawn, fence) ? 2 : 0) + (isInPlace ? 1 : 0);
}

/**
 * Which fence of an answer each of its drawn blocks shows, in their order: the n-th block is the n-th fence where they agree; else
 * the pairs in order that agree most. Null for a block that fits none, and for one that fits several with other code each,
 * unless place, order or letters tell which: nobody is to run other code than is seen.
 */
export function matchFences(
  drawn: readonly (DrawnBlock | null)[],
  fences: readonly KnownFence[],
): readonly (KnownFence | null)[] {
  const isOneToOne = drawn.length === fences.length && drawn.every((block, at) => isPair(block, fences[at]));
  if (isOneToOne) return drawn.map((block, at) => (block === null ? null : (fences[at] ?? null)));
  if (drawn.length * fences.length > MOST_PAIRS) return drawn.map(() => null);
  return align(drawn, fences).map((fence, at) => {
    const block = drawn[at];
    if (fence === null || block == null || isCertain(block, fence)) return fence;
    return fences.some((other) => other.code !== fence.code && fits(block, other)) ? null : fence;
  });
}

const isToTheLetter = (drawn: DrawnBlock, fence: KnownFence): boolean =>
  drawn.isWhole && drawn.text().trimEnd() === fence.code.trimEnd();

const isCertain = (drawn: DrawnBlock, fence: KnownFence): boolean =>
  drawn.start === fence.start || isToTheLetter(drawn, fence);

/** A block that is drawn as something else says nothing against its place. */
function isPair(block: DrawnBlock | null, fence: KnownFence | undefined): boolean {
  if (block === null) return true;
  if (fence === undefined || !fits(block, fence)) return false;
  return block.start === null || block.start === fence.start || block.isWhole;
}

/** The pairs in order that are worth most together (the longest common subsequence, with weights). */
function align(drawn: readonly (DrawnBlock | null)[], fences: readonly KnownFence[]): readonly (KnownFence | null)[] {
  const worths = drawn.map((block, row) =>
    fences.map((fence, column) => (block === null ? 0 : worthOf(block, fence, row === column))),
  );
  const best: number[][] = [...drawn, null].map(() => new Array<number>(fences.length + 1).fill(0));
  const at = (table: readonly number[][], row: number, column: number): number => table[row]?.[column] ?? 0;
  /** What taking a pair comes to; 0 where it is none. */
  const taken = (row: number, column: number): number => {
    const worth = at(worths, row, column);
    return worth === 0 ? 0 : worth + at(best, row + 1, column + 1);
  };
  for (let row = drawn.length - 1; row >= 0; row -= 1) {
    const line = best[row] ?? [];
    for (let column = fences.length - 1; column >= 0; column -= 1)
      line[column] = Math.max(taken(row, column), at(best, row + 1, column), at(best, row, column + 1));
  }
  const pairs: (KnownFence | null)[] = drawn.map(() => null);
  for (let row = 0, column = 0; row < drawn.length && column < fences.length; ) {
    const all = at(best, row, column);
    if (taken(row, column) === all && all > 0) pairs[row++] = fences[column++] ?? null;
    else if (all === at(best, row + 1, column)) row += 1;
    else column += 1;
  }
  return pairs;
}
