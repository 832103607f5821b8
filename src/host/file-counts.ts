import { type AppError, appError } from '../contracts/errors.ts';
import { type FileCount, isKeptByRunner } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { fail, ok, type Result } from '../base/index.ts';
import type { Workspace } from '../workspace/index.ts';

/** Conversations whose count is kept; the one asked for longest ago is counted anew. */
const KEPT = 32;

interface Kept {
  /** Null from a change on until it is asked for again. */
  counted: Promise<FileCount> | null;
  readonly ended: AbortController;
}

/** Counts the files of conversations, each again only after its tree has changed: who shows the number asks every few seconds. */
export function createFileCounts(
  workspace: Pick<Workspace, 'filesOf' | 'onChange'>,
): (sessionId: SessionId) => Promise<Result<FileCount, AppError>> {
  const kept = new Map<SessionId, Kept>();
  const begin = (sessionId: SessionId): Kept => {
    const made: Kept = { counted: null, ended: new AbortController() };
    workspace.onChange(sessionId, () => (made.counted = null), { signal: made.ended.signal });
    return made;
  };
  const watched = (sessionId: SessionId): Kept => {
    const entry = kept.get(sessionId) ?? begin(sessionId);
    kept.delete(sessionId);
    kept.set(sessionId, entry);
    const [oldest, beyond] = kept.size > KEPT ? (kept.entries().next().value ?? []) : [];
    beyond?.ended.abort();
    if (oldest !== undefined) kept.delete(oldest);
    return entry;
  };
  return async (sessionId) => {
    const entry = watched(sessionId);
    const counted = (entry.counted ??= count(workspace, sessionId));
    try {
      return ok(await counted);
    } catch (cause) {
      if (entry.counted === counted) entry.counted = null;
      return fail(appError('files/unavailable', undefined, cause));
    }
  };
}

async function count(workspace: Pick<Workspace, 'filesOf'>, sessionId: SessionId): Promise<FileCount> {
  const files = (await workspace.filesOf(sessionId).all()).filter(({ path }) => !isKeptByRunner(path));
  return { count: files.length, bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}
