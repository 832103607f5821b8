/** A run that waited for this start is a message or two behind its answer, and goes first. */
const BEGIN_AFTER_MS = 100;

/**
 * Gets done what the first use of the packages costs while nobody waits for this interpreter: `doPiece` again and again, a task
 * each, until it says that nothing is left, `isWanted` says no because a program is here, or a piece fails. What failed here is
 * left to the program that needs it, which has its own room and says what is wrong.
 */
export function createWarmUp(doPiece: () => boolean, isWanted: () => boolean): () => void {
  // Taken before the worker loses it to programs.
  const { setTimeout } = globalThis;
  const next = (): void => {
    if (!isWanted()) return;
    try {
      if (doPiece()) setTimeout(next, 0);
    } catch {
      // Ends here, as said above: most likely there is little memory left.
    }
  };
  return () => void setTimeout(next, BEGIN_AFTER_MS);
}
