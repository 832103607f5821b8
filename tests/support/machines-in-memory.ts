import type { MachineRecords } from '../../src/database/index.ts';

type Row = Parameters<MachineRecords['put']>[0];

/** The records of machines without a database; a second book may be given the same. */
export function machinesInMemory(): MachineRecords {
  const rows = new Map<string, Row>();
  return {
    all: async () => [...rows.values()],
    put: async (row) => void rows.set(row.sessionId, structuredClone(row)),
    remove: async (sessionId) => void rows.delete(sessionId),
  };
}
