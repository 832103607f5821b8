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
  /** Of `files`, those over a file that the conversation has. */
  readonly replaced: number;
  readonly leftOut: readonly LeftOut[];
  readonly skipped: readonly string[];
  /** Null where all of it fits beside what the conversation has. */
  readonly tooMuch: { readonly what: 'count' | 'bytes'; readonly room: number } | null;
}

/** The name of a person's folder as it is in `/mnt/data`; `folder` where theirs cannot be one. */
export function targetName(name: string): string {
  const names = namesOf(name);
  return names?.length === 1 && names[0] === name && name !== KEPT_FOLDER ? name : 'folder';
}

function refusalOf({ path, file }: FoundFile, target: string): LeftOut['why'] | null {
  if (namesOf(`${target}/${path}`) === null) return 'name';
  return file.size > LIMITS.fileBytes.standard ? 'too-large' : null;
}

/** Compares a folder with what the conversation has. Changes nothing. */
export function planCopy(name: string, listing: Listing, there: readonly FileStat[]): CopyPlan {
  const target = targetName(name);
  const leftOut = [...listing.leftOut];
  const files: FoundFile[] = [];
  const sizes = new Map(there.map(({ path, sizeBytes }) => [path, sizeBytes]));
  let [bytes, replaced, replacedBytes] = [0, 0, 0];
  for (const found of listing.files) {
    const why = refusalOf(found, target);
    if (why !== null) {
      leftOut.push({ path: found.path, why });
      continue;
    }
    files.push(found);
    bytes += found.file.size;
    const before = sizes.get(`${target}/${found.path}`);
    if (before === undefined) continue;
    replaced += 1;
    replacedBytes += before;
  }
  const roomBytes = LIMITS.sessionBytes.standard - sum([...sizes.values()]) + replacedBytes;
  const roomCount = LIMITS.fileCount.standard - there.length + replaced;
  const tooMuch =
    files.length > roomCount
      ? ({ what: 'count', room: roomCount } as const)
      : bytes > roomBytes
        ? ({ what: 'bytes', room: roomBytes } as const)
        : null;
  return { target, files, bytes, replaced, leftOut, skipped: listing.skipped, tooMuch };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
