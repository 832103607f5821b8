import type { AppError } from '../contracts/errors.ts';
import type { FileCount } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { ok, type Result } from '../base/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { listFiles } from './session-file-calls.ts';

interface Kept {
  readonly sessionId: SessionId;
  /** Null from a change on until it is asked for again. */
  counted: Promise<Result<FileCount, AppError>> | null;
  readonly ended: AbortController;
}

/**
 * Counts the files of a conversation, again only after its tree has changed: who shows the number asks every few seconds. One
 * conversation is watched at a time, as one is shown.
 */
export function createFileCounts(
  workspace: Pick<Workspace, 'filesOf' | 'damaged'>,
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
    const answer = await counted;
    if (!answer.ok && entry.counted === counted) entry.counted = null;
    return answer;
  };
}

async function count(
  workspace: Pick<Workspace, 'filesOf' | 'damaged'>,
  sessionId: SessionId,
): Promise<Result<FileCount, AppError>> {
  const listed = await listFiles(workspace.filesOf(sessionId));
  if (!listed.ok) return listed;
  const bytes = listed.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return ok({ count: listed.value.length, bytes, damaged: await workspace.damaged(sessionId) });
}
