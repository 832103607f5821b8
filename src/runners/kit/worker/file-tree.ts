import type { WorkerTree } from './worker-tree.ts';

/** What an open file needs of the tree it lies in: the session's, or one in memory. Refuses by throwing a `FileError`. */
export interface FileTree extends Pick<WorkerTree, 'write' | 'truncate' | 'rename' | 'remove' | 'flush'> {
  stat(path: string): {
    readonly kind: 'file' | 'directory';
    readonly sizeBytes: number;
    readonly modifiedAtMs: number;
  };
  read(path: string, position: number, length: number): Uint8Array;
}
