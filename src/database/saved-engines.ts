import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { SavedEngines } from '../contracts/runner.ts';
import type { CompanionDatabase } from './open-database.ts';

/** Engines as their sessions left them; those saved longest ago are let go. */
export function createSavedEngines({ engines }: CompanionDatabase, now: () => number): SavedEngines {
  return {
    load: async (sessionId) => {
      const row = await engines.get(sessionId);
      return row === undefined ? null : { state: row.state, atMs: row.atMs };
    },
    save: async (sessionId, state) => {
      const atMs = now();
      await engines.db.transaction('rw', engines, async () => {
        await engines.put({ sessionId, atMs, state });
        // Their names alone: bodies stay where they are.
        const names = await engines.orderBy('atMs').primaryKeys();
        await engines.bulkDelete(names.slice(0, Math.max(0, names.length - LIMITS.savedEnginesKept.standard)));
      });
      return atMs;
    },
    remove: (sessionId) => engines.delete(sessionId),
  };
}

/** When each engine was saved that is kept. Rejects when the database cannot be used. */
export type SavedTimes = () => Promise<ReadonlyMap<SessionId, number>>;

export function createSavedTimes({ engines }: CompanionDatabase): SavedTimes {
  return async () => {
    const times = new Map<SessionId, number>();
    // By the index alone: bodies stay where they are.
    await engines.orderBy('atMs').eachKey((atMs, { primaryKey }) => {
      times.set(primaryKey as SessionId, Number(atMs));
    });
    return times;
  };
}
