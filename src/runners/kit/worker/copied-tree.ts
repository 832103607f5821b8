import type { FileErrno, FileStat } from '../../../contracts/files.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { CopiedFile, FileChange } from '../../../contracts/runner-protocol.ts';
import type { Changes } from '../written/index.ts';
import { FileError } from './file-error.ts';
import { namesIn, plainPath } from './plain-path.ts';
import type { WorkerTree } from './worker-tree.ts';

interface FileNode {
  readonly kind: 'file';
  /** Room; the file is its first `sizeBytes`. */
  bytes: Uint8Array<ArrayBuffer>;
  sizeBytes: number;
  modifiedAtMs: number;
}
interface FolderNode {
  readonly kind: 'directory';
  readonly children: Map<string, Node>;
  modifiedAtMs: number;
}
type Node = FileNode | FolderNode;

/** The largest size that is a position in a file at all; beyond `LIMITS.fileBytes` it is one, but too large. */
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/**
 * The session's tree in memory, for browsers without shared memory: copied in before a run; folders, renames and removals
 * go out as they happen, a file's bytes when it is flushed, so that Stop loses nothing that was closed.
 */
export class CopiedTree implements WorkerTree {
  readonly #changes: Changes;
  readonly #send: (change: FileChange) => void;
  readonly #now: () => number;
  #root: FolderNode = { kind: 'directory', children: new Map(), modifiedAtMs: 0 };
  readonly #unwritten = new Set<string>();

  constructor(changes: Changes, send: (change: FileChange) => void, now: () => number = Date.now.bind(Date)) {
    this.#changes = changes;
    this.#send = send;
    this.#now = now;
  }

  /** Makes the tree equal to what the host has; a file without bytes is the one that is here already. */
  copyIn(files: readonly CopiedFile[]): void {
    const before = this.#root;
    this.#root = { kind: 'directory', children: new Map(), modifiedAtMs: before.modifiedAtMs };
    for (const { stat, bytes } of files) {
      const names = namesIn(stat.path);
      const folder = this.#folderFor(stat.kind === 'directory' ? names : names.slice(0, -1), stat.modifiedAtMs);
      if (stat.kind === 'directory') continue;
      const kept = bytes ? null : find(before, names);
      const held = bytes ? new Uint8Array(bytes) : kept?.kind === 'file' ? kept.bytes.slice(0, kept.sizeBytes) : null;
      const node = held ?? new Uint8Array();
      folder.children.set(names.at(-1) ?? '', {
        kind: 'file',
        bytes: node,
        sizeBytes: node.length,
        modifiedAtMs: stat.modifiedAtMs,
      });
    }
    this.#unwritten.clear();
  }

  stat(given: string): FileStat {
    const path = plainPath(given);
    return statOf(path, this.#at(path));
  }

  exists(given: string): boolean {
    return find(this.#root, namesIn(given)) !== null;
  }

  list(given: string): readonly FileStat[] {
    const path = plainPath(given);
    const node = this.#at(path);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR', path);
    return [...node.children].map(([name, child]) => statOf(path === '' ? name : `${path}/${name}`, child));
  }

  read(given: string, position: number, length: number): Uint8Array<ArrayBuffer> {
    const path = plainPath(given);
    if (!isSize(position) || !isSize(length)) throw new FileError('EINVAL', path);
    const node = this.#at(path);
    if (node.kind === 'directory') throw new FileError('EISDIR', path);
    return node.bytes.slice(Math.min(position, node.sizeBytes), Math.min(position + length, node.sizeBytes));
  }

  write(given: string, position: number, bytes: Uint8Array): void {
    const { path, node } = this.#file(given, position, position + bytes.length);
    if (position + bytes.length > node.sizeBytes && bytes.length > 0) resize(node, position + bytes.length, path);
    node.bytes.set(bytes, position);
    this.#touch(path, node);
  }

  truncate(given: string, sizeBytes: number): void {
    const { path, node } = this.#file(given, sizeBytes, sizeBytes);
    resize(node, sizeBytes, path);
    this.#touch(path, node);
  }

  replace(given: string, bytes: Uint8Array): void {
    const { path, node } = this.#file(given, 0, bytes.length);
    node.bytes = new Uint8Array(bytes);
    node.sizeBytes = bytes.length;
    this.#touch(path, node);
    this.flush(path);
  }

  rename(givenFrom: string, givenTo: string): void {
    const from = plainPath(givenFrom);
    const to = plainPath(givenTo);
    const node = this.#at(from);
    if (from === '' || to === '') throw new FileError('EPERM', from);
    if (from === to) return;
    if (to.startsWith(`${from}/`)) throw new FileError('EINVAL', to);
    const folder = this.#parent(to);
    const name = lastName(to);
    const other = folder.children.get(name);
    const refusal = other ? refusalToReplace(node, other) : null;
    if (refusal) throw new FileError(refusal, to);
    // Under its old name it may be unknown to the host.
    this.#flushBelow(from);
    this.#parent(from).children.delete(lastName(from));
    folder.children.set(name, node);
    this.#changes.rename(from, to);
    this.#send({ op: 'rename', path: from, to });
  }

  mkdir(given: string): void {
    const path = plainPath(given);
    if (path === '') throw new FileError('EEXIST', path);
    const folder = this.#parent(path);
    if (folder.children.has(lastName(path))) throw new FileError('EEXIST', path);
    folder.children.set(lastName(path), { kind: 'directory', children: new Map(), modifiedAtMs: this.#now() });
    this.#send({ op: 'mkdir', path });
  }

  remove(given: string): void {
    const path = plainPath(given);
    if (path === '') throw new FileError('EPERM', path);
    const node = this.#at(path);
    if (node.kind === 'directory' && node.children.size > 0) throw new FileError('ENOTEMPTY', path);
    this.#parent(path).children.delete(lastName(path));
    this.#unwritten.delete(path);
    this.#changes.remove(path);
    this.#send({ op: 'remove', path });
  }

  flush(given?: string): void {
    const paths = given === undefined ? [...this.#unwritten] : [plainPath(given)];
    for (const path of paths) {
      if (!this.#unwritten.delete(path)) continue;
      const node = find(this.#root, namesIn(path));
      if (node?.kind === 'file') this.#sendFile(path, node.bytes.subarray(0, node.sizeBytes));
    }
  }

  /** In pieces that a message can hold. */
  #sendFile(path: string, bytes: Uint8Array): void {
    const pieceBytes = LIMITS.filePieceBytes.standard;
    for (let position = 0; position === 0 || position < bytes.length; position += pieceBytes) {
      // Handed over, not copied, by the message that carries it: nothing may be asked of a piece that was sent.
      const piece = bytes.slice(position, position + pieceBytes);
      this.#send({ op: 'write', path, position, bytes: piece, truncateTo: position === 0 ? bytes.length : null });
    }
  }

  #flushBelow(path: string): void {
    for (const other of [...this.#unwritten]) if (other === path || other.startsWith(`${path}/`)) this.flush(other);
  }

  #touch(path: string, node: FileNode): void {
    node.modifiedAtMs = this.#now();
    this.#unwritten.add(path);
    this.#changes.touch(path);
  }

  #at(path: string): Node {
    const node = find(this.#root, namesIn(path));
    if (!node) throw new FileError(this.#missing(path), path);
    return node;
  }

  /** A name below a file is `ENOTDIR`, any other that is not there `ENOENT`. */
  #missing(path: string): FileErrno {
    const names = namesIn(path);
    for (let depth = 1; depth < names.length; depth += 1) {
      if (find(this.#root, names.slice(0, depth))?.kind === 'file') return 'ENOTDIR';
    }
    return 'ENOENT';
  }

  #parent(path: string): FolderNode {
    const folder = find(this.#root, namesIn(path).slice(0, -1));
    if (folder?.kind !== 'directory') throw new FileError(this.#missing(path), path);
    return folder;
  }

  /** The file to be written, made where it is missing. */
  #file(given: string, position: number, sizeBytes: number): { readonly path: string; readonly node: FileNode } {
    const path = plainPath(given);
    if (!isSize(position) || !isSize(sizeBytes)) throw new FileError('EINVAL', path);
    if (path === '') throw new FileError('EPERM', path);
    const folder = this.#parent(path);
    const node = folder.children.get(lastName(path));
    if (node?.kind === 'directory') throw new FileError('EISDIR', path);
    if (sizeBytes > LIMITS.fileBytes.standard) throw new FileError('EFBIG', path);
    if (node) return { path, node };
    const made: FileNode = { kind: 'file', bytes: new Uint8Array(), sizeBytes: 0, modifiedAtMs: this.#now() };
    folder.children.set(lastName(path), made);
    return { path, node: made };
  }

  #folderFor(names: readonly string[], modifiedAtMs: number): FolderNode {
    let at = this.#root;
    for (const name of names) {
      const child = at.children.get(name);
      if (child?.kind === 'directory') at = child;
      else {
        const made: FolderNode = { kind: 'directory', children: new Map(), modifiedAtMs };
        at.children.set(name, made);
        at = made;
      }
    }
    return at;
  }
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function find(root: FolderNode, names: readonly string[]): Node | null {
  let at: Node = root;
  for (const name of names) {
    const child: Node | undefined = at.kind === 'directory' ? at.children.get(name) : undefined;
    if (!child) return null;
    at = child;
  }
  return at;
}

function statOf(path: string, node: Node): FileStat {
  const sizeBytes = node.kind === 'file' ? node.sizeBytes : 0;
  return { path, kind: node.kind, sizeBytes, modifiedAtMs: node.modifiedAtMs };
}

function refusalToReplace(node: Node, other: Node): FileErrno | null {
  if (other.kind === 'file') return node.kind === 'file' ? null : 'ENOTDIR';
  if (node.kind === 'file') return 'EISDIR';
  return other.children.size > 0 ? 'ENOTEMPTY' : null;
}

/** Room doubles, so that a file written in many pieces is not copied for each; what is new is zeros. */
function resize(node: FileNode, sizeBytes: number, path: string): void {
  if (sizeBytes < node.sizeBytes) node.bytes.fill(0, sizeBytes, node.sizeBytes);
  else if (sizeBytes > node.bytes.length) {
    try {
      const room = new Uint8Array(Math.max(sizeBytes, Math.min(node.bytes.length * 2, LIMITS.fileBytes.standard)));
      room.set(node.bytes.subarray(0, node.sizeBytes));
      node.bytes = room;
    } catch {
      throw new FileError('ENOSPC', path); // the device has no more memory for the copy
    }
  }
  node.sizeBytes = sizeBytes;
}
