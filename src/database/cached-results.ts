import type { CachedRow, CompanionDatabase } from './open-database.ts';

/** Results of programs, by tier. Bodies lie apart, so that the rows can be read alone. Everything rejects when the database cannot be used. */
export interface CachedResults {
  /** Used longest ago first. */
  rows(tier: string): Promise<readonly CachedRow[]>;
  /** Null where there is none. */
  body(id: string): Promise<Uint8Array | null>;
  put(row: CachedRow, body: Uint8Array): Promise<void>;
  used(id: string, atMs: number): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

export function createCachedResults({ results, resultBodies }: CompanionDatabase): CachedResults {
  const both = [results, resultBodies];
  return {
    rows: async (tier) => (await results.where('tier').equals(tier).sortBy('usedAtMs')) satisfies readonly CachedRow[],
    body: async (id) => (await resultBodies.get(id))?.body ?? null,
    put: (row, body) =>
      results.db.transaction('rw', both, async () => {
        await results.put(row);
        await resultBodies.put({ id: row.id, body });
      }),
    used: async (id, usedAtMs) => {
      await results.update(id, { usedAtMs });
    },
    remove: (ids) =>
      results.db.transaction('rw', both, async () => {
        await results.bulkDelete([...ids]);
        await resultBodies.bulkDelete([...ids]);
      }),
  };
}
