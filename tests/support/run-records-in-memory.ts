import type { RunId } from '../../src/contracts/ids.ts';
import type { RunSummary } from '../../src/contracts/run.ts';
import type {
  CachedResults,
  CachedRow,
  ChoiceRecords,
  EstimateRow,
  RunEstimates,
  RunHistory,
  SessionChoicesRow,
  TextRecords,
} from '../../src/database/index.ts';

/** The history of runs without a database; lists only by session. */
export function historyInMemory(rows: Map<RunId, RunSummary>): RunHistory {
  return {
    started: async (summary) => void rows.set(summary.runId, summary),
    ended: async (runId, outcome) => {
      const row = rows.get(runId);
      if (row) rows.set(runId, { ...row, outcome });
    },
    recent: async () => [...rows.values()],
    list: async ({ sessionId, most }) =>
      [...rows.values()].filter((row) => sessionId === undefined || row.sessionId === sessionId).slice(0, most),
    find: async (runId) => rows.get(runId) ?? null,
    endAbandoned: async () => 0,
  };
}

export function estimatesInMemory(): RunEstimates & { readonly rows: ReadonlyMap<string, EstimateRow> } {
  const rows = new Map<string, EstimateRow>();
  return {
    rows,
    all: async () => [...rows.values()].reverse(),
    async put(row) {
      rows.delete(row.key);
      rows.set(row.key, row);
    },
  };
}

export function choicesInMemory(): ChoiceRecords & { readonly rows: ReadonlyMap<string, SessionChoicesRow> } {
  const rows = new Map<string, SessionChoicesRow>();
  return { rows, all: async () => [...rows.values()], put: async (row) => void rows.set(row.sessionId, row) };
}

export function resultsInMemory(): CachedResults & { readonly kept: Map<string, CachedRow> } {
  const kept = new Map<string, CachedRow>();
  const bodies = new Map<string, Uint8Array>();
  return {
    kept,
    rows: async (tier) =>
      [...kept.values()].filter((row) => row.tier === tier).sort((one, other) => one.usedAtMs - other.usedAtMs),
    body: async (id) => bodies.get(id) ?? null,
    async put(row, body) {
      kept.set(row.id, row);
      bodies.set(row.id, body);
    },
    async used(id, usedAtMs) {
      const row = kept.get(id);
      if (row) kept.set(id, { ...row, usedAtMs });
    },
    async remove(ids) {
      for (const id of ids) {
        kept.delete(id);
        bodies.delete(id);
      }
    },
  };
}

export function textsInMemory(texts = new Map<string, string>()): TextRecords {
  return { read: async (name) => texts.get(name) ?? null, write: async (name, text) => void texts.set(name, text) };
}
