import type { Entry, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { isKeptByRunner } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { namesOf } from '../../contracts/file-paths.ts';
import { ArchiveFailure } from './archive-failure.ts';

export interface CheckedEntry {
  readonly path: string;
  readonly entry: Entry;
}

const unsafe = (name: string, what: string): ArchiveFailure =>
  new ArchiveFailure('files/unsafe-archive', `${JSON.stringify(name.slice(0, 100))} ${what}`);

/**
 * Every entry of an archive, once none of them is refused: nothing is written for an archive that has one bad entry. Throws
 * an `ArchiveFailure`, or what zip.js throws for names that lead outside and for directories that can be read in two ways.
 */
export async function checkedEntries(reader: ZipReader<unknown>): Promise<readonly CheckedEntry[]> {
  const found = new Map<string, Entry>();
  let packed = 0;
  let unpacked = 0;
  for await (const entry of reader.getEntriesGenerator({ strictness: 'balanced', filenameValidation: 'strict' })) {
    const path = pathOf(entry);
    if (found.has(path)) throw unsafe(entry.filename, 'is there twice');
    found.set(path, entry);
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    if (found.size > LIMITS.fileCount.standard) throw new ArchiveFailure('files/unsafe-archive', 'too many files');
    if (entry.uncompressedSize > LIMITS.fileBytes.standard) throw new ArchiveFailure('files/too-large', entry.filename);
    if (unpacked > LIMITS.sessionBytes.standard)
      throw new ArchiveFailure('files/no-space', 'more than a session holds');
    if (unpacked > LIMITS.zipFreeBytes.standard && unpacked > packed * LIMITS.zipRatio.standard) {
      throw new ArchiveFailure('files/unsafe-archive', 'it grows too much when it is unpacked');
    }
  }
  for (const [path, entry] of found) {
    for (const folder of foldersAbove(path)) {
      if (found.get(folder)?.directory === false) throw unsafe(entry.filename, 'lies in a file');
    }
  }
  return [...found].map(([path, entry]) => ({ path, entry }));
}

function pathOf(entry: Entry): string {
  const name = entry.filename;
  if (entry.symlink) throw unsafe(name, 'is a link');
  if (entry.encrypted) throw new ArchiveFailure('files/bad-archive', 'it is locked with a password');
  // Not a separator anywhere but on Windows, where it would lead into folders that were not checked.
  if (name.includes('\\')) throw unsafe(name, 'has a backslash');
  // What the name was before it was decoded wrongly, nobody knows.
  if (name.includes('\ufffd')) throw unsafe(name, 'cannot be read');
  const names = namesOf(name);
  if (names === null || names.length === 0) throw unsafe(name, 'is no name of a file here');
  const path = names.join('/');
  if (isKeptByRunner(path)) throw unsafe(name, 'is kept for programs');
  return path;
}

function* foldersAbove(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at);
}
