import type { FileAnswer, FileErrno, FileOperation, FileStat } from '../contracts/files.ts';
import { LIMITS } from '../contracts/limits.ts';
import { errnoOf, type OpfsDirectory, type SyncAccess } from './opfs-handles.ts';
import type { OpenFiles } from './open-files.ts';
import { namesOf, storedName } from './safe-path.ts';
import {
  countBelow,
  type DirectoryNode,
  type FileNode,
  filesBelow,
  loadTree,
  type Node,
  openFilesOf,
  statOf,
} from './tree-nodes.ts';

const NOTHING = new Uint8Array(0);
/** One read may ask for this much at most. */
const READ_BYTES = 64 * 1024 * 1024;

class FileFailure extends Error {
  readonly errno: FileErrno;
  constructor(errno: FileErrno) {
    super(errno);
    this.errno = errno;
  }
}

function refuse(errno: FileErrno): never {
  throw new FileFailure(errno);
}

interface Place {
  readonly parent: DirectoryNode;
  readonly name: string;
  readonly node: Node | undefined;
}

/**
 * One session's files. Knows its whole tree in memory, so that looking costs no call of the store; bytes are read and
 * written at once through exclusive handles. Operations are done one after the other, in the order they came.
 */
export class OpfsTree {
  readonly #directory: () => Promise<OpfsDirectory>;
  readonly #open: OpenFiles;
  readonly #now: () => number;
  readonly #mostBytes: number;
  #root: DirectoryNode | null = null;
  #count = 0;
  /** Of all files together; as exact as the store's own sizes. */
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly directory: () => Promise<OpfsDirectory>;
    readonly open: OpenFiles;
    readonly now: () => number;
    /** For tests; `sessionBytes` otherwise. */
    readonly mostBytes?: number;
  }) {
    this.#directory = options.directory;
    this.#open = options.open;
    this.#now = options.now;
    this.#mostBytes = options.mostBytes ?? LIMITS.sessionBytes.standard;
  }

  /** Never rejects. */
  perform(operation: FileOperation): Promise<FileAnswer> {
    return this.#inTurn(async (root) => this.#do(root, operation));
  }

  /** Never rejects; empty where the store cannot be read. */
  async all(): Promise<readonly FileStat[]> {
    const answer = await this.#inTurn(async (root) => ({ ok: true as const, entries: [...filesBelow(root)] }));
    return answer.ok ? (answer.entries ?? []) : [];
  }

  #inTurn(act: (root: DirectoryNode) => Promise<FileAnswer>): Promise<FileAnswer> {
    const turn = this.#last.then(async (): Promise<FileAnswer> => {
      try {
        return await act(await this.#load());
      } catch (error) {
        return { ok: false, errno: error instanceof FileFailure ? error.errno : errnoOf(error) };
      }
    });
    this.#last = turn;
    return turn;
  }

  async #load(): Promise<DirectoryNode> {
    if (this.#root === null) {
      this.#root = await loadTree(await this.#directory(), this.#now);
      this.#count = countBelow(this.#root);
      for (const file of filesBelow(this.#root)) this.#bytes += file.sizeBytes;
    }
    return this.#root;
  }

  async #do(root: DirectoryNode, operation: FileOperation): Promise<FileAnswer> {
    switch (operation.op) {
      case 'stat':
        return { ok: true, stat: statOf(operation.path, this.#node(root, operation.path)) };
      case 'list':
        return { ok: true, entries: this.#list(root, operation.path) };
      case 'read':
        return { ok: true, bytes: await this.#read(root, operation.path, operation.position, operation.length) };
      case 'write':
        await this.#write(root, operation);
        return { ok: true };
      case 'rename':
        await this.#rename(root, operation.path, operation.to);
        return { ok: true };
      case 'mkdir':
        await this.#makeDirectory(root, operation.path);
        return { ok: true };
      case 'remove':
        await this.#remove(root, operation.path);
        return { ok: true };
    }
  }

  #node(root: DirectoryNode, path: string): Node {
    const names = namesOf(path) ?? refuse('EINVAL');
    let node: Node = root;
    for (const name of names) {
      if (node.kind !== 'directory') return refuse('ENOTDIR');
      node = node.children.get(name) ?? refuse('ENOENT');
    }
    return node;
  }

  /** Where a path would be; its parent must exist. */
  #place(root: DirectoryNode, path: string): Place {
    const names = namesOf(path) ?? refuse('EINVAL');
    const name = names.at(-1) ?? refuse('EPERM');
    const parent = this.#node(root, names.slice(0, -1).join('/'));
    if (parent.kind !== 'directory') return refuse('ENOTDIR');
    return { parent, name, node: parent.children.get(name) };
  }

  #file(root: DirectoryNode, path: string): FileNode {
    const node = this.#node(root, path);
    return node.kind === 'file' ? node : refuse('EISDIR');
  }

  #list(root: DirectoryNode, path: string): FileStat[] {
    const node = this.#node(root, path);
    if (node.kind !== 'directory') return refuse('ENOTDIR');
    const prefix = path === '' || path === '.' ? '' : `${path.replace(/\/+$/, '')}/`;
    return [...node.children].map(([name, child]) => statOf(prefix + name, child));
  }

  async #read(root: DirectoryNode, path: string, position: number, length: number): Promise<Uint8Array> {
    if (!isSize(position) || !isSize(length) || length > READ_BYTES) return refuse('EINVAL');
    const node = this.#file(root, path);
    const bytes = new Uint8Array(Math.max(0, Math.min(length, node.sizeBytes - position)));
    if (bytes.length === 0) return bytes;
    if (node.access !== null) return bytes.subarray(0, node.access.read(bytes, { at: position }));
    // Opening and closing an exclusive handle only to read costs up to 30 ms in Firefox, a snapshot half of one.
    node.snapshot ??= await node.handle.getFile();
    return new Uint8Array(await node.snapshot.slice(position, position + bytes.length).arrayBuffer());
  }

  async #write(root: DirectoryNode, operation: Extract<FileOperation, { op: 'write' }>): Promise<void> {
    const { position, truncateTo } = operation;
    const bytes = operation.bytes ?? NOTHING;
    if (![position, truncateTo ?? 0].every(isSize)) return refuse('EINVAL');
    const written = bytes.length === 0 ? 0 : position + bytes.length;
    if (Math.max(written, truncateTo ?? 0) > LIMITS.fileBytes.standard) return refuse('EFBIG');
    const node = await this.#fileToWrite(root, operation.path);
    const before = node.sizeBytes;
    const growth = Math.max(truncateTo ?? before, written) - before;
    if (growth > 0 && this.#bytes + growth > this.#mostBytes) return refuse('ENOSPC');
    const access = await this.#open.access(node);
    node.snapshot = null;
    try {
      if (truncateTo !== null && truncateTo !== node.sizeBytes) access.truncate(truncateTo);
      writeAll(access, bytes, position);
    } finally {
      node.sizeBytes = access.getSize();
      this.#bytes += node.sizeBytes - before;
      node.modifiedAtMs = this.#now();
    }
  }

  async #fileToWrite(root: DirectoryNode, path: string): Promise<FileNode> {
    const { parent, name, node } = this.#place(root, path);
    if (node?.kind === 'directory') return refuse('EISDIR');
    if (node !== undefined) return node;
    if (this.#count >= LIMITS.fileCount.standard) return refuse('ENOSPC');
    const handle = await parent.handle.getFileHandle(stored(name), { create: true });
    const made: FileNode = {
      kind: 'file',
      handle,
      sizeBytes: 0,
      modifiedAtMs: this.#now(),
      access: null,
      snapshot: null,
    };
    this.#put(parent, name, made);
    this.#count += 1;
    return made;
  }

  async #makeDirectory(root: DirectoryNode, path: string): Promise<void> {
    if ((namesOf(path) ?? refuse('EINVAL')).length === 0) return refuse('EEXIST');
    const { parent, name, node } = this.#place(root, path);
    if (node !== undefined) return refuse('EEXIST');
    if (this.#count >= LIMITS.fileCount.standard) return refuse('ENOSPC');
    const handle = await parent.handle.getDirectoryHandle(stored(name), { create: true });
    this.#put(parent, name, { kind: 'directory', handle, children: new Map(), modifiedAtMs: this.#now() });
    this.#count += 1;
  }

  async #remove(root: DirectoryNode, path: string): Promise<void> {
    const { parent, name, node } = this.#place(root, path);
    if (node === undefined) return refuse('ENOENT');
    if (node.kind === 'directory' && node.children.size > 0) return refuse('ENOTEMPTY');
    this.#open.closeAll(openFilesOf(node));
    await parent.handle.removeEntry(stored(name));
    this.#drop(parent, name);
    this.#count -= 1;
    if (node.kind === 'file') this.#bytes -= node.sizeBytes;
  }

  async #rename(root: DirectoryNode, path: string, to: string): Promise<void> {
    const from = this.#place(root, path);
    const target = this.#place(root, to);
    const { node } = from;
    if (node === undefined) return refuse('ENOENT');
    if (node === target.node) return;
    if (isWithin(target.parent, node)) return refuse('EINVAL');
    if (target.node !== undefined) await this.#clearWay(node, target);
    this.#open.closeAll(openFilesOf(node));
    const moved = await this.#move(node, from, target);
    this.#drop(from.parent, from.name);
    this.#put(target.parent, target.name, moved);
  }

  /** POSIX: a file replaces a file, a directory replaces an empty directory. */
  async #clearWay(node: Node, { parent, name, node: old }: Place): Promise<void> {
    if (old === undefined) return;
    if (old.kind === 'directory' && node.kind === 'file') return refuse('EISDIR');
    if (old.kind === 'file' && node.kind === 'directory') return refuse('ENOTDIR');
    if (old.kind === 'directory' && old.children.size > 0) return refuse('ENOTEMPTY');
    this.#open.closeAll(openFilesOf(old));
    if (old.kind === 'directory') await parent.handle.removeEntry(stored(name));
    else this.#bytes -= old.sizeBytes;
    this.#count -= 1;
  }

  async #move(node: Node, from: Place, to: Place): Promise<Node> {
    if (node.kind === 'file') return this.#moveFile(node, from, to);
    // Stores cannot move directories everywhere: make the new one, move what is in it, remove the old one.
    const handle = await to.parent.handle.getDirectoryHandle(stored(to.name), { create: true });
    const made: DirectoryNode = { kind: 'directory', handle, children: new Map(), modifiedAtMs: node.modifiedAtMs };
    for (const [name, child] of [...node.children]) {
      const inside: Place = { parent: node, name, node: child };
      made.children.set(name, await this.#move(child, inside, { parent: made, name, node: undefined }));
      node.children.delete(name);
    }
    await from.parent.handle.removeEntry(stored(from.name));
    return made;
  }

  async #moveFile(node: FileNode, from: Place, to: Place): Promise<FileNode> {
    if (node.handle.move !== undefined) {
      await node.handle.move(to.parent.handle, stored(to.name));
      node.handle = await to.parent.handle.getFileHandle(stored(to.name));
      node.snapshot = null;
      return node;
    }
    const handle = await to.parent.handle.getFileHandle(stored(to.name), { create: true });
    const made: FileNode = { ...node, handle, access: null, snapshot: null };
    const [source, target] = [await this.#open.access(node), await this.#open.access(made)];
    target.truncate(0);
    const window = new Uint8Array(Math.min(node.sizeBytes, 4 * 1024 * 1024));
    for (let at = 0; at < node.sizeBytes; at += window.length) {
      writeAll(target, window.subarray(0, source.read(window, { at })), at);
    }
    this.#open.closeAll([node]);
    await from.parent.handle.removeEntry(stored(from.name));
    return made;
  }

  #put(parent: DirectoryNode, name: string, node: Node): void {
    parent.children.set(name, node);
    parent.modifiedAtMs = this.#now();
  }

  #drop(parent: DirectoryNode, name: string): void {
    parent.children.delete(name);
    parent.modifiedAtMs = this.#now();
  }
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function stored(name: string): string {
  return storedName(name) ?? refuse('EINVAL');
}

/** A short write is a full disk. */
function writeAll(access: SyncAccess, bytes: Uint8Array, at: number): void {
  if (bytes.length > 0 && access.write(bytes, { at }) < bytes.length) refuse('ENOSPC');
}

function isWithin(inner: Node, outer: Node): boolean {
  if (inner === outer) return true;
  return outer.kind === 'directory' && [...outer.children.values()].some((child) => isWithin(inner, child));
}
