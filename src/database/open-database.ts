import { Dexie, type Table } from 'dexie';
import type { CallKey, RunId } from '../contracts/ids.ts';
import type { RunSummary } from '../contracts/run.ts';

export interface ClaimRow {
  readonly callKey: CallKey;
  readonly runId: RunId;
  readonly atMs: number;
}

/** A session that goes under a second name. */
export interface AliasRow {
  readonly sessionId: string;
  readonly storedAs: string;
}

/** A fact about a session: there or not. */
export interface MarkRow {
  readonly mark: string;
}

/** The database of the world that owns runs. Opaque to everybody else: repositories take it. */
export interface CompanionDatabase {
  readonly claims: Table<ClaimRow, string>;
  readonly runs: Table<RunSummary, string>;
  readonly aliases: Table<AliasRow, string>;
  readonly marks: Table<MarkRow, string>;
  close(): void;
}

/**
 * Version 1: `claims` by call key, `runs` by run id, both read back in order of time. Version 2 adds `aliases` by the
 * session's second name and `marks` by kind and session.
 */
export function openDatabase(name = 'companion'): CompanionDatabase {
  // A claim must be on disk before its run starts, or a crash in between would let the call run twice.
  const dexie = new Dexie(name, { chromeTransactionDurability: 'strict' });
  dexie.version(1).stores({ claims: 'callKey, atMs', runs: 'runId, startedAtMs' });
  dexie.version(2).stores({ aliases: 'sessionId', marks: 'mark' });
  return {
    claims: dexie.table('claims'),
    runs: dexie.table('runs'),
    aliases: dexie.table('aliases'),
    marks: dexie.table('marks'),
    close: () => dexie.close(),
  };
}
