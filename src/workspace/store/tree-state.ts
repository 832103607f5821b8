import type { FileStat } from '../../contracts/files.ts';
import { refuse } from './file-failure.ts';
import { namesOf } from '../../contracts/file-paths.ts';

/** Bytes of a small file that lie in the log: `length` of them at `logAt`, seen at `fileAt` of the file. */
export interface Piece {
  readonly fileAt: number;
  readonly length: number;
  readonly logAt: number;
}

/** Later pieces lie over earlier ones, and what none covers is zeros; or the file is an OPFS file of its own. */
export type Content =
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'blob'; readonly blob: number };

export interface FileNode {
  readonly kind: 'file';
  sizeBytes: number;
  modifiedAtMs: number;
  content: Content;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly children: Map<string, Node>;
  modifiedAtMs: number;
}

export type Node = FileNode | DirectoryNode;

interface Place {
  readonly parent: DirectoryNode;
  readonly name: string;
  readonly node: Node | undefined;
}

const EMPTY: Content = { kind: 'pieces', pieces: [] };

/** What a tree is at one moment. Every method throws a `FileFailure` before it changes anything, or changes all of it. */
export class TreeState {
  readonly root: DirectoryNode = { kind: 'directory', children: new Map(), modifiedAtMs: 0 };
  /** Files and directories with the root. */
  count = 1;
  /** Of all files together. */
  bytes = 0;

  node(path: string): Node {
    return this.#walk(namesOf(path) ?? refuse('EINVAL'));
  }

  has(path: string): boolean {
    try {
      return this.node(path).kind === 'file';
    } catch {
      return false;
    }
  }

  /** Where a path would be; its parent must exist. EPERM for the root. */
  place(path: string): Place {
    const names = namesOf(path) ?? refuse('EINVAL');
    const name = names.at(-1) ?? refuse('EPERM');
    const parent = this.#walk(names.slice(0, -1));
    if (parent.kind !== 'directory') return refuse('ENOTDIR');
    return { parent, name, node: parent.children.get(name) };
  }

  /** Undefined where a file would be made. */
  fileAt(path: string): FileNode | undefined {
    const { node } = this.place(path);
    return node?.kind === 'directory' ? refuse('EISDIR') : node;
  }

  mayMakeDirectory(path: string): void {
    if ((namesOf(path) ?? refuse('EINVAL')).length === 0 || this.place(path).node !== undefined) refuse('EEXIST');
  }

  makeDirectory(path: string, atMs: number): void {
    this.mayMakeDirectory(path);
    const { parent, name } = this.place(path);
    this.#put(parent, name, { kind: 'directory', children: new Map(), modifiedAtMs: atMs }, atMs);
    this.count += 1;
  }

  /** Makes the file where it is missing. */
  setFile(path: string, sizeBytes: number, content: Content, atMs: number): FileNode {
    const { parent, name } = this.place(path);
    let node = this.fileAt(path);
    if (node === undefined) {
      node = { kind: 'file', sizeBytes: 0, modifiedAtMs: atMs, content: EMPTY };
      this.#put(parent, name, node, atMs);
      this.count += 1;
    }
    this.bytes += sizeBytes - node.sizeBytes;
    node.sizeBytes = sizeBytes;
    node.content = content;
    node.modifiedAtMs = atMs;
    return node;
  }

  mayRemove(path: string): Node {
    const { node } = this.place(path);
    if (node === undefined) return refuse('ENOENT');
    return node.kind === 'directory' && node.children.size > 0 ? refuse('ENOTEMPTY') : node;
  }

  remove(path: string, atMs: number): void {
    const node = this.mayRemove(path);
    const { parent, name } = this.place(path);
    this.#drop(parent, name, atMs);
    this.count -= 1;
    if (node.kind === 'file') this.bytes -= node.sizeBytes;
  }

  /** POSIX: a file replaces a file, a directory an empty directory, and none goes into itself. False: nothing to do. */
  mayRename(path: string, to: string): boolean {
    const { node } = this.place(path);
    const { node: old } = this.place(to);
    if (node === undefined) return refuse('ENOENT');
    if (node === old) return false;
    if (isBelow(to, path)) return refuse('EINVAL');
    if (old === undefined) return true;
    if (old.kind !== node.kind) return refuse(old.kind === 'directory' ? 'EISDIR' : 'ENOTDIR');
    return old.kind === 'directory' && old.children.size > 0 ? refuse('ENOTEMPTY') : true;
  }

  rename(path: string, to: string, atMs: number): void {
    if (!this.mayRename(path, to)) return;
    const from = this.place(path);
    const target = this.place(to);
    if (from.node === undefined) return;
    if (target.node !== undefined) this.remove(to, atMs);
    this.#drop(from.parent, from.name, atMs);
    this.#put(target.parent, target.name, from.node, atMs);
  }

  list(path: string): FileStat[] {
    const node = this.node(path);
    if (node.kind !== 'directory') return refuse('ENOTDIR');
    const prefix = path === '' || path === '.' ? '' : `${path.replace(/\/+$/, '')}/`;
    return [...node.children].map(([name, child]) => statOf(prefix + name, child));
  }

  #walk(names: readonly string[]): Node {
    let node: Node = this.root;
    for (const name of names) {
      if (node.kind !== 'directory') return refuse('ENOTDIR');
      node = node.children.get(name) ?? refuse('ENOENT');
    }
    return node;
  }

  #put(parent: DirectoryNode, name: string, node: Node, atMs: number): void {
    parent.children.set(name, node);
    parent.modifiedAtMs = atMs;
  }

  #drop(parent: DirectoryNode, name: string, atMs: number): void {
    parent.children.delete(name);
    parent.modifiedAtMs = atMs;
  }
}

export function statOf(path: string, node: Node): FileStat {
  const sizeBytes = node.kind === 'file' ? node.sizeBytes : 0;
  return { path, kind: node.kind, sizeBytes, modifiedAtMs: node.modifiedAtMs };
}

/** Everything below, directories before what is in them. */
export function* nodesBelow(node: DirectoryNode, prefix = ''): Generator<readonly [path: string, node: Node]> {
  for (const [name, child] of node.children) {
    yield [prefix + name, child];
    if (child.kind === 'directory') yield* nodesBelow(child, `${prefix}${name}/`);
  }
}

/** Pieces after the file was cut to `sizeBytes`; a cut that makes it longer adds zeros, which need no piece. */
export function cutPieces(pieces: readonly Piece[], sizeBytes: number): Piece[] {
  return pieces
    .filter((piece) => piece.fileAt < sizeBytes)
    .map((piece) =>
      piece.fileAt + piece.length <= sizeBytes ? piece : { ...piece, length: sizeBytes - piece.fileAt },
    );
}

function isBelow(path: string, directory: string): boolean {
  const [inner, outer] = [namesOf(path) ?? [], namesOf(directory) ?? []];
  return inner.length > outer.length && outer.every((name, index) => name === inner[index]);
}
