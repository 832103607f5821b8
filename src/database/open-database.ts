import { Dexie, type Table } from 'dexie';
import type { CallKey, RunId } from '../contracts/ids.ts';
import type { RunSummary } from '../contracts/run.ts';

export interface ClaimRow {
  readonly callKey: CallKey;
  readonly runId: RunId;
  readonly atMs: number;
}

/** The database of the world that owns runs. Opaque to everybody else: repositories take it. */
export interface CompanionDatabase {
  readonly claims: Table<ClaimRow, string>;
  readonly runs: Table<RunSummary, string>;
  close(): void;
}

/** Version 1: `claims` by call key, `runs` by run id, both read back in order of time. */
export function openDatabase(name = 'companion'): CompanionDatabase {
  // A claim must be on disk before its run starts, or a crash in between would let the call run twice.
  const dexie = new Dexie(name, { chromeTransactionDurability: 'strict' });
  dexie.version(1).stores({ claims: 'callKey, atMs', runs: 'runId, startedAtMs' });
  return { claims: dexie.table('claims'), runs: dexie.table('runs'), close: () => dexie.close() };
}
