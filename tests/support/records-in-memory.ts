import type { SessionId } from '../../src/contracts/ids.ts';
import type { SessionRecords } from '../../src/database/index.ts';

/** The records of sessions without a database; a second host may be given the same. */
export function recordsInMemory(): SessionRecords & { readonly marks: ReadonlySet<string> } {
  const aliases = new Map<SessionId, SessionId>();
  const marks = new Set<string>();
  return {
    marks,
    storedAs: async (sessionId) => aliases.get(sessionId) ?? sessionId,
    async addAlias(from, to) {
      const earlier = aliases.get(to) ?? from;
      aliases.set(to, earlier);
      return earlier === from;
    },
    hasMark: async (sessionId, mark) => marks.has(`${mark} ${sessionId}`),
    async setMark(sessionId, mark, isSet) {
      if (isSet) marks.add(`${mark} ${sessionId}`);
      else marks.delete(`${mark} ${sessionId}`);
    },
  };
}
