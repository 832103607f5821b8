import type { FileOperation } from '../../../contracts/files.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import {
  type AskMailbox,
  type Changes,
  MAILBOX_WINDOW_BYTES,
  type MailboxAnswer,
  readEntries,
} from '../../kit/worker/index.ts';
import { AbsentNames } from './absent-names.ts';
import { EmptiedFile } from './emptied-file.ts';
import {
  DIRECTORY_MODE,
  ERRNO,
  FILE_MODE,
  type FsNode,
  type FsStat,
  type FsStream,
  type FileSystem,
  type NodeOps,
  type StreamOps,
} from './emscripten.ts';
import { keepInMemory, nodeAt } from './nameless-files.ts';

const READ_AHEAD_BYTES = 64 * 1024;
const WRITE_BEHIND_BYTES = 1024 * 1024;
const FIRST_ROOM_BYTES = 16 * 1024;
/** Emscripten looks a new file up twice before it makes it; whoever looks again later asks the host again. */
const MISS_HOLDS_MS = 5;
/** As Emscripten's libc has it: another program may hold the file as a lock. */
const O_EXCL = 0o200;

interface Ahead {
  readonly position: number;
  readonly bytes: Uint8Array;
}
interface Behind {
  readonly position: number;
  length: number;
  bytes: Uint8Array;
}
type LiveStream = FsStream & { ahead?: Ahead | null; behind?: Behind | null };

/** Path below the mount, without a leading slash. */
export function pathBelowMount(node: FsNode): string {
  const parts: string[] = [];
  for (let at = node; at.parent !== at; at = at.parent) parts.push(at.name);
  return parts.reverse().join('/');
}

const join = (parent: FsNode, name: string): string => {
  const path = pathBelowMount(parent);
  return path ? `${path}/${name}` : name;
};

function isWithin(node: FsNode, place: FsNode): boolean {
  let at = node;
  while (at !== place && at.parent !== at) at = at.parent;
  return at === place;
}

/** Makes room for more, up to what is joined at most. */
function hasRoom(behind: Behind, more: number): boolean {
  const wanted = behind.length + more;
  if (wanted <= behind.bytes.length) return true;
  if (wanted > WRITE_BEHIND_BYTES) return false;
  const larger = new Uint8Array(Math.min(WRITE_BEHIND_BYTES, Math.max(wanted, behind.bytes.length * 4)));
  larger.set(behind.bytes.subarray(0, behind.length));
  behind.bytes = larger;
  return true;
}

/**
 * The session's tree as an Emscripten file system: each call asks the host and waits, so Python sees what every other
 * runtime wrote a moment ago. Reads ahead and writes behind within one open file only.
 */
export class LiveFiles {
  readonly #fs: FileSystem;
  readonly #ask: AskMailbox;
  readonly #changes: Changes;
  readonly #nodeOps: NodeOps;
  readonly #streamOps: StreamOps;
  readonly #unwritten = new Set<LiveStream>();
  readonly #emptied: EmptiedFile;
  readonly #now = performance.now.bind(performance);
  readonly #absences: AbsentNames;
  #missed: { readonly path: string; readonly atMs: number } | null = null;
  /** What was looked up last, where it was not there. */
  #absent: string | null = null;
  /** A file is being opened that nobody else may have made. */
  #isExclusive = false;

  constructor(fs: FileSystem, ask: AskMailbox, changes: Changes) {
    this.#fs = fs;
    this.#ask = ask;
    this.#changes = changes;
    this.#emptied = new EmptiedFile(ask, pathBelowMount);
    this.#absences = new AbsentNames(this.#now);
    this.#watchOpening();
    this.#nodeOps = this.#createNodeOps();
    this.#streamOps = this.#createStreamOps();
  }

  /** Who makes a file is not told how it was opened. */
  #watchOpening(): void {
    const open = this.#fs.open.bind(this.#fs);
    this.#fs.open = (path, flags, mode) => {
      this.#isExclusive = typeof flags === 'number' && (flags & O_EXCL) !== 0;
      this.#absences.opening(path, flags);
      try {
        return open(path, flags, mode);
      } finally {
        this.#isExclusive = false;
        this.#absences.opened();
      }
    };
  }

  /** Called by Emscripten's FS.mount. */
  mount({ mountpoint }: { readonly mountpoint: string }): FsNode {
    this.#absences.mountAt(mountpoint);
    return this.#node(null, '/', DIRECTORY_MODE);
  }

  /** What programs left open and unwritten, at the end of a run. */
  writeAll(): void {
    for (const stream of [...this.#unwritten]) this.#write(stream);
    this.#emptied.tell();
  }

  #call(operation: FileOperation): MailboxAnswer {
    this.#emptied.tell();
    // What was missing may be there after the program's own change.
    this.#missed = null;
    this.#absent = null;
    const answer = this.#ask(operation);
    if (answer.errno) throw new this.#fs.ErrnoError(ERRNO[answer.errno]);
    return answer;
  }

  #lookUp(path: string): MailboxAnswer {
    this.#emptied.tell();
    const missed = this.#missed;
    this.#missed = null;
    this.#absent = path;
    const isMissed = missed?.path === path && this.#now() - missed.atMs < MISS_HOLDS_MS;
    if (isMissed || this.#absences.has(path)) throw new this.#fs.ErrnoError(ERRNO.ENOENT);
    const answer = this.#ask({ op: 'stat', path });
    this.#absences.looked(path, answer.errno === 'ENOENT');
    if (answer.errno === 'ENOENT') this.#missed = { path, atMs: this.#now() };
    else this.#absent = null;
    if (answer.errno) throw new this.#fs.ErrnoError(ERRNO[answer.errno]);
    return answer;
  }

  #node(parent: FsNode | null, name: string, mode: number): FsNode {
    const node = this.#fs.createNode(parent, name, mode, 0);
    node.node_ops = this.#nodeOps;
    node.stream_ops = this.#streamOps;
    return node;
  }

  #write(stream: LiveStream): void {
    const { behind, node } = stream;
    this.#refused(node);
    if (!behind?.length) return;
    stream.behind = null;
    this.#unwritten.delete(stream);
    const { position, length } = behind;
    const truncateTo = this.#emptied.takeAlong(node, position) ? 0 : null;
    const bytes = behind.bytes.slice(0, length);
    try {
      this.#call({ op: 'write', path: pathBelowMount(node), position, bytes, truncateTo });
    } catch (error) {
      if (truncateTo === 0) this.#fs.hashRemoveNode(node); // what stands there instead is looked for anew
      throw error;
    }
  }

  /** Throws where the host refused to make or empty this file. */
  #refused(node: FsNode): void {
    const errno = this.#emptied.failureOf(node);
    if (errno === null) return;
    this.#fs.hashRemoveNode(node);
    throw new this.#fs.ErrnoError(ERRNO[errno]);
  }

  /** Closed or flushed, a file is the host's. */
  #finish(stream: FsStream): void {
    this.#write(stream);
    if (this.#emptied.emptiedAtMs(stream.node) !== null) this.#emptied.tell();
    this.#refused(stream.node);
  }

  /** Others may hold unwritten bytes of the same file. */
  #settle(node: FsNode): void {
    for (const stream of [...this.#unwritten]) if (stream.node === node) this.#write(stream);
  }

  /** Performs what takes the name from a file or a folder. As on Linux, who has the file open goes on with what it held. */
  #takeName(node: FsNode | null, change: () => void): void {
    const isLosing = ({ stream_ops, node: at }: LiveStream): boolean =>
      node !== null && stream_ops === this.#streamOps && this.#fs.isFile(at.mode) && isWithin(at, node);
    const streams = this.#fs.streams.filter((stream): stream is LiveStream => !!stream && isLosing(stream));
    const kept = new Map(streams.map((stream) => [stream.node, this.#whole(stream.node)]));
    change();
    for (const [gone, bytes] of kept) keepInMemory(this.#fs, gone, bytes);
    for (const stream of streams) {
      const { behind } = stream;
      stream.behind = null;
      this.#unwritten.delete(stream);
      if (behind && kept.get(stream.node))
        stream.stream_ops.write(stream, behind.bytes, 0, behind.length, behind.position);
    }
  }

  /** What the host has of a file; null where that is too much, or not to be had. */
  #whole(node: FsNode): Uint8Array | null {
    const path = pathBelowMount(node);
    try {
      const { sizeBytes } = this.#call({ op: 'stat', path });
      if (sizeBytes > LIMITS.removedFileBytes.standard) return null;
      const whole = new Uint8Array(sizeBytes);
      let got = 0;
      while (got < sizeBytes) {
        const length = Math.min(sizeBytes - got, MAILBOX_WINDOW_BYTES);
        const { bytes } = this.#call({ op: 'read', path, position: got, length });
        if (!bytes.length) break;
        whole.set(bytes, got);
        got += bytes.length;
      }
      return whole;
    } catch {
      return null; // its name goes all the same; who has it open is told
    }
  }

  #createNodeOps(): NodeOps {
    const fs = this.#fs;
    const refuse = (): never => {
      throw new fs.ErrnoError(ERRNO.EPERM);
    };
    const remove = (parent: FsNode, name: string): void => {
      const path = join(parent, name);
      this.#takeName(fs.lookupNode(parent, name), () => this.#call({ op: 'remove', path }));
      this.#changes.remove(path);
    };
    return {
      getattr: (node) => {
        this.#settle(node);
        const emptiedAtMs = this.#emptied.emptiedAtMs(node);
        if (emptiedAtMs !== null) return statOf(node, false, 0, emptiedAtMs);
        const isRoot = node.parent === node;
        const answer = isRoot ? null : this.#call({ op: 'stat', path: pathBelowMount(node) });
        return statOf(node, fs.isDir(node.mode), answer?.sizeBytes ?? 0, answer?.modifiedAtMs ?? 0);
      },
      setattr: (node, attributes) => {
        if (attributes.mode !== undefined) node.mode = attributes.mode;
        if (attributes.size === undefined) return;
        this.#settle(node);
        const path = pathBelowMount(node);
        if (attributes.size === 0) this.#emptied.hold(node);
        else this.#call({ op: 'write', path, position: 0, bytes: null, truncateTo: attributes.size });
        this.#changes.touch(path);
      },
      lookup: (parent, name) => {
        const answer = this.#lookUp(join(parent, name));
        return this.#node(parent, name, answer.isDirectory ? DIRECTORY_MODE : FILE_MODE);
      },
      mknod: (parent, name, mode) => {
        const path = join(parent, name);
        // A name that can be, as the host says; of others its refusal tells at once.
        const isMissing = this.#absent === path && !this.#isExclusive;
        if (fs.isDir(mode)) this.#call({ op: 'mkdir', path });
        else if (!isMissing) this.#call({ op: 'write', path, position: 0, bytes: null, truncateTo: 0 });
        const node = this.#node(parent, name, mode);
        if (fs.isDir(mode)) return node;
        this.#changes.touch(path);
        if (isMissing) this.#emptied.hold(node);
        return node;
      },
      rename: (node, parent, name) => {
        const replaced = nodeAt(fs, parent, name);
        this.#settle(node);
        const from = pathBelowMount(node);
        const to = join(parent, name);
        this.#takeName(replaced, () => this.#call({ op: 'rename', path: from, to }));
        if (replaced) fs.hashRemoveNode(replaced);
        node.name = name;
        this.#changes.rename(from, to);
      },
      unlink: remove,
      rmdir: remove,
      readdir: (node) => {
        const entries = readEntries(this.#call({ op: 'list', path: pathBelowMount(node) }));
        return ['.', '..', ...entries.map((entry) => entry.path.slice(entry.path.lastIndexOf('/') + 1))];
      },
      symlink: refuse,
      readlink: () => {
        throw new fs.ErrnoError(ERRNO.EINVAL);
      },
    };
  }

  #createStreamOps(): StreamOps {
    const fs = this.#fs;
    return {
      close: (stream) => {
        if (fs.isFile(stream.node.mode)) this.#finish(stream);
      },
      // What the other holds is its own to write.
      dup: (stream: LiveStream) => {
        stream.ahead = stream.behind = null;
      },
      fsync: (stream) => this.#finish(stream),
      read: (stream, buffer, offset, length, position) => this.#read(stream, buffer, offset, length, position),
      write: (stream: LiveStream, buffer, offset, length, position) => {
        stream.ahead = null;
        const behind = stream.behind;
        const bytes = buffer.subarray(offset, offset + length);
        if (behind && behind.position + behind.length === position && hasRoom(behind, length)) {
          behind.bytes.set(bytes, behind.length);
          behind.length += length;
        } else {
          this.#write(stream);
          this.#settle(stream.node);
          const held = new Uint8Array(Math.max(length, FIRST_ROOM_BYTES));
          held.set(bytes);
          stream.behind = { position, length, bytes: held };
          this.#unwritten.add(stream);
        }
        this.#changes.touch(pathBelowMount(stream.node));
        return length;
      },
      llseek: (stream: LiveStream, offset, whence) => {
        let position = offset;
        if (whence === 1) position += stream.position;
        else if (whence === 2) {
          this.#settle(stream.node);
          position += this.#call({ op: 'stat', path: pathBelowMount(stream.node) }).sizeBytes;
        }
        if (position < 0) throw new fs.ErrnoError(ERRNO.EINVAL);
        return position;
      },
    };
  }

  #read(stream: LiveStream, buffer: Uint8Array, offset: number, length: number, position: number): number {
    this.#settle(stream.node);
    const path = pathBelowMount(stream.node);
    let got = 0;
    while (got < length) {
      const at = position + got;
      const ahead = stream.ahead;
      if (ahead && at >= ahead.position && at < ahead.position + ahead.bytes.length) {
        const from = at - ahead.position;
        const count = Math.min(length - got, ahead.bytes.length - from);
        buffer.set(ahead.bytes.subarray(from, from + count), offset + got);
        got += count;
        continue;
      }
      const wanted = length - got;
      const { bytes } = this.#call({
        op: 'read',
        path,
        position: at,
        length: Math.min(Math.max(wanted, READ_AHEAD_BYTES), MAILBOX_WINDOW_BYTES),
      });
      if (!bytes.length) break;
      if (wanted < bytes.length) stream.ahead = { position: at, bytes: bytes.slice() };
      else {
        buffer.set(bytes, offset + got);
        got += bytes.length;
      }
    }
    return got;
  }
}

function statOf(node: FsNode, isDirectory: boolean, sizeBytes: number, modifiedAtMs: number): FsStat {
  const time = new Date(modifiedAtMs);
  const size = isDirectory ? 4096 : sizeBytes;
  return {
    dev: 1,
    ino: node.id,
    mode: node.mode,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size,
    atime: time,
    mtime: time,
    ctime: time,
    blksize: 4096,
    blocks: Math.ceil(size / 512),
  };
}
