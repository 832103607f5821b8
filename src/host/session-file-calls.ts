import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { FILE_ERRNO_CODES } from '../contracts/file-errno-codes.ts';
import { type FileAnswer, type FileStat, isKeptByRunner, type SessionFiles } from '../contracts/files.ts';
import { LIMITS } from '../contracts/limits.ts';

const WINDOW_BYTES = 4 * 1024 * 1024;

type Answered = Extract<FileAnswer, { ok: true }>;

function answered(answer: FileAnswer): Result<Answered, AppError> {
  return answer.ok ? ok(answer) : fail(appError(FILE_ERRNO_CODES[answer.errno] ?? 'files/unavailable', answer.errno));
}

/** A program's path (`/mnt/data/x`) or one below the root; the workspace decides whether it is safe. */
export function belowRoot(files: SessionFiles, path: string): string {
  return path.startsWith(`${files.mountPath}/`) ? path.slice(files.mountPath.length + 1) : path;
}

/** Makes the directories above a file that are missing. */
async function makeParents(files: SessionFiles, path: string): Promise<Result<null, AppError>> {
  const names = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= names.length; depth += 1) {
    const answer = await files.perform({ op: 'mkdir', path: names.slice(0, depth).join('/') });
    // The write below it would only say that its directory is not there.
    if (!answer.ok && answer.errno === 'ENOSPC') return fail(appError('files/no-space', answer.errno));
    // One that exists already is fine; any other trouble shows when the file itself is written.
  }
  return ok(null);
}

async function writeBytes(
  files: SessionFiles,
  path: string,
  bytes: Uint8Array,
  from: number,
): Promise<Result<null, AppError>> {
  for (let at = 0; at === 0 || at < bytes.length; at += WINDOW_BYTES) {
    const piece = bytes.subarray(at, at + WINDOW_BYTES);
    const position = from + at;
    const truncateTo = position === 0 ? 0 : null;
    const written = answered(await files.perform({ op: 'write', path, position, bytes: piece, truncateTo }));
    if (written.ok) continue;
    // Half a file is worse than none. What went wrong at the very beginning made nothing, and may have left an earlier file as it was.
    if (from === 0 && at > 0) await files.perform({ op: 'remove', path });
    return written;
  }
  return ok(null);
}

/**
 * Writes the whole file, over an earlier one of that name; or, from a position beyond its start, a piece of it. A whole file that
 * fails half-way is removed.
 */
export async function addFile(
  files: SessionFiles,
  name: string,
  bytes: Uint8Array,
  from = 0,
): Promise<Result<FileStat, AppError>> {
  const path = belowRoot(files, name);
  if (path.includes('..')) {
    const checked = answered(await files.perform({ op: 'stat', path }));
    if (!checked.ok && checked.error.code === 'files/bad-path') return checked;
  }
  const parents = await makeParents(files, path);
  if (!parents.ok) return parents;
  const written = await writeBytes(files, path, bytes, from);
  if (!written.ok) return written;
  const stat = answered(await files.perform({ op: 'stat', path }));
  if (!stat.ok) return stat;
  return stat.value.stat ? ok(stat.value.stat) : fail(appError('files/unavailable'));
}

/** `files/too-large` above what one message may carry. */
export async function readFile(
  files: SessionFiles,
  name: string,
): Promise<Result<{ readonly bytes: Uint8Array }, AppError>> {
  const path = belowRoot(files, name);
  const stat = answered(await files.perform({ op: 'stat', path }));
  if (!stat.ok) return stat;
  const sizeBytes = stat.value.stat?.sizeBytes ?? 0;
  if (stat.value.stat?.kind !== 'file') return fail(appError('files/bad-path', 'EISDIR'));
  if (sizeBytes > LIMITS.messageBytes.standard - WINDOW_BYTES) return fail(appError('files/too-large'));
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  while (at < sizeBytes) {
    const length = Math.min(WINDOW_BYTES, sizeBytes - at);
    const read = answered(await files.perform({ op: 'read', path, position: at, length }));
    if (!read.ok) return read;
    const piece = read.value.bytes;
    // Cut short by somebody else meanwhile: what is there is what the file is now.
    if (piece === undefined || piece.length === 0) break;
    whole.set(piece, at);
    at += piece.length;
  }
  return ok({ bytes: whole.subarray(0, at) });
}

/** At most `filePieceBytes` of a file from `position` on, nothing at its end; and how the file is after that. */
export async function readPiece(
  files: SessionFiles,
  name: string,
  position: number,
): Promise<Result<{ readonly bytes: Uint8Array; readonly stat: FileStat }, AppError>> {
  const path = belowRoot(files, name);
  const length = LIMITS.filePieceBytes.standard;
  const read = answered(await files.perform({ op: 'read', path, position, length }));
  if (!read.ok) return read;
  const after = answered(await files.perform({ op: 'stat', path }));
  if (!after.ok) return after;
  const { stat } = after.value;
  if (stat === undefined) return fail(appError('files/unavailable'));
  return ok({ bytes: read.value.bytes ?? new Uint8Array(0), stat });
}

export async function removeFile(files: SessionFiles, name: string): Promise<Result<null, AppError>> {
  const removed = answered(await files.perform({ op: 'remove', path: belowRoot(files, name) }));
  return removed.ok ? ok(null) : removed;
}

/** The person's and the programs' own files; what the runner keeps is reached by the card that names it. */
export async function listFiles(files: SessionFiles): Promise<Result<readonly FileStat[], AppError>> {
  try {
    return ok((await files.all()).filter(({ path }) => !isKeptByRunner(path)));
  } catch (cause) {
    return fail(appError('files/unavailable', undefined, cause));
  }
}
