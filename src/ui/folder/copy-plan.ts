import type { CopiedFile, FileMark } from '../../contracts/copied-folders.ts';
import { namesOf } from '../../contracts/file-paths.ts';
import { type FileStat, KEPT_FOLDER } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { FoundFile, LeftOut, Listing } from './local-folder.ts';

/** What copying a folder into a conversation would do. */
export interface CopyPlan {
  /** Name of the folder in `/mnt/data`. */
  readonly target: string;
  readonly files: readonly FoundFile[];
  readonly bytes: number;
  /** Of `files`, those over a file that the conversation has, with what that one is. */
  readonly replaced: ReadonlyMap<string, FileMark>;
  /** Files that are as they were copied before. */
  readonly same: number;
  /** Files that the conversation has changed since they were copied; replaced only where a person says so. */
  readonly changedHere: readonly string[];
  /** Files that were copied before and are not in the folder any more; they stay in the conversation. */
  readonly gone: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly skipped: readonly string[];
  /** Null where all of it fits beside what the conversation has. */
  readonly tooMuch: { readonly what: 'count' | 'bytes'; readonly room: number } | null;
}

export interface PlanInput {
  /** Name of the folder in `/mnt/data`. */
  readonly target: string;
  readonly listing: Listing;
  /** All files of the conversation. */
  readonly there: readonly FileStat[];
  /** What was copied of it before. */
  readonly before: readonly CopiedFile[];
  /** Also over what the conversation has changed. */
  readonly replacesChanged: boolean;
}

/** The name of a person's folder as it is in `/mnt/data`; `folder` where theirs cannot be one. */
export function targetName(name: string): string {
  const names = namesOf(name);
  return names?.length === 1 && names[0] === name && name !== KEPT_FOLDER ? name : 'folder';
}

/** The first of such names that is not `taken`: another folder's. */
export function freeTarget(name: string, taken: ReadonlySet<string>): string {
  const first = targetName(name);
  let target = first;
  for (let number = 2; taken.has(target); number += 1) {
    const next = `${first}-${String(number)}`;
    target = targetName(next) === next ? next : `folder-${String(number)}`;
  }
  return target;
}

export const deviceMark = (file: File): FileMark => ({ sizeBytes: file.size, modifiedAtMs: file.lastModified });

export const hereMark = ({ sizeBytes, modifiedAtMs }: FileStat): FileMark => ({ sizeBytes, modifiedAtMs });

export const isSame = (one: FileMark, other: FileMark): boolean =>
  one.sizeBytes === other.sizeBytes && one.modifiedAtMs === other.modifiedAtMs;

function refusalOf({ path, file }: FoundFile, target: string): LeftOut['why'] | null {
  if (namesOf(`${target}/${path}`) === null) return 'name';
  return file.size > LIMITS.fileBytes.standard ? 'too-large' : null;
}

/** What has become of a file since it was copied. */
function changeOf(
  found: FoundFile,
  before: CopiedFile | undefined,
  here: FileStat | undefined,
): 'copy' | 'same' | 'here' {
  if (before === undefined) return 'copy';
  // Removing it was a change of the conversation, too.
  if (here === undefined) return 'here';
  if (!isSame(before.here, hereMark(here))) return 'here';
  return isSame(before.device, deviceMark(found.file)) ? 'same' : 'copy';
}

/** Compares a folder with what the conversation has. Changes nothing. */
export function planCopy({ target, listing, there, before, replacesChanged }: PlanInput): CopyPlan {
  const hereAt = new Map(there.map((stat) => [stat.path, stat]));
  const copied = new Map(before.map((file) => [file.path, file]));
  const leftOut = [...listing.leftOut];
  const files: FoundFile[] = [];
  const changedHere: string[] = [];
  const replaced = new Map<string, FileMark>();
  let [bytes, replacedBytes, same] = [0, 0, 0];
  for (const found of listing.files) {
    const { path, file } = found;
    const here = hereAt.get(`${target}/${path}`);
    const why = refusalOf(found, target);
    const change = changeOf(found, copied.get(path), here);
    copied.delete(path);
    if (why !== null) leftOut.push({ path, why });
    else if (change === 'same') same += 1;
    else {
      if (change === 'here') changedHere.push(path);
      if (change === 'here' && !replacesChanged) continue;
      files.push(found);
      bytes += file.size;
      if (here !== undefined) replaced.set(path, hereMark(here));
      replacedBytes += here?.sizeBytes ?? 0;
    }
  }
  const roomBytes = LIMITS.sessionBytes.standard - there.reduce((sum, each) => sum + each.sizeBytes, 0) + replacedBytes;
  // Folders count as files do, and so does the root.
  const had = foldersOf(there.map(({ path }) => path));
  const foldersAnew = [...foldersOf(files.map(({ path }) => `${target}/${path}`))].filter((at) => !had.has(at)).length;
  const roomCount = Math.max(0, LIMITS.fileCount.standard - 1 - there.length - had.size);
  return {
    target,
    files,
    bytes,
    replaced,
    same,
    changedHere,
    gone: goneOf([...copied.keys()], listing),
    leftOut,
    skipped: listing.skipped,
    tooMuch: tooMuchOf({ count: files.length - replaced.size + foldersAnew, roomCount, bytes, roomBytes }),
  };
}

/** Every folder above one of these paths. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      // Those above it are there already.
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}

/** Whether two plans do the same to the conversation, to the same files of it. */
export const isSamePlan = (one: CopyPlan, other: CopyPlan): boolean => effectOf(one) === effectOf(other);

const effectOf = ({ target, files, replaced, changedHere, tooMuch }: CopyPlan): string =>
  JSON.stringify([target, files.map(({ path }) => path), [...replaced], changedHere, tooMuch]);

/** What was not found again, but for what was not looked for. */
function goneOf(missed: readonly string[], { skipped, leftOut }: Listing): readonly string[] {
  const unseen = [...skipped, ...leftOut.map(({ path }) => path)];
  return missed.filter((path) => !unseen.some((at) => path === at || path.startsWith(`${at}/`)));
}

function tooMuchOf(of: {
  readonly count: number;
  readonly roomCount: number;
  readonly bytes: number;
  readonly roomBytes: number;
}): CopyPlan['tooMuch'] {
  if (of.count > of.roomCount) return { what: 'count', room: of.roomCount };
  return of.bytes > of.roomBytes ? { what: 'bytes', room: of.roomBytes } : null;
}
