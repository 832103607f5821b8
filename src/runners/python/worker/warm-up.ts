import { wordsOf } from '../../kit/worker/index.ts';

/** A run that waited for this start is a message or two behind its answer, and goes first. */
const BEGIN_AFTER_MS = 100;

/**
 * Gets done what the first use of the packages costs while nobody waits for this interpreter: `doPiece` again and again, a task
 * each, until it says that nothing is left, `isWanted` says no because a program is here, or a piece fails; then `onEnd`, once.
 * What failed here is left to the program that needs it, which has its own room and says what is wrong.
 */
export function createWarmUp(
  doPiece: () => boolean,
  isWanted: () => boolean,
  onEnd: (pieces: number, failed: string | null) => void,
): () => void {
  // Taken before the worker loses it to programs.
  const { setTimeout } = globalThis;
  let pieces = 0;
  const next = (): void => {
    if (!isWanted()) return onEnd(pieces, null);
    try {
      if (!doPiece()) return onEnd(pieces, null);
    } catch (error) {
      return onEnd(pieces, wordsOf(error));
    }
    pieces += 1;
    setTimeout(next, 0);
  };
  return () => void setTimeout(next, BEGIN_AFTER_MS);
}
