import type { EgressEntry } from '../contracts/network.ts';
import { LIMITS } from '../contracts/limits.ts';
import { dropOldest } from './drop-oldest.ts';
import type { CompanionDatabase } from './open-database.ts';

/** What programs asked of the network; the oldest go. Everything rejects when the database cannot be used. */
export interface EgressLog {
  add(entry: EgressEntry): Promise<void>;
  /** Newest first. */
  latest(most: number): Promise<readonly EgressEntry[]>;
  clear(): Promise<void>;
}

export function createEgressLog({ egress }: CompanionDatabase): EgressLog {
  return {
    add: (entry) =>
      egress.db.transaction('rw', egress, async () => {
        await egress.add(entry);
        await dropOldest(egress, ':id', LIMITS.egressRowsKept.standard);
      }),
    clear: () => egress.clear(),
    latest: async (most) => {
      const rows = await egress.orderBy(':id').reverse().limit(most).toArray();
      return rows.map(({ atMs, sessionId, runner, method, address, status, bytesOut, bytesIn, outcome }) => ({
        atMs,
        sessionId,
        runner,
        method,
        address,
        status,
        bytesOut,
        bytesIn,
        outcome,
      }));
    },
  };
}
