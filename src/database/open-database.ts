import { Dexie, type Table } from 'dexie';
import type { CopiedFolder } from '../contracts/copied-folders.ts';
import type { CallKey, RunId } from '../contracts/ids.ts';
import type { MachineSpec } from '../contracts/machine-spec.ts';
import type { EgressEntry } from '../contracts/network.ts';
import type { RunSummary } from '../contracts/run.ts';
import type { SessionChoices } from '../contracts/selection.ts';

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

/** What runs of one kind took: `key` is a hash of code, or a language with its imports. No code is in it. */
export interface EstimateRow {
  readonly key: string;
  /** Runs that went into it. */
  readonly count: number;
  readonly timeMs: number;
  readonly memoryMB: number;
  readonly atMs: number;
}

export interface SessionChoicesRow extends Omit<SessionChoices, 'limits' | 'commands'> {
  readonly sessionId: string;
  /** Not there in rows of before each limit was chosen apart. */
  readonly limits?: SessionChoices['limits'];
  /** Not there in rows of before commands were asked about. */
  readonly commands?: readonly string[];
  readonly atMs: number;
}

/** A result of a program: `id` is its tier and key. */
export interface CachedRow {
  readonly id: string;
  readonly tier: string;
  /** Of its body, as it is stored. */
  readonly bytes: number;
  /** When the program ran. */
  readonly madeAtMs: number;
  /** From then on it is no answer any more. */
  readonly endsAtMs: number;
  readonly usedAtMs: number;
}

export interface CachedBodyRow {
  readonly id: string;
  readonly body: Uint8Array;
}

/** What a person allowed the programs of a conversation to reach. */
export interface ConsentRow {
  readonly sessionId: string;
  readonly origins: readonly string[];
  readonly usedBytes: number;
  /** Not there in rows of before it was counted apart. */
  readonly sentBytes?: number;
  readonly atMs: number;
}

/** A text that a person wrote, by what it is for. */
export interface TextRow {
  readonly name: string;
  readonly text: string;
}

/** An engine as its session left it. */
export interface SavedEngineRow {
  readonly sessionId: string;
  readonly atMs: number;
  /** Of its state: an index knows it without reading that. */
  readonly bytes: number;
  readonly state: Uint8Array;
}

/** The machines that a person made for a conversation, and the name of the one that it uses; null: the usual one. */
export interface MachinesRow {
  readonly sessionId: string;
  readonly machines: readonly MachineSpec[];
  readonly chosen: string | null;
  readonly atMs: number;
}

/** The database of the world that owns runs; the page that copies folders opens it too, as handles cross no port. Opaque to everybody else: repositories take it. */
export interface CompanionDatabase {
  readonly claims: Table<ClaimRow, string>;
  readonly runs: Table<RunSummary, string>;
  readonly aliases: Table<AliasRow, string>;
  readonly marks: Table<MarkRow, string>;
  readonly estimates: Table<EstimateRow, string>;
  readonly choices: Table<SessionChoicesRow, string>;
  readonly results: Table<CachedRow, string>;
  readonly resultBodies: Table<CachedBodyRow, string>;
  readonly consents: Table<ConsentRow, string>;
  readonly egress: Table<EgressEntry, number>;
  readonly texts: Table<TextRow, string>;
  readonly engines: Table<SavedEngineRow, string>;
  readonly folders: Table<CopiedFolder, readonly [string, string]>;
  readonly machines: Table<MachinesRow, string>;
  close(): void;
}

/**
 * Version 1: `claims` by call key, `runs` by run id, both read back in order of time. Version 2 adds `aliases` by the
 * session's second name and `marks` by kind and session. Version 3 adds what past runs took and what a
 * person chose for a conversation, both let go by age.
 * Version 4 adds results of programs that depend on nothing, let go by age and size.
 * Version 5 adds which origins a conversation may reach, and what its programs asked of the network, by number.
 * Version 6 adds texts that a person wrote, by name.
 * Version 7 adds engines as their sessions left them, by number.
 * Version 8 adds folders that were copied into conversations, with the browser's handles of them.
 * Version 9 adds machines that a person made for conversations.
 * Version 10 adds how large each saved engine is.
 */
export function openDatabase(name = 'companion'): CompanionDatabase {
  // What a person is told is kept is on the disk then; claims go another way (decision 0113).
  const dexie = new Dexie(name, { chromeTransactionDurability: 'strict', cache: 'disabled' });
  dexie.version(1).stores({ claims: 'callKey, atMs', runs: 'runId, startedAtMs' });
  dexie.version(2).stores({ aliases: 'sessionId', marks: 'mark' });
  dexie.version(3).stores({ estimates: 'key, atMs', choices: 'sessionId, atMs' });
  dexie.version(4).stores({ results: 'id, tier', resultBodies: 'id' });
  dexie.version(5).stores({ consents: 'sessionId, atMs', egress: '++' });
  dexie.version(6).stores({ texts: 'name' });
  dexie.version(7).stores({ engines: 'sessionId, atMs' });
  dexie.version(8).stores({ folders: '[sessionId+target], sessionId, atMs' });
  dexie.version(9).stores({ machines: 'sessionId, atMs' });
  dexie
    .version(10)
    .stores({ engines: 'sessionId, atMs, [atMs+bytes]' })
    .upgrade((upgrade) =>
      upgrade
        .table<SavedEngineRow, string>('engines')
        .toCollection()
        .modify((row) => {
          Object.assign(row, { bytes: row.state.length });
        }),
    );
  return {
    claims: dexie.table('claims'),
    runs: dexie.table('runs'),
    aliases: dexie.table('aliases'),
    marks: dexie.table('marks'),
    estimates: dexie.table('estimates'),
    choices: dexie.table('choices'),
    results: dexie.table('results'),
    resultBodies: dexie.table('resultBodies'),
    consents: dexie.table('consents'),
    egress: dexie.table('egress'),
    texts: dexie.table('texts'),
    engines: dexie.table('engines'),
    folders: dexie.table('folders'),
    machines: dexie.table('machines'),
    close: () => dexie.close(),
  };
}
