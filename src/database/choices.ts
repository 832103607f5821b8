import { LIMITS } from '../contracts/limits.ts';
import { dropOldest } from './drop-oldest.ts';
import type { CompanionDatabase, SessionChoicesRow } from './open-database.ts';

/** What a person chose for single conversations; the oldest go. Everything rejects when the database cannot be used. */
export interface ChoiceRecords {
  all(): Promise<readonly SessionChoicesRow[]>;
  put(row: SessionChoicesRow): Promise<void>;
}

export function createChoiceRecords({ choices }: CompanionDatabase): ChoiceRecords {
  return {
    all: () => choices.orderBy('atMs').toArray(),
    put: (row) =>
      choices.db.transaction('rw', choices, async () => {
        await choices.put(row);
        await dropOldest(choices, 'atMs', LIMITS.sessionChoicesKept.standard);
      }),
  };
}
