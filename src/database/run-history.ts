import type { RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { RunSummary } from '../contracts/run.ts';
import type { CompanionDatabase } from './open-database.ts';

/** What ran, without code or output. */
export interface RunHistory {
  started(summary: RunSummary): Promise<void>;
  ended(runId: RunId, outcome: Outcome): Promise<void>;
  /** Newest first. */
  recent(most: number): Promise<readonly RunSummary[]>;
  /** Ends the runs that were under way when an earlier host died; answers how many. */
  endAbandoned(): Promise<number>;
}

/** What a program computed or printed is not kept: only how it ended. */
function withoutOutput(outcome: Outcome): Outcome {
  if (outcome.kind !== 'completed') return outcome;
  const error = outcome.error && { ...outcome.error, message: '', traceback: null, suggestions: [] };
  return { ...outcome, result: null, error };
}

export function createRunHistory(database: CompanionDatabase): RunHistory {
  const { runs } = database;
  return {
    started: (summary) =>
      runs.db.transaction('rw', runs, async () => {
        await runs.put(summary);
        const tooMany = (await runs.count()) - LIMITS.runsKept.standard;
        if (tooMany > 0) await runs.orderBy('startedAtMs').limit(tooMany).delete();
      }),
    ended: async (runId, outcome) => {
      await runs.update(runId, { outcome: withoutOutput(outcome) });
    },
    recent: (most) => runs.orderBy('startedAtMs').reverse().limit(most).toArray(),
    endAbandoned: () =>
      runs
        .filter((row) => row.outcome === null)
        .modify((row: { outcome: Outcome | null }) => {
          row.outcome ??= {
            kind: 'crashed',
            code: 'host/lost',
            detail: null,
            sessionLost: true,
            timeMs: 0,
            memoryBytes: 0,
          };
        }),
  };
}
