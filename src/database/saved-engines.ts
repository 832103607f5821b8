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
        await engines.put({ sessionId, atMs, bytes: state.length, state });
        await engines.bulkDelete(await surplusOf(engines));
      });
      return atMs;
    },
    remove: (sessionId) => engines.delete(sessionId),
  };
}

/** Those saved longest ago, where there are too many or all together are too large. */
async function surplusOf(engines: CompanionDatabase['engines']): Promise<string[]> {
  const surplus: string[] = [];
  let count = 0;
  let bytes = 0;
  // By the index alone: bodies stay where they are.
  await engines
    .orderBy('[atMs+bytes]')
    .reverse()
    .eachKey((key, { primaryKey }) => {
      const [, size] = key as unknown as readonly [number, number];
      count += 1;
      bytes += size;
      if (count > LIMITS.savedEnginesKept.standard || bytes > LIMITS.savedEnginesBytes.standard)
        surplus.push(primaryKey);
    });
  return surplus;
}

/** How much each saved engine takes, in bytes as it is stored. Rejects when the database cannot be used. */
export function createSavedSizes({ engines }: CompanionDatabase): () => Promise<ReadonlyMap<SessionId, number>> {
  return async () => {
    const sizes = new Map<SessionId, number>();
    await engines.orderBy('[atMs+bytes]').eachKey((key, { primaryKey }) => {
      const [, bytes] = key as unknown as readonly [number, number];
      sizes.set(primaryKey as SessionId, bytes);
    });
    return sizes;
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
