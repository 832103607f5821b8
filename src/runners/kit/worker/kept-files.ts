import { KEPT_FOLDER } from '../../../contracts/files.ts';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';

export interface KeptFiles {
  begin(run: number): void;
  /** The path below the tree's root for a file of this run; its folder is made before it is first used. */
  pathFor(name: string): string;
}

/**
 * What a runner keeps beside the person's files: each run has a folder that no other run ever gets, for cards read theirs when a
 * person presses, long after. Engines count their runs from 1, so the folder has a name of the engine in it, which is drawn.
 */
export function createKeptFiles(send: (event: WorkerEvent) => void): KeptFiles {
  const engine = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0).toString(16).padStart(8, '0');
  let folder = '';
  let isMade = false;
  return {
    begin(run) {
      folder = `${KEPT_FOLDER}/${engine}-${run}`;
      isMade = false;
    },
    pathFor(name) {
      if (!isMade) {
        for (const path of [KEPT_FOLDER, folder]) send({ kind: 'fileOut', change: { op: 'mkdir', path } });
      }
      isMade = true;
      return `${folder}/${name}`;
    },
  };
}
