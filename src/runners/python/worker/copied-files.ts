import type { CopiedFile, FileChange } from '../../../contracts/runner-protocol.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { Changes } from '../../kit/worker/index.ts';
import { ERRNO, type FileSystem, type FsNode, type NodeOps, type StreamOps } from './emscripten.ts';
import type { FilesAhead } from './files-ahead.ts';
import { pathBelowMount } from './live-files.ts';
import { hidePath, nodeAt, streamsOf } from './nameless-files.ts';

/** Flags of an open file that may write. */
const WRITES = 0o3;

/**
 * The session's tree in memory, for browsers without shared memory: copied in before a run; each change goes out as it
 * happens, a file's bytes when it is closed or flushed, so that Stop loses nothing that was closed. Only where the host is
 * far behind with them they wait here, in the tree, until the program waits or is at its end (decision 0100).
 */
export class CopiedFiles {
  readonly #fs: FileSystem;
  readonly #changes: Changes;
  readonly #send: (change: FileChange) => void;
  readonly #ahead: FilesAhead;
  /** Files whose bytes the host has not got as they are now. Their paths change with folders above them: asked for when needed. */
  readonly #unwritten = new Set<FsNode>();
  /** Files without a name, which may be open: nothing of them goes out. */
  readonly #gone = new WeakSet<FsNode>();
  #isCopyingIn = false;
  /** Of these, what was closed or flushed and found no room. */
  readonly #late = new Set<FsNode>();
  #sending: Promise<void> = Promise.resolve();
  #mountPath = '';

  constructor(fs: FileSystem, changes: Changes, ahead: FilesAhead, send: (change: FileChange) => void) {
    this.#fs = fs;
    this.#changes = changes;
    this.#ahead = ahead;
    this.#send = (change) => {
      if (!this.#isCopyingIn) send(change);
    };
  }

  attach(mountPath: string): void {
    this.#mountPath = mountPath;
    const memory = this.#fs.filesystems.MEMFS;
    const wrapped = { mount: (mount: unknown) => this.#watch(memory.mount(mount)) };
    this.#fs.mount(wrapped, {}, mountPath);
  }

  /** Makes the tree equal to what the host has. */
  copyIn(files: readonly CopiedFile[]): void {
    this.#isCopyingIn = true;
    try {
      this.#removeOthers(this.#mountPath, '', withFolders(files));
      for (const file of [...files].sort((a, b) => a.stat.path.length - b.stat.path.length)) {
        const path = `${this.#mountPath}/${file.stat.path}`;
        if (file.stat.kind === 'directory') {
          this.#fs.mkdirTree(path);
          continue;
        }
        // Here from an earlier run, and the same in the tree.
        if (!file.bytes) continue;
        this.#fs.mkdirTree(path.slice(0, path.lastIndexOf('/')));
        this.#fs.writeFile(path, file.bytes);
        this.#fs.utime(path, file.stat.modifiedAtMs, file.stat.modifiedAtMs);
      }
    } finally {
      this.#isCopyingIn = false;
      this.#unwritten.clear();
      this.#late.clear();
      this.#changes.take();
    }
  }

  /** True where a program that can wait should: `catchUp` then. */
  get isBehind(): boolean {
    return this.#late.size > 0 || !this.#ahead.hasRoom(this.#ahead.mostBytes / 2);
  }

  /** Settles when what was written is on its way, and half of what may be is in the host's tree. */
  async catchUp(): Promise<void> {
    await this.#sendOut(this.#late);
    await this.#ahead.room(this.#ahead.mostBytes / 2);
  }

  /** Sends what was not sent yet, also what was not closed, as fast as the host takes it. */
  writeAll(): Promise<void> {
    return this.#sendOut(this.#unwritten);
  }

  #sendOut(files: ReadonlySet<FsNode>): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      for (const node of [...files]) {
        for (const piece of this.#pieces(node)) {
          await this.#ahead.room(piece.bytes.length);
          this.#send(piece);
        }
      }
    });
    return this.#sending;
  }

  #removeOthers(folder: string, below: string, wanted: ReadonlySet<string>): void {
    for (const name of this.#fs.readdir(folder)) {
      if (name === '.' || name === '..') continue;
      const path = `${folder}/${name}`;
      const relative = below ? `${below}/${name}` : name;
      const isDirectory = this.#fs.isDir(this.#fs.stat(path).mode);
      if (isDirectory) this.#removeOthers(path, relative, wanted);
      if (wanted.has(relative)) continue;
      if (isDirectory) this.#fs.rmdir(path);
      else this.#fs.unlink(path);
    }
  }

  #sendFile(node: FsNode): void {
    if (!this.#unwritten.has(node)) return;
    if (this.#ahead.hasRoom(node.usedBytes)) for (const piece of this.#pieces(node)) this.#send(piece);
    else this.#late.add(node);
  }

  /** What is to be sent of a file, in pieces that a message can hold; each is cut when it is asked for. */
  *#pieces(node: FsNode): Generator<FileChange & { readonly op: 'write'; readonly bytes: Uint8Array }> {
    this.#late.delete(node);
    if (!this.#unwritten.delete(node)) return;
    const pieceBytes = LIMITS.filePieceBytes.standard;
    for (let position = 0; position === 0 || position < node.usedBytes; position += pieceBytes) {
      const held = node.contents;
      const length = Math.min(pieceBytes, node.usedBytes - position);
      // Emscripten keeps what was written as signed bytes.
      const bytes = ArrayBuffer.isView(held)
        ? new Uint8Array(held.buffer, held.byteOffset + position, length).slice()
        : new Uint8Array();
      // One whose last pieces never come is short, not full of zeros.
      yield { op: 'write', path: pathBelowMount(node), position, truncateTo: position + length, bytes };
    }
  }

  #watch(node: FsNode): FsNode {
    const own = node.node_ops;
    const streams = node.stream_ops;
    node.node_ops = this.#watchNodes(own);
    node.stream_ops = this.#watchStreams(streams);
    return node;
  }

  #touch(node: FsNode): void {
    if (this.#isCopyingIn || this.#gone.has(node)) return;
    this.#unwritten.add(node);
    this.#changes.touch(pathBelowMount(node));
  }

  /** Its bytes must not come after those of what stands there now; who has it open goes on with it in memory. */
  #lostName(node: FsNode): void {
    this.#gone.add(node);
    this.#unwritten.delete(node);
    this.#late.delete(node);
    streamsOf(this.#fs, node).forEach(hidePath);
  }

  #watchNodes(own: NodeOps): NodeOps {
    const below = (parent: FsNode, name: string): string => [pathBelowMount(parent), name].filter(Boolean).join('/');
    const remove = (parent: FsNode, name: string, removeOwn: typeof own.unlink): void => {
      const node = nodeAt(this.#fs, parent, name);
      removeOwn(parent, name);
      if (node) this.#lostName(node);
      const path = below(parent, name);
      this.#changes.remove(path);
      this.#send({ op: 'remove', path });
    };
    return {
      ...own,
      getattr: (node) => (this.#gone.has(node) ? { ...own.getattr(node), nlink: 0 } : own.getattr(node)),
      setattr: (node, attributes) => {
        own.setattr(node, attributes);
        if (attributes.size !== undefined && this.#fs.isFile(node.mode)) this.#touch(node);
      },
      mknod: (parent, name, mode, device) => {
        const node = this.#watch(own.mknod(parent, name, mode, device));
        if (this.#fs.isDir(mode)) this.#send({ op: 'mkdir', path: pathBelowMount(node) });
        else this.#touch(node);
        return node;
      },
      rename: (node, parent, name) => {
        const from = pathBelowMount(node);
        this.#sendFile(node);
        const replaced = nodeAt(this.#fs, parent, name);
        own.rename(node, parent, name);
        const to = below(parent, name);
        if (replaced) this.#lostName(replaced);
        this.#changes.rename(from, to);
        if (this.#unwritten.has(node)) {
          // The host may not know it yet: it comes under its new name.
          this.#send({ op: 'remove', path: from });
        } else this.#send({ op: 'rename', path: from, to });
      },
      unlink: (parent, name) => remove(parent, name, own.unlink),
      rmdir: (parent, name) => remove(parent, name, own.rmdir),
      // The tree knows no links; one that stood here alone would be gone with this worker, without a word.
      symlink: () => {
        throw new this.#fs.ErrnoError(ERRNO.EPERM);
      },
    };
  }

  #watchStreams(own: StreamOps): StreamOps {
    return {
      ...own,
      write: (stream, ...rest) => {
        const count = own.write(stream, ...rest);
        this.#touch(stream.node);
        return count;
      },
      close: (stream) => {
        own.close?.(stream);
        if ((stream.flags & WRITES) !== 0) this.#sendFile(stream.node);
      },
      fsync: (stream) => {
        own.fsync?.(stream);
        this.#sendFile(stream.node);
      },
    };
  }
}

/** The paths of these files and of every folder above them. */
function withFolders(files: readonly CopiedFile[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { stat } of files) {
    for (
      let path = stat.path;
      path !== '' && !paths.has(path);
      path = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    ) {
      paths.add(path);
    }
  }
  return paths;
}
