import { Dexie } from 'dexie';
import type { CallKey, RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { createDropping } from './drop-oldest.ts';
import type { CompanionDatabase } from './open-database.ts';

export interface Claims {
  /**
   * Takes a call key for a run, for ever and in all tabs. Null when it is now this run's; else the run that has it.
   * Settles when the claim is on disk. Rejects when the database cannot be written.
   */
  claim(callKey: CallKey, runId: RunId, atMs: number): Promise<RunId | null>;
}

export function createClaims(database: CompanionDatabase): Claims {
  const { claims } = database;
  // The oldest go: calls of that long ago come back as history, which never starts by itself.
  const drop = createDropping(claims, 'atMs', LIMITS.claimsKept.standard);
  const claim: Claims['claim'] = async (callKey, runId, atMs) => {
    try {
      // A run waits for this: one request, which the database refuses where the key is there.
      await claims.add({ callKey, runId, atMs });
    } catch (cause) {
      if (!(cause instanceof Dexie.ConstraintError)) throw cause;
      const earlier = await claims.get(callKey);
      // Gone in between, as the oldest one.
      return earlier === undefined ? claim(callKey, runId, atMs) : earlier.runId;
    }
    drop();
    return null;
  };
  return { claim };
}
