import { type AppError, appError } from '../contracts/errors.ts';
import { type FileCount, isKeptByRunner } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { fail, ok, type Result } from '../base/index.ts';
import type { Workspace } from '../workspace/index.ts';

interface Kept {
  readonly sessionId: SessionId;
  /** Null from a change on until it is asked for again. */
  counted: Promise<FileCount> | null;
  readonly ended: AbortController;
}

/**
 * Counts the files of a conversation, again only after its tree has changed: who shows the number asks every few seconds. One
 * conversation is watched at a time, as one is shown.
 */
export function createFileCounts(
  workspace: Pick<Workspace, 'filesOf'>,
): (sessionId: SessionId) => Promise<Result<FileCount, AppError>> {
  let kept: Kept | null = null;
  const watch = (sessionId: SessionId): Kept => {
    kept?.ended.abort();
    const made: Kept = { sessionId, counted: null, ended: new AbortController() };
    workspace.filesOf(sessionId).onChange(() => (made.counted = null), { signal: made.ended.signal });
    kept = made;
    return made;
  };
  return async (sessionId) => {
    const entry = kept?.sessionId === sessionId ? kept : watch(sessionId);
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
