import { OWN_SESSIONS, type SessionId } from '../contracts/ids.ts';

const APART = `${OWN_SESSIONS}apart:`;
const MACHINE = `${OWN_SESSIONS}machine:`;

/** A session of its own, with the files of another and none of its variables. `mark` is a random or a run's id. */
export function apartSession(mark: string, owner: SessionId): SessionId {
  return `${APART}${mark} ${owner}` as SessionId;
}

/** The session of a machine that a person made for another session, with that one's files. */
export function machineSession(name: string, owner: SessionId): SessionId {
  return `${MACHINE}${name} ${owner}` as SessionId;
}

/** The session whose files a session sees: its own, but for one apart from another and for a machine of another. */
export function ownerOfFiles(sessionId: SessionId): SessionId {
  const isOfAnother = sessionId.startsWith(APART) || sessionId.startsWith(MACHINE);
  return isOfAnother ? ownerOfFiles(withoutMark(sessionId)) : sessionId;
}

/** The name of the machine whose session it is, or from which it is apart; null where that is the usual one. */
export function machineNameOf(sessionId: SessionId): string | null {
  if (sessionId.startsWith(APART)) return machineNameOf(withoutMark(sessionId));
  return sessionId.startsWith(MACHINE) ? sessionId.slice(MACHINE.length, sessionId.indexOf(' ')) : null;
}

const withoutMark = (sessionId: SessionId): SessionId => sessionId.slice(sessionId.indexOf(' ') + 1) as SessionId;
