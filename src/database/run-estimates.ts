import { LIMITS } from '../contracts/limits.ts';
import { createDropping } from './drop-oldest.ts';
import type { CompanionDatabase, EstimateRow } from './open-database.ts';

/** What this device learnt of past runs; the oldest go. Everything rejects when the database cannot be used. */
export interface RunEstimates {
  /** Newest first. */
  all(): Promise<readonly EstimateRow[]>;
  put(row: EstimateRow): Promise<void>;
}

export function createRunEstimates({ estimates }: CompanionDatabase): RunEstimates {
  const drop = createDropping(estimates, 'atMs', LIMITS.estimatesKept.standard);
  return {
    all: () => estimates.orderBy('atMs').reverse().toArray(),
    async put(row) {
      await estimates.put(row);
      drop();
    },
  };
}
