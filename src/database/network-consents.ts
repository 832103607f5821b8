import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { dropOldest } from './drop-oldest.ts';
import type { CompanionDatabase, ConsentRow } from './open-database.ts';

/** Which origins a person allowed for which conversation. Everything rejects when the database cannot be used. */
export interface NetworkConsents {
  find(sessionId: SessionId): Promise<ConsentRow | null>;
  put(row: ConsentRow): Promise<void>;
  remove(sessionId: SessionId): Promise<void>;
  /** Adds to what was used, in bytes; nothing where there is no consent. */
  use(sessionId: SessionId, bytes: { readonly out: number; readonly in: number }): Promise<void>;
}

export function createNetworkConsents({ consents }: CompanionDatabase): NetworkConsents {
  return {
    find: async (sessionId) => (await consents.get(sessionId)) ?? null,
    put: (row) =>
      consents.db.transaction('rw', consents, async () => {
        await consents.put(row);
        await dropOldest(consents, 'atMs', LIMITS.networkSessionsKept.standard);
      }),
    remove: (sessionId) => consents.delete(sessionId),
    use: async (sessionId, bytes) => {
      await consents
        .where('sessionId')
        .equals(sessionId)
        .modify((row: { usedBytes: number; sentBytes?: number }) => {
          row.usedBytes += bytes.out + bytes.in;
          row.sentBytes = (row.sentBytes ?? 0) + bytes.out;
        });
    },
  };
}
