import './zip-settings.ts';
import {
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_OVERLAPPING_ENTRY,
  ERR_UNSAFE_FILENAME,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core-custom.js';
import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { KEPT_FOLDER, type SessionFiles } from '../../contracts/files.ts';
import { ArchiveFailure, done, makeFolders, removeAll } from './archive-failure.ts';
import { type CheckedEntry, checkedEntries } from './checked-entries.ts';
import { TreeReader, writableTo } from './tree-streams.ts';

export interface ImportedZip {
  readonly files: number;
  readonly folders: number;
  /** Of the files as they are now. */
  readonly bytes: number;
}

const STAGE = `${KEPT_FOLDER}/unpacking`;
const UNSAFE: readonly unknown[] = [ERR_UNSAFE_FILENAME, ERR_AMBIGUOUS_ARCHIVE, ERR_OVERLAPPING_ENTRY];

/**
 * Unpacks a zip that lies in the tree into `into` ('' for the root), over files of the same names. Everything is unpacked aside
 * first, so that a broken, unsafe or too large archive changes nothing. `files/unsafe-archive` for names that lead
 * outside, links, doubles and bombs; `files/bad-archive` for what is no zip, damaged or locked.
 */
export async function importZip(
  files: SessionFiles,
  request: { readonly path: string; readonly into: string },
): Promise<Result<ImportedZip, AppError>> {
  try {
    const { stat } = await done(files, { op: 'stat', path: request.path });
    if (stat?.kind !== 'file') return fail(appError('files/bad-path', 'EISDIR'));
    // What an import left that was ended with its world.
    await removeAll(files, STAGE);
    await makeFolders(files, STAGE);
    try {
      return ok(await unpack(files, { ...request, sizeBytes: stat.sizeBytes }));
    } finally {
      await removeAll(files, STAGE);
    }
  } catch (error) {
    return fail(failureOf(error));
  }
}

async function unpack(
  files: SessionFiles,
  zip: { readonly path: string; readonly into: string; readonly sizeBytes: number },
): Promise<ImportedZip> {
  const reader = new ZipReader(new TreeReader(files, zip.path, zip.sizeBytes));
  const entries = await checkedEntries(reader);
  let bytes = 0;
  for (const { path, entry } of entries) {
    const staged = `${STAGE}/${path}`;
    if (entry.directory) {
      await makeFolders(files, staged);
      continue;
    }
    await makeFolders(files, staged.slice(0, staged.lastIndexOf('/')));
    let left = entry.uncompressedSize;
    const target = writableTo(files, staged, (count) => {
      left -= count;
      if (left < 0) throw new ArchiveFailure('files/unsafe-archive', 'a file is larger than it says');
    });
    await entry.getData(target, { checkOverlappingEntry: true, checkSignature: true });
    bytes += entry.uncompressedSize;
  }
  await reader.close();
  return { ...(await moveInto(files, entries, zip.into)), bytes };
}

/** Renames are quick and each is whole. Folders in the way of files, or files of folders, are found before the first. */
async function moveInto(files: SessionFiles, entries: readonly CheckedEntry[], into: string) {
  const targets = entries.map(({ path, entry }) => ({
    from: `${STAGE}/${path}`,
    to: into === '' ? path : `${into}/${path}`,
    isFolder: entry.directory,
  }));
  for (const { to, isFolder } of targets) {
    const there = await files.perform({ op: 'stat', path: to });
    if (!there.ok && there.errno !== 'ENOENT') await done(files, { op: 'stat', path: to });
    if (there.ok && (there.stat?.kind === 'directory') !== isFolder) {
      throw new ArchiveFailure('files/bad-path', `${to} is there already, and is ${isFolder ? 'a file' : 'a folder'}`);
    }
  }
  await makeFolders(files, into);
  for (const { from, to, isFolder } of targets) {
    await makeFolders(files, isFolder ? to : to.slice(0, Math.max(0, to.lastIndexOf('/'))));
    if (!isFolder) await done(files, { op: 'rename', path: from, to });
  }
  const folders = targets.filter(({ isFolder }) => isFolder).length;
  return { files: targets.length - folders, folders };
}

function failureOf(error: unknown): AppError {
  if (error instanceof ArchiveFailure) return error.failure;
  const { message } = error instanceof Error ? error : { message: String(error) };
  return appError(UNSAFE.includes(message) ? 'files/unsafe-archive' : 'files/bad-archive', message, error);
}
