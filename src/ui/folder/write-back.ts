import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { CopiedFile, CopiedFolder, FileMark } from '../../contracts/copied-folders.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { FileStat } from '../../contracts/files.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { deviceMark, hereMark, isSame } from './copy-plan.ts';
import { entryIn, folderAt, type InPlace, type Made, removeMade } from './device-entries.ts';
import { SKIPPED_NAMES } from './local-folder.ts';
import type { WritableDirectory, WritableFile } from './picked-folder.ts';

/** A file of the conversation that is new, or another than was copied. */
export interface BackChange {
  /** Below the folder. */
  readonly path: string;
  readonly here: FileMark;
  /** The file on the device when it was copied; null for a new one. */
  readonly device: FileMark | null;
}

/** What writing a folder back to the device would do; files are never removed there. */
export interface BackPlan {
  readonly folder: CopiedFolder;
  readonly changes: readonly BackChange[];
  /** Changed files in folders that a program of the device trusts: they are not written. */
  readonly kept: readonly string[];
}

/** Why a file was not written; each leaves what is on the device as it is. */
export type NotWrittenWhy = 'device' | 'here' | 'refused' | InPlace;

export interface NotWritten {
  readonly path: string;
  readonly why: NotWrittenWhy;
}

export interface Written {
  readonly count: number;
  readonly notWritten: readonly NotWritten[];
  /** What ended it before its end: the conversation's files cannot be read. */
  readonly stoppedBy: AppError | null;
}

/** What became of one file. */
type Wrote =
  | { readonly kind: 'written'; readonly device: FileMark }
  | { readonly kind: 'left'; readonly why: NotWrittenWhy }
  /** By a person where nothing went wrong; the files after it are not begun. */
  | { readonly kind: 'ended'; readonly by: AppError | null };

const left = (why: NotWrittenWhy): Wrote => ({ kind: 'left', why });

/** Failures of one file, which is not what it was when it was listed; after any other the next one cannot be read either. */
const GONE: readonly string[] = ['files/not-found', 'files/bad-path'];

/** Compares the conversation's files with what was copied. Writes nothing. */
export function planBack(folder: CopiedFolder, there: readonly FileStat[]): BackPlan {
  const copied = new Map(folder.files.map((file) => [file.path, file]));
  const changes: BackChange[] = [];
  const kept: string[] = [];
  for (const stat of there) {
    if (!stat.path.startsWith(`${folder.target}/`)) continue;
    const path = stat.path.slice(folder.target.length + 1);
    const before = copied.get(path);
    if (before !== undefined && isSame(before.here, hereMark(stat))) continue;
    if (path.split('/').some(isTrusted)) kept.push(path);
    else changes.push({ path, here: hereMark(stat), device: before?.device ?? null });
  }
  return { folder, changes, kept };
}

/** A hook that a program put into `.git` would be run by the person's own git. Some devices know no case, and no signs without width. */
const isTrusted = (name: string): boolean =>
  SKIPPED_NAMES.includes(name.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '').toLowerCase());

interface BackWay {
  /** Ends it, also within a file, which is then as it was before. */
  readonly signal: AbortSignal;
  readonly engine: Pick<EngineDoor, 'readPiece'>;
  readonly sessionId: SessionId;
  /** The person has agreed that it is written to. */
  readonly root: WritableDirectory;
  /** The conversation's files at the press: what was changed after its list was shown is not written. */
  readonly now: readonly FileStat[];
}

interface BackOptions {
  readonly onProgress: (done: number) => void;
  /** A file is the same on both sides now. */
  readonly onWritten: (file: CopiedFile) => void;
}

/**
 * Writes what was planned, one file after another. A file that was changed on the device since it was copied stays, and so does
 * whatever a link leads to. A file is there whole or as it was before.
 */
export async function writeBack(
  { folder, changes }: BackPlan,
  way: BackWay,
  { onProgress, onWritten }: BackOptions,
): Promise<Written> {
  const now = new Map(way.now.map((stat) => [stat.path, hereMark(stat)]));
  let count = 0;
  const notWritten: NotWritten[] = [];
  for (const [done, change] of changes.entries()) {
    if (way.signal.aborted) break;
    onProgress(done);
    const { path, here } = change;
    const is = now.get(`${folder.target}/${path}`);
    const wrote = is === undefined || !isSame(is, here) ? left('here') : await writeOne(way, folder.target, change);
    if (wrote.kind === 'ended') return { count, notWritten, stoppedBy: wrote.by };
    if (wrote.kind === 'left') notWritten.push({ path, why: wrote.why });
    else {
      count += 1;
      onWritten({ path, device: wrote.device, here });
    }
  }
  return { count, notWritten, stoppedBy: null };
}

async function writeOne(way: BackWay, target: string, change: BackChange): Promise<Wrote> {
  const names = change.path.split('/');
  const name = names.pop() ?? '';
  const made: Made[] = [];
  let isWritten = false;
  try {
    const parent = await folderAt(way.root, names, change.device === null ? made : null);
    if (typeof parent === 'string') return left(parent === 'none' ? 'device' : parent);
    const wrote = await writeIn(way, target, change, parent, name);
    isWritten = wrote.kind === 'written';
    return wrote;
  } catch (error) {
    // A name that the device does not take is a TypeError.
    if (!(error instanceof DOMException) && !(error instanceof TypeError)) throw error;
    return left('refused');
  } finally {
    if (!isWritten) await removeMade(made);
  }
}

async function writeIn(
  way: BackWay,
  target: string,
  change: BackChange,
  parent: WritableDirectory,
  name: string,
): Promise<Wrote> {
  const there = await entryIn(parent, name);
  if (typeof there === 'string') return left(there);
  if (there === null) return change.device === null ? writeNew(way, target, change, parent, name) : left('device');
  if (there.kind !== 'file' || change.device === null) return left('device');
  if (!isSame(deviceMark(await there.getFile()), change.device)) return left('device');
  return fill(way, target, change, there, change.device);
}

async function writeNew(
  way: BackWay,
  target: string,
  change: BackChange,
  parent: WritableDirectory,
  name: string,
): Promise<Wrote> {
  const made = await parent.getFileHandle(name, { create: true });
  const empty = await markOf(made);
  // Somebody made it a moment before.
  if (empty === null || empty.sizeBytes > 0) return left('device');
  let isWritten = false;
  try {
    const wrote = await fill(way, target, change, made, empty);
    isWritten = wrote.kind === 'written';
    return wrote;
  } finally {
    // What is in it by now is somebody else's.
    if (!isWritten && (await markOf(made))?.sizeBytes === 0) await parent.removeEntry(name);
  }
}

/** The file as it is now; null where it is gone. */
async function markOf(file: WritableFile): Promise<FileMark | null> {
  try {
    return deviceMark(await file.getFile());
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error;
    return null;
  }
}

/** The browser writes beside the file, and puts it in its place when it is whole. */
async function fill(
  { engine, sessionId, signal }: BackWay,
  target: string,
  { path, here }: BackChange,
  file: WritableFile,
  before: FileMark,
): Promise<Wrote> {
  const stream = await file.createWritable();
  let isWhole = false;
  try {
    let position = 0;
    do {
      const piece = await engine.readPiece({ sessionId, path: `${target}/${path}`, position });
      if (signal.aborted) return { kind: 'ended', by: null };
      if (!piece.ok) return GONE.includes(piece.error.code) ? left('here') : { kind: 'ended', by: piece.error };
      const { bytes, stat } = piece.value;
      // A program that writes meanwhile would leave half of the old text and half of the new.
      if (!isSame(hereMark(stat), here)) return left('here');
      if (bytes.length === 0) break;
      await stream.write(bytes as Uint8Array<ArrayBuffer>);
      position += bytes.length;
    } while (position < here.sizeBytes);
    if (signal.aborted) return { kind: 'ended', by: null };
    if (position !== here.sizeBytes) return left('here');
    // Reading took its time: whatever is there by now would be replaced.
    const now = await markOf(file);
    if (now === null || !isSame(now, before)) return left('device');
    isWhole = true;
  } finally {
    await (isWhole ? stream.close() : stream.abort());
  }
  return { kind: 'written', device: deviceMark(await file.getFile()) };
}
