import type { CallKey, RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { createDropping } from './drop-oldest.ts';
import type { ClaimRow, CompanionDatabase } from './open-database.ts';

export interface Claims {
  /**
   * Takes a call key for a run, for ever and in all tabs. Null when it is now this run's; else the run that has it.
   * Settles when the system has the claim (decision 0113). Rejects when the database cannot be written.
   */
  claim(callKey: CallKey, runId: RunId, atMs: number): Promise<RunId | null>;
}

export function createClaims(database: CompanionDatabase): Claims {
  const { claims } = database;
  const { db, name } = claims;
  let opening: PromiseLike<unknown> | null = null;
  /** Does not make its transaction wait for the disk, which Dexie can be asked for a whole database only. */
  const begin = (row: ClaimRow): IDBTransaction => {
    const transaction = db.backendDB().transaction(name, 'readwrite', { durability: 'relaxed' });
    transaction.objectStore(name).add(row);
    return transaction;
  };
  // While it opens all wait for one opening, so that the first to claim is the first to write.
  const open = () => (opening ??= db.open().finally(() => (opening = null)));
  const addAtOnce = async (row: ClaimRow): Promise<void> => {
    if (!db.isOpen()) await open();
    let transaction: IDBTransaction;
    try {
      transaction = begin(row);
    } catch (cause) {
      // A browser may end a connection by itself; whoever uses it next is the first to know.
      if (!(cause instanceof DOMException) || cause.name !== 'InvalidStateError') throw cause;
      if (opening === null) db.close({ disableAutoOpen: false });
      await open();
      transaction = begin(row);
    }
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('a claim was not written'));
    });
  };
  // The oldest go: calls of that long ago come back as history, which never starts by itself.
  const drop = createDropping(claims, 'atMs', LIMITS.claimsKept.standard);
  const claim: Claims['claim'] = async (callKey, runId, atMs) => {
    try {
      // A run waits for this: one request, which the database refuses where the key is there.
      await addAtOnce({ callKey, runId, atMs });
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== 'ConstraintError') throw cause;
      const earlier = await claims.get(callKey);
      // Gone in between, as the oldest one.
      return earlier === undefined ? claim(callKey, runId, atMs) : earlier.runId;
    }
    drop();
    return null;
  };
  return { claim };
}
