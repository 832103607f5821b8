import { LIMITS } from '../contracts/limits.ts';
import type { CompanionDatabase, EstimateRow } from './open-database.ts';

/** What this device learnt of past runs; the oldest go. Everything rejects when the database cannot be used. */
export interface RunEstimates {
  /** Newest first. */
  all(): Promise<readonly EstimateRow[]>;
  put(row: EstimateRow): Promise<void>;
}

export function createRunEstimates({ estimates }: CompanionDatabase): RunEstimates {
  return {
    all: () => estimates.orderBy('atMs').reverse().toArray(),
    put: (row) =>
      estimates.db.transaction('rw', estimates, async () => {
        await estimates.put(row);
        const tooMany = (await estimates.count()) - LIMITS.estimatesKept.standard;
        if (tooMany > 0) await estimates.orderBy('atMs').limit(tooMany).delete();
      }),
  };
}
