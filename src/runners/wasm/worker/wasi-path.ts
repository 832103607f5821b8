import { wasi } from '@bjorn3/browser_wasi_shim';
import type { WorkerTree } from '../../kit/worker/index.ts';
import { errnoOf } from './tree-errno.ts';

export interface ResolvedPath {
  /** WASI's number; the rest counts only where it is 0. */
  readonly ret: number;
  /** Below the tree's root. */
  readonly path: string;
  /** It ends with a slash: only a folder can be meant. */
  readonly isFolder: boolean;
}

const refused = (ret: number): ResolvedPath => ({ ret, path: '', isFolder: false });

/**
 * A path as a program gives it, seen from an open folder. It never leaves that folder: an absolute path and a `..` too many
 * are refused, as there are no links to be led out by. A `..` behind something that is no folder is refused as on Linux.
 */
export function resolvePath(tree: WorkerTree, folder: string, given: string): ResolvedPath {
  if (given === '') return refused(wasi.ERRNO_NOENT);
  if (given.includes('\0')) return refused(wasi.ERRNO_INVAL);
  if (given.startsWith('/')) return refused(wasi.ERRNO_PERM);
  const names: string[] = [];
  const below = (): string => [folder, ...names].filter(Boolean).join('/');
  for (const name of given.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') {
      names.push(name);
      continue;
    }
    const problem = names.length === 0 ? wasi.ERRNO_PERM : folderProblem(tree, below());
    if (problem !== wasi.ERRNO_SUCCESS) return refused(problem);
    names.pop();
  }
  const isFolder = given.endsWith('/') || given.endsWith('/.') || given === '.';
  return { ret: wasi.ERRNO_SUCCESS, path: below(), isFolder };
}

function folderProblem(tree: WorkerTree, path: string): number {
  let isFolder = false;
  const ret = errnoOf(() => {
    isFolder = tree.stat(path).kind === 'directory';
  });
  return ret === wasi.ERRNO_SUCCESS && !isFolder ? wasi.ERRNO_NOTDIR : ret;
}
