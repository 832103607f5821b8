import { LIMITS } from '../../contracts/limits.ts';
import type { FileNode, FolderNode, TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';

/** How a descriptor was opened. */
export interface Opening {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly appends: boolean;
}

/** What a number of the guest stands for: a node, open or not. */
export interface Fid {
  node: TreeNode;
  /** Who the guest says is asking; what this one makes is its own. */
  readonly uid: number;
  opening: Opening | null;
}

export interface FidsOptions {
  /** Nothing has that file open any more. */
  readonly onClosed: (file: FileNode) => void;
  /** A file is closed that was open for writing, by whatever number. */
  readonly onWriterClosed: () => void;
}

/** The numbers that the guest uses at the moment. */
export class Fids {
  readonly #fids = new Map<number, Fid>();
  readonly #options: FidsOptions;

  constructor(options: FidsOptions) {
    this.#options = options;
  }

  get(number: number): Fid {
    return this.#fids.get(number) ?? refuse('EBADF');
  }

  folder(number: number): { readonly fid: Fid; readonly folder: FolderNode } {
    const fid = this.get(number);
    return fid.node.kind === 'folder' ? { fid, folder: fid.node } : refuse('ENOTDIR');
  }

  /** An open file. */
  file(number: number): { readonly file: FileNode; readonly opening: Opening } {
    const { node, opening } = this.get(number);
    if (node.kind === 'folder') return refuse('EISDIR');
    return node.kind === 'file' && opening ? { file: node, opening } : refuse('EBADF');
  }

  set(number: number, fid: Fid): void {
    this.close(number);
    if (this.#fids.size >= LIMITS.shareFids.standard) refuse('ENFILE');
    this.#fids.set(number, fid);
  }

  open(fid: Fid, node: TreeNode, opening: Opening): void {
    if (fid.opening) refuse('EINVAL');
    fid.node = node;
    fid.opening = opening;
    if (node.kind === 'file') node.opened += 1;
  }

  close(number: number): void {
    const fid = this.#fids.get(number);
    if (!fid) return;
    this.#fids.delete(number);
    if (fid.node.kind !== 'file' || !fid.opening) return;
    fid.node.opened -= 1;
    if (fid.node.opened === 0) this.#options.onClosed(fid.node);
    if (fid.opening.writes) this.#options.onWriterClosed();
  }

  clear(): void {
    for (const number of [...this.#fids.keys()]) this.close(number);
  }
}
