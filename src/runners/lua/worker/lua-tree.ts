import type { WorkerTree } from '../../kit/worker/index.ts';

export interface LuaStat {
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** What Lua needs of a tree. Paths are below its root; it refuses by throwing a `FileError`. */
export interface LuaTree
  extends Pick<WorkerTree, 'exists' | 'write' | 'truncate' | 'rename' | 'remove' | 'flush' | 'mkdir'> {
  stat(path: string): LuaStat;
  list(path: string): readonly { readonly path: string }[];
  read(path: string, position: number, length: number): Uint8Array;
}
