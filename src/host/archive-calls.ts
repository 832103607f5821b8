import { fail, type Result } from '../base/index.ts';
import type { EngineDoor } from '../contracts/doors/engine.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { SessionFiles } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { exportZip, importZip, type Workspace } from '../workspace/index.ts';
import type { Handlers, InSession } from './handlers.ts';
import { createFileCounts } from './file-counts.ts';
import { belowRoot, readPiece } from './session-file-calls.ts';

export type ArchiveMethod = 'countFiles' | 'exportZip' | 'importZip' | 'readPiece';

/** Of a session's files: their number, and zips out of them and into them; one at a time for each session, as they are made aside in its tree. */
export function createArchiveHandlers(
  workspace: Workspace,
  inSession: InSession,
): Pick<Handlers<EngineDoor>, ArchiveMethod> {
  const countFiles = createFileCounts(workspace);
  const last = new Map<SessionId, Promise<unknown>>();
  const inTurn = <T>(
    sessionId: SessionId,
    act: (files: SessionFiles) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    const files = workspace.filesOf(sessionId);
    // `act` answers its failures; it does not reject.
    const turn = (last.get(sessionId) ?? Promise.resolve()).then(() => act(files));
    last.set(sessionId, turn);
    void turn.finally(() => {
      if (last.get(sessionId) === turn) last.delete(sessionId);
    });
    return turn;
  };
  return {
    exportZip: ({ sessionId, path }, { caller }) =>
      inSession(caller, sessionId, (kept) =>
        inTurn(kept, (files) => exportZip(files, { path: belowRoot(files, path) })),
      ),
    importZip: ({ sessionId, path, into }, { caller }) =>
      inSession(caller, sessionId, (kept) =>
        inTurn(kept, async (files) => {
          const imported = await importZip(files, { path: belowRoot(files, path), into: belowRoot(files, into) });
          // A person who is told that files are kept may switch the machine off.
          const isKept = await workspace.flush(kept);
          return imported.ok && !isKept ? fail(appError('files/no-space')) : imported;
        }),
      ),
    countFiles: ({ sessionId }, { caller }) => inSession(caller, sessionId, countFiles),
    readPiece: ({ sessionId, path, position }, { caller }) =>
      inSession(caller, sessionId, (kept) => readPiece(workspace.filesOf(kept), path, position)),
  };
}
