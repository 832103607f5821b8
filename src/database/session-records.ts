import type { SessionId } from '../contracts/ids.ts';
import type { CompanionDatabase } from './open-database.ts';

/** `private`: a person put a file into it. `variables`: runs left variables in an engine, wherever that is now. */
export type SessionMark = 'private' | 'variables';

/** What outlives the host of a session, besides its files. Everything rejects when the database cannot be used. */
export interface SessionRecords {
  /** The name under which the session is kept: its own, unless it took over another's. */
  storedAs(sessionId: SessionId): Promise<SessionId>;
  /** `to` is another name of `from` from now on, durably. False when `to` is one already, of another session. */
  addAlias(from: SessionId, to: SessionId): Promise<boolean>;
  hasMark(sessionId: SessionId, mark: SessionMark): Promise<boolean>;
  setMark(sessionId: SessionId, mark: SessionMark, isSet: boolean): Promise<void>;
}

export function createSessionRecords({ aliases, marks }: CompanionDatabase): SessionRecords {
  const keyOf = (sessionId: SessionId, mark: SessionMark): string => `${mark} ${sessionId}`;
  return {
    storedAs: async (sessionId) => ((await aliases.get(sessionId))?.storedAs ?? sessionId) as SessionId,
    addAlias: (from, to) =>
      aliases.db.transaction('rw', aliases, async () => {
        const earlier = await aliases.get(to);
        if (earlier !== undefined) return earlier.storedAs === from;
        await aliases.add({ sessionId: to, storedAs: from });
        return true;
      }),
    hasMark: async (sessionId, mark) => (await marks.get(keyOf(sessionId, mark))) !== undefined,
    async setMark(sessionId, mark, isSet) {
      if (isSet) await marks.put({ mark: keyOf(sessionId, mark) });
      else await marks.delete(keyOf(sessionId, mark));
    },
  };
}
