import type { RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { RunFilter, RunSummary } from '../contracts/run.ts';
import { createDropping } from './drop-oldest.ts';
import type { CompanionDatabase } from './open-database.ts';

/** What ran, without code or output. */
export interface RunHistory {
  started(summary: RunSummary): Promise<void>;
  ended(runId: RunId, outcome: Outcome): Promise<void>;
  /** Newest first. */
  recent(most: number): Promise<readonly RunSummary[]>;
  /** Newest first. */
  list(filter: RunFilter): Promise<readonly RunSummary[]>;
  find(runId: RunId): Promise<RunSummary | null>;
  /** Ends the runs that were under way when an earlier host died; answers how many. */
  endAbandoned(): Promise<number>;
}

/** What a program computed or printed is not kept: only how it ended. */
function withoutOutput(outcome: Outcome): Outcome {
  if (outcome.kind !== 'completed') return outcome;
  const error = outcome.error && { ...outcome.error, message: '', traceback: null, suggestions: [] };
  return { ...outcome, result: null, error };
}

function isWanted(
  row: RunSummary,
  { sessionId, language, outcome }: Pick<RunFilter, 'sessionId' | 'language' | 'outcome'>,
): boolean {
  if (sessionId !== undefined && row.sessionId !== sessionId) return false;
  if (language !== undefined && row.language !== language) return false;
  switch (outcome) {
    case undefined:
      return true;
    case 'active':
      return row.outcome === null;
    case 'failed':
      return row.outcome !== null && hasFailed(row.outcome);
    default:
      return row.outcome?.kind === outcome;
  }
}

/** A run that a person stopped did not fail. */
function hasFailed(outcome: Outcome): boolean {
  if (outcome.kind === 'completed') return outcome.error !== null || outcome.exitCode !== 0;
  return outcome.kind !== 'cancelled';
}

export function createRunHistory(database: CompanionDatabase): RunHistory {
  const { runs } = database;
  const drop = createDropping(runs, 'startedAtMs', LIMITS.runsKept.standard);
  return {
    async started(summary) {
      await runs.put(summary);
      drop();
    },
    ended: async (runId, outcome) => {
      await runs.update(runId, { outcome: withoutOutput(outcome) });
    },
    recent: (most) => runs.orderBy('startedAtMs').reverse().limit(most).toArray(),
    list: ({ sinceMs = 0, beforeMs = Number.MAX_SAFE_INTEGER, most, ...wanted }) =>
      runs
        .where('startedAtMs')
        .between(sinceMs, beforeMs)
        .reverse()
        .filter((row) => isWanted(row, wanted))
        .limit(most)
        .toArray(),
    find: async (runId) => (await runs.get(runId)) ?? null,
    endAbandoned: () =>
      runs
        .filter((row) => row.outcome === null)
        .modify((row: { outcome: Outcome | null }) => {
          row.outcome ??= {
            kind: 'crashed',
            // what a page that waits for it is told
            code: 'run/not-found',
            detail: null,
            sessionLost: true,
            timeMs: 0,
            memoryBytes: 0,
          };
        }),
  };
}
