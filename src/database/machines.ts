import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { dropOldest } from './drop-oldest.ts';
import type { CompanionDatabase, MachinesRow } from './open-database.ts';

/** The machines that a person made for conversations. Everything rejects when the database cannot be used. */
export interface MachineRecords {
  all(): Promise<readonly MachinesRow[]>;
  /** Settles once it is on the disk. */
  put(row: MachinesRow): Promise<void>;
  remove(sessionId: SessionId): Promise<void>;
}

export function createMachineRecords({ machines }: CompanionDatabase): MachineRecords {
  return {
    all: () => machines.orderBy('atMs').toArray(),
    put: (row) =>
      machines.db.transaction('rw', machines, async () => {
        await machines.put(row);
        await dropOldest(machines, 'atMs', LIMITS.machineSessionsKept.standard);
      }),
    remove: (sessionId) => machines.delete(sessionId),
  };
}
