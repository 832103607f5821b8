import type { SmallEmitter } from './node/small-emitter.ts';

let emitter: SmallEmitter | null = null;

/** Where programs say that they take care of errors that nothing caught: `process.on`. */
export function reportUncaughtTo(process: SmallEmitter): void {
  emitter = process;
}

/** Whether the program took care of it. What its own listener throws passes on. */
export function isTakenCareOf(error: unknown, isRejection: boolean): boolean {
  if (!emitter) return false;
  // A promise of its own: that of the error is not known here.
  if (isRejection && emitter.emit('unhandledRejection', error, new Promise(() => undefined))) return true;
  return emitter.emit('uncaughtException', error, isRejection ? 'unhandledRejection' : 'uncaughtException');
}

/** Runs what no code of the program stands around. */
export function runGuarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isTakenCareOf(error, false)) throw error;
  }
}
