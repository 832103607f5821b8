import type { EgressEntry } from '../../src/contracts/network.ts';
import type { ConsentRow, EgressLog, NetworkConsents } from '../../src/database/index.ts';

/** What conversations may reach, without a database. */
export function consentsInMemory(): NetworkConsents {
  const rows = new Map<string, ConsentRow>();
  return {
    find: async (sessionId) => rows.get(sessionId) ?? null,
    put: async (row) => void rows.set(row.sessionId, row),
    remove: async (sessionId) => void rows.delete(sessionId),
    use: async (sessionId, bytes) => {
      const row = rows.get(sessionId);
      if (!row) return;
      const usedBytes = row.usedBytes + bytes.out + bytes.in;
      rows.set(sessionId, { ...row, usedBytes, sentBytes: (row.sentBytes ?? 0) + bytes.out });
    },
  };
}

export function egressInMemory(): EgressLog & { readonly entries: readonly EgressEntry[] } {
  const entries: EgressEntry[] = [];
  return {
    entries,
    add: async (entry) => void entries.push(entry),
    clear: async () => void entries.splice(0),
    latest: async (most) => entries.slice(-most).reverse(),
  };
}
