import './zip-settings.ts';
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { type FileStat, isKeptByRunner, KEPT_FOLDER, type SessionFiles } from '../../contracts/files.ts';
import { ArchiveFailure, done, makeFolders, removeAll } from './archive-failure.ts';
import { readableOf, writableTo } from './tree-streams.ts';

/** Where the last export lies until the next one, or until it is removed; it counts like every file. */
export const EXPORTED_ZIP = `${KEPT_FOLDER}/export.zip`;

/**
 * Packs what is at or below `path` ('' for everything) into a zip in the tree and tells of it, so that a reader may fetch it in
 * pieces. What a runner keeps for itself stays out. `files/no-space` where tree and zip do not fit together.
 */
export async function exportZip(
  files: SessionFiles,
  request: { readonly path: string },
): Promise<Result<FileStat, AppError>> {
  try {
    const root = await done(files, { op: 'stat', path: request.path });
    await removeAll(files, EXPORTED_ZIP);
    await makeFolders(files, KEPT_FOLDER);
    const target = writableTo(files, EXPORTED_ZIP);
    // Every name is said to be UTF-8; times are those of the tree.
    const zip = new ZipWriter(target, { level: 6, extendedTimestamp: true, useUnicodeFileNames: true });
    try {
      for await (const stat of below(files, root.stat ?? null, request.path)) await add(zip, files, stat, request.path);
      await zip.close();
    } catch (error) {
      await removeAll(files, EXPORTED_ZIP);
      throw error;
    }
    const { stat } = await done(files, { op: 'stat', path: EXPORTED_ZIP });
    return stat ? ok(stat) : fail(appError('files/unavailable'));
  } catch (error) {
    return fail(error instanceof ArchiveFailure ? error.failure : appError('files/unavailable', 'zip', error));
  }
}

async function* below(files: SessionFiles, stat: FileStat | null, path: string): AsyncGenerator<FileStat> {
  if (stat?.kind === 'file') {
    yield stat;
    return;
  }
  const { entries } = await done(files, { op: 'list', path });
  for (const entry of entries ?? []) {
    if (isKeptByRunner(entry.path)) continue;
    yield entry;
    if (entry.kind === 'directory') yield* below(files, entry, entry.path);
  }
}

const escape = (unit: string): string => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * A name that is one name wherever the zip is unpacked. A program may call a file `..\..\x` or `C:x`: names like others
 * here, ways to other folders on Windows. Lone halves of a pair would become U+FFFD, which two files could share.
 */
function packedName(path: string): string {
  return path
    .replace(/[\u0000-\u001f\u007f\\]/gu, escape)
    .replace(/\p{Surrogate}/gu, escape)
    .replace(/^[a-z]:/iu, (drive) => drive.replace(':', escape));
}

async function add(zip: ZipWriter<unknown>, files: SessionFiles, stat: FileStat, root: string): Promise<void> {
  // A single file keeps its last name; what is in a folder is named from there.
  const cut = stat.path === root ? root.lastIndexOf('/') + 1 : root === '' ? 0 : root.length + 1;
  const name = packedName(stat.path.slice(cut));
  const lastModDate = new Date(stat.modifiedAtMs);
  if (stat.kind === 'directory') await zip.add(`${name}/`, undefined, { directory: true, lastModDate });
  else await zip.add(name, readableOf(files, stat.path), { lastModDate });
}
