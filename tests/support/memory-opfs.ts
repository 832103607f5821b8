import type { OpfsDirectory, OpfsFile, SyncAccess } from '../../src/workspace/store/opfs-handles.ts';

const domError = (name: string) => new DOMException(name, name);

export interface MemoryOpfs {
  readonly root: OpfsDirectory;
  /** Names right below the root. */
  names(): string[];
  /** Of all files. */
  totalBytes(): number;
  /** How often a file was put on the disk. */
  flushes(): number;
  /**
   * After so many more changes of the store everything in it fails, as if its world had died; the last change is done in
   * part, if it is a write: that many of its bytes. Infinity: it lives.
   */
  diesAfter(changes: number, bytesOfTheLast: number): void;
  /** A new world over what the dead one left: nothing is locked. */
  revive(): void;
  /** Bytes that may still be written. */
  quotaBytes: number;
  /** Files with an open exclusive handle. */
  readonly openFiles: number;
}

interface Store {
  quotaBytes: number;
  openFiles: number;
  changesLeft: number;
  lastBytes: number;
  /** Counts the worlds; a file that an earlier one locked is free. */
  world: number;
  flushes: number;
}

/** Throws in a world that has died. True for the change during which it dies. */
function change(store: Store): boolean {
  if (store.changesLeft < 0) throw domError('AbortError');
  store.changesLeft -= 1;
  return store.changesLeft < 0;
}

/** OPFS as far as the workspace uses it: exclusive handles lock, names with `/` are refused, a full store writes short. */
export function createMemoryOpfs(): MemoryOpfs {
  const store: Store = {
    quotaBytes: Infinity,
    openFiles: 0,
    changesLeft: Infinity,
    lastBytes: 0,
    world: 0,
    flushes: 0,
  };
  const root = new MemoryDirectory('', store);
  return {
    root,
    names: () => [...root.entries.keys()],
    totalBytes: () => root.totalBytes(),
    flushes: () => store.flushes,
    diesAfter(changes, bytesOfTheLast) {
      store.changesLeft = changes;
      store.lastBytes = bytesOfTheLast;
    },
    revive() {
      store.changesLeft = Infinity;
      store.openFiles = 0;
      store.world += 1;
    },
    get quotaBytes() {
      return store.quotaBytes;
    },
    set quotaBytes(bytes) {
      store.quotaBytes = bytes;
    },
    get openFiles() {
      return store.openFiles;
    },
  };
}

class MemoryFile implements OpfsFile {
  readonly kind = 'file';
  readonly name: string;
  bytes = new Uint8Array(0);
  /** The world that has it open. */
  lockedIn: number | null = null;
  readonly #store: Store;

  constructor(name: string, store: Store) {
    this.name = name;
    this.#store = store;
  }

  get isLocked(): boolean {
    return this.lockedIn === this.#store.world;
  }

  async getFile() {
    return new File([this.bytes], this.name, { lastModified: 1 });
  }

  async createSyncAccessHandle(): Promise<SyncAccess> {
    const store = this.#store;
    if (this.isLocked) throw domError('NoModificationAllowedError');
    this.lockedIn = store.world;
    const { world } = store;
    store.openFiles += 1;
    // Room doubles, so that a file written in many pieces is not copied for each.
    const resize = (size: number) => {
      if (size > this.bytes.buffer.byteLength) {
        const grown = new Uint8Array(Math.max(size, this.bytes.length * 2));
        grown.set(this.bytes);
        this.bytes = grown.subarray(0, size);
        return;
      }
      const before = this.bytes.length;
      this.bytes = new Uint8Array(this.bytes.buffer, 0, size);
      this.bytes.fill(0, Math.min(before, size));
    };
    return {
      read: (into, { at }) => {
        const piece = this.bytes.subarray(at, at + into.length);
        into.set(piece);
        return piece.length;
      },
      write: (bytes, { at }) => {
        const isLast = change(store);
        const most = Math.min(bytes.length, store.quotaBytes, isLast ? store.lastBytes : Infinity);
        const fits = bytes.subarray(0, Math.max(0, most));
        store.quotaBytes -= fits.length;
        if (at + fits.length > this.bytes.length) resize(at + fits.length);
        this.bytes.set(fits, at);
        if (isLast) throw domError('AbortError');
        return fits.length;
      },
      truncate: (size) => {
        change(store);
        resize(size);
      },
      getSize: () => this.bytes.length,
      flush: () => {
        change(store);
        store.flushes += 1;
      },
      close: () => {
        if (this.lockedIn !== world) return;
        if (this.isLocked) store.openFiles -= 1;
        this.lockedIn = null;
      },
    };
  }
}

class MemoryDirectory implements OpfsDirectory {
  readonly kind = 'directory';
  readonly name: string;
  readonly entries = new Map<string, MemoryFile | MemoryDirectory>();
  readonly #store: Store;

  constructor(name: string, store: Store) {
    this.name = name;
    this.#store = store;
  }

  totalBytes(): number {
    let bytes = 0;
    for (const entry of this.entries.values())
      bytes += entry instanceof MemoryFile ? entry.bytes.length : entry.totalBytes();
    return bytes;
  }

  async getFileHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsFile> {
    const found = this.#find(name);
    if (found instanceof MemoryDirectory) throw domError('TypeMismatchError');
    if (found === undefined && options?.create !== true) throw domError('NotFoundError');
    if (found === undefined) change(this.#store);
    const file = found ?? new MemoryFile(name, this.#store);
    this.entries.set(name, file);
    return file;
  }

  async getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsDirectory> {
    const found = this.#find(name);
    if (found instanceof MemoryFile) throw domError('TypeMismatchError');
    if (found === undefined && options?.create !== true) throw domError('NotFoundError');
    if (found === undefined) change(this.#store);
    const directory = found ?? new MemoryDirectory(name, this.#store);
    this.entries.set(name, directory);
    return directory;
  }

  async removeEntry(name: string, options?: { readonly recursive: boolean }): Promise<void> {
    const found = this.#find(name);
    if (found === undefined) throw domError('NotFoundError');
    if (found instanceof MemoryFile && found.isLocked) throw domError('NoModificationAllowedError');
    const isFull = found instanceof MemoryDirectory && found.entries.size > 0;
    if (isFull && options?.recursive !== true) throw domError('InvalidModificationError');
    change(this.#store);
    this.entries.delete(name);
  }

  async *values(): AsyncIterable<OpfsFile | OpfsDirectory> {
    yield* this.entries.values();
  }

  #find(name: string): MemoryFile | MemoryDirectory | undefined {
    if (name === '' || name === '.' || name === '..' || /[/\\]/.test(name)) throw new TypeError('name not allowed');
    return this.entries.get(name);
  }
}
