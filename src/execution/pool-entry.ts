import type { AppErrorCode } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Runner, RunnerSession } from '../contracts/runner.ts';

/** An engine of the pool. */
export interface Entry {
  readonly sessionId: SessionId;
  readonly runner: Runner;
  readonly session: RunnerSession;
  isInUse: boolean;
  /** How many things beside runs keep it: terminals, previews. */
  holds: number;
  lastUse: number;
  /** It is being saved so that it can be ended. */
  isLeaving: boolean;
  /** Why it could not be saved when it was to be ended; null where it could, or was used since. */
  unsaved: AppErrorCode | null;
  idleTimer: ReturnType<typeof setTimeout> | null;
  saveTimer: ReturnType<typeof setTimeout> | null;
}

export const newEntry = (of: Pick<Entry, 'sessionId' | 'runner' | 'session'>): Entry => ({
  ...of,
  isInUse: false,
  holds: 0,
  lastUse: 0,
  isLeaving: false,
  unsaved: null,
  idleTimer: null,
  saveTimer: null,
});

/**
 * Those that may be ended for room. A program that was left running holds its engine until that stands still; what cannot be
 * saved goes where somebody waits for the room, and only there.
 */
export const idleOf = (entries: readonly Entry[], isAwaited: boolean): Entry[] =>
  entries.filter(({ isInUse, holds, unsaved, session }) => {
    if (isInUse || holds > 0) return false;
    if (unsaved === 'runner/in-use') return session.isResting;
    return unsaved === null || isAwaited;
  });

/** Of these, the one that was used longest ago; undefined of none. */
export const oldestOf = (entries: readonly Entry[]): Entry | undefined =>
  entries.toSorted((one, other) => one.lastUse - other.lastUse)[0];

export function clearTimers(entry: Entry): void {
  if (entry.idleTimer !== null) clearTimeout(entry.idleTimer);
  entry.idleTimer = null;
  clearSave(entry);
}

export function clearSave(entry: Entry): void {
  if (entry.saveTimer !== null) clearTimeout(entry.saveTimer);
  entry.saveTimer = null;
}

export const keyOf = (runner: Runner, sessionId: SessionId): string => `${runner.manifest.id} ${sessionId}`;
