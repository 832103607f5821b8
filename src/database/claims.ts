import type { CallKey, RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
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
  return {
    claim: (callKey, runId, atMs) =>
      claims.db.transaction('rw', claims, async () => {
        const earlier = await claims.get(callKey);
        if (earlier !== undefined) return earlier.runId;
        await claims.add({ callKey, runId, atMs });
        // The oldest go: calls of that long ago come back as history, which never starts by itself.
        const tooMany = (await claims.count()) - LIMITS.claimsKept.standard;
        if (tooMany > 0) await claims.orderBy('atMs').limit(tooMany).delete();
        return null;
      }),
  };
}
