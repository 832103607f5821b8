import { type AppError, type AppErrorCode, appError } from '../../contracts/errors.ts';
import { FILE_ERRNO_CODES } from '../../contracts/file-errno-codes.ts';
import type { FileAnswer, FileOperation, SessionFiles } from '../../contracts/files.ts';

/** Ends an import or export with what the person is told. */
export class ArchiveFailure extends Error {
  readonly failure: AppError;
  constructor(code: AppErrorCode, detail?: string) {
    super(detail ?? code);
    this.failure = appError(code, detail);
  }
}

const CODES: typeof FILE_ERRNO_CODES = {
  ...FILE_ERRNO_CODES,
  EEXIST: 'files/bad-path',
};

/** Throws an `ArchiveFailure` for what the tree refuses. */
export async function done(files: SessionFiles, operation: FileOperation): Promise<Extract<FileAnswer, { ok: true }>> {
  const answer = await files.perform(operation);
  if (answer.ok) return answer;
  throw new ArchiveFailure(CODES[answer.errno] ?? 'files/unavailable', `${operation.path}: ${answer.errno}`);
}

/** Removes what is at a path, with all that is in it; nothing where nothing is. */
export async function removeAll(files: SessionFiles, path: string): Promise<void> {
  const listed = await files.perform({ op: 'list', path });
  if (listed.ok) for (const entry of listed.entries ?? []) await removeAll(files, entry.path);
  const removed = await files.perform({ op: 'remove', path });
  if (!removed.ok && removed.errno !== 'ENOENT') throw new ArchiveFailure('files/unavailable', removed.errno);
}

/** Makes a folder and those above it, where they are missing. */
export async function makeFolders(files: SessionFiles, path: string): Promise<void> {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth <= names.length; depth += 1) {
    const folder = names.slice(0, depth).join('/');
    const made = await files.perform({ op: 'mkdir', path: folder });
    if (!made.ok && made.errno !== 'EEXIST') await done(files, { op: 'mkdir', path: folder });
  }
}
