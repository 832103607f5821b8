import { KEPT_FOLDER, type SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';

interface KeptRun {
  readonly paths: string[];
  bytes: number;
  lastMs: number;
}

/** A folder of `createKeptFiles` and a file in it; what else lies beside them is not ours to remove. */
const KEPT_PATH = new RegExp(`^(\\${KEPT_FOLDER}/[0-9a-f]{8}-\\d+)/`, 'u');

/** The folder of the run that kept this file or folder; null where it is none of theirs. */
export const keptFolderOf = (path: string): string | null => KEPT_PATH.exec(`${path}/`)?.[1] ?? null;

/**
 * Removes what the oldest runs of a tree kept, beyond `LIMITS.keptRuns` and `LIMITS.keptBytes`; never what the last one did. Its
 * folder is `last`, and not the newest one: programs of Linux set times as they like.
 */
export async function forgetOldRuns(files: Pick<SessionFiles, 'all' | 'perform'>, last: string | null): Promise<void> {
  const runs = new Map<string, KeptRun>();
  for (const { path, sizeBytes, modifiedAtMs } of await files.all()) {
    const folder = KEPT_PATH.exec(path)?.[1];
    if (folder === undefined) continue;
    const run = runs.get(folder) ?? { paths: [], bytes: 0, lastMs: 0 };
    runs.set(folder, run);
    run.paths.push(path);
    run.bytes += sizeBytes;
    run.lastMs = folder === last ? Infinity : Math.max(run.lastMs, modifiedAtMs);
  }
  const newestFirst = [...runs].sort(([, one], [, other]) => other.lastMs - one.lastMs);
  let bytes = 0;
  for (const [at, [folder, run]] of newestFirst.entries()) {
    bytes += run.bytes;
    if (at === 0 || (at < LIMITS.keptRuns.standard && bytes <= LIMITS.keptBytes.standard)) continue;
    for (const path of [...run.paths, folder]) await files.perform({ op: 'remove', path });
  }
}
