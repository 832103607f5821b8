import type { FileTree, WorkerTree } from '../../kit/worker/index.ts';

export type LuaStat = ReturnType<FileTree['stat']>;

/** What Lua needs of a tree. Paths are below its root; it refuses by throwing a `FileError`. */
export interface LuaTree extends FileTree, Pick<WorkerTree, 'exists' | 'mkdir'> {
  list(path: string): readonly { readonly path: string }[];
}
