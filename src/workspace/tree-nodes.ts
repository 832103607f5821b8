import type { FileStat } from '../contracts/files.ts';
import type { FileSnapshot, OpfsDirectory, OpfsFile, SyncAccess } from './opfs-handles.ts';
import { nameOf } from './safe-path.ts';

export interface FileNode {
  readonly kind: 'file';
  handle: OpfsFile;
  sizeBytes: number;
  modifiedAtMs: number;
  /** Open while the file is being written. */
  access: SyncAccess | null;
  /** Kept between reads; null after a write. */
  snapshot: FileSnapshot | null;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly handle: OpfsDirectory;
  readonly children: Map<string, Node>;
  modifiedAtMs: number;
}

export type Node = FileNode | DirectoryNode;

/** Reads a whole tree once. The store has one owner, so that what is in memory stays true. */
export async function loadTree(handle: OpfsDirectory, now: () => number): Promise<DirectoryNode> {
  const children = new Map<string, Node>();
  const loading: Promise<unknown>[] = [];
  for await (const entry of handle.values()) {
    const load = entry.kind === 'directory' ? loadTree(entry, now) : loadFile(entry);
    loading.push(load.then((node) => children.set(nameOf(entry.name), node)));
  }
  await Promise.all(loading);
  return { kind: 'directory', handle, children, modifiedAtMs: now() };
}

async function loadFile(handle: OpfsFile): Promise<FileNode> {
  const { size, lastModified } = await handle.getFile();
  return { kind: 'file', handle, sizeBytes: size, modifiedAtMs: lastModified, access: null, snapshot: null };
}

export function statOf(path: string, node: Node): FileStat {
  const sizeBytes = node.kind === 'file' ? node.sizeBytes : 0;
  return { path, kind: node.kind, sizeBytes, modifiedAtMs: node.modifiedAtMs };
}

export function* filesBelow(node: DirectoryNode, prefix = ''): Generator<FileStat> {
  for (const [name, child] of node.children) {
    const path = prefix + name;
    if (child.kind === 'file') yield statOf(path, child);
    else yield* filesBelow(child, `${path}/`);
  }
}

export function countBelow(node: Node): number {
  if (node.kind === 'file') return 1;
  let count = 1;
  for (const child of node.children.values()) count += countBelow(child);
  return count;
}

/** Every open file at or below a node. */
export function* openFilesOf(node: Node): Generator<FileNode> {
  if (node.kind === 'directory') for (const child of node.children.values()) yield* openFilesOf(child);
  else if (node.access !== null) yield node;
}
