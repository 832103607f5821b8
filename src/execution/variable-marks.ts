import type { SessionId } from '../contracts/ids.ts';
import type { SessionRecords } from '../database/index.ts';

/** Notes, for hosts to come, which sessions have variables. */
export class VariableMarks {
  readonly #records: Pick<SessionRecords, 'hasMark' | 'setMark'>;
  /** Sessions whose variables this host has noted: once is enough. */
  readonly #noted = new Set<SessionId>();

  constructor(records: Pick<SessionRecords, 'hasMark' | 'setMark'>) {
    this.#records = records;
  }

  async has(sessionId: SessionId): Promise<boolean> {
    try {
      return await this.#records.hasMark(sessionId, 'variables');
    } catch (cause) {
      // A notice less is better than no run.
      console.warn('not known whether variables are gone', cause);
      return false;
    }
  }

  note(sessionId: SessionId, isSet: boolean): void {
    if (isSet && this.#noted.has(sessionId)) return;
    if (isSet) this.#noted.add(sessionId);
    else this.#noted.delete(sessionId);
    this.#records.setMark(sessionId, 'variables', isSet).catch((cause: unknown) => {
      this.#noted.delete(sessionId);
      console.warn('variables of a session not noted', cause);
    });
  }
}
