import { setImmediate as nextTask } from 'node:timers/promises';

/** Rejections that nobody took, of what was done meanwhile. */
export async function untakenRejections(act: () => Promise<void>): Promise<readonly unknown[]> {
  const untaken: unknown[] = [];
  const note = (reason: unknown): void => void untaken.push(reason);
  process.on('unhandledRejection', note);
  try {
    await act();
    // Node tells of one once all promises have had their turn.
    await nextTask();
  } finally {
    process.off('unhandledRejection', note);
  }
  return untaken;
}
