import { OWN_SESSIONS, type SessionId } from '../contracts/ids.ts';

const APART = `${OWN_SESSIONS}apart:`;

/** A session of its own, with the files of another and none of its variables. `mark` is a random or a run's id. */
export function apartSession(mark: string, owner: SessionId): SessionId {
  return `${APART}${mark} ${owner}` as SessionId;
}

/** The session whose files a session sees: its own, but for one apart from another. */
export function ownerOfFiles(sessionId: SessionId): SessionId {
  if (!sessionId.startsWith(APART)) return sessionId;
  return sessionId.slice(sessionId.indexOf(' ') + 1) as SessionId;
}
