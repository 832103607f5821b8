import { LIMITS } from '../../../contracts/limits.ts';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';
import { mimeOf } from './mime.ts';

/** Tells of the files that a run wrote: each as an artifact, up to the bound, and how many there were beyond it. */
export function announceFiles(options: {
  /** Below the tree's root, oldest first. */
  readonly paths: readonly string[];
  readonly mountPath: string;
  /** Null for what is no file any more. */
  readonly sizeOf: (path: string) => number | null;
  readonly send: (event: WorkerEvent) => void;
}): void {
  const { mountPath, send } = options;
  const most = LIMITS.artifactCount.standard;
  let count = 0;
  for (const path of options.paths) {
    const bytes = options.sizeOf(path);
    if (bytes === null) continue;
    count += 1;
    if (count > most) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const artifact = { kind: 'file', name, path: `${mountPath}/${path}`, mime: mimeOf(name), bytes } as const;
    send({ kind: 'artifact', artifact });
  }
  if (count > most) send({ kind: 'notice', text: `${count} files were written; the first ${most} are listed.` });
}
