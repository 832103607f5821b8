import type { OpfsDirectory, OpfsFile, SyncAccess } from '../../src/workspace/opfs-handles.ts';

const domError = (name: string) => new DOMException(name, name);

export interface MemoryOpfs {
  readonly root: OpfsDirectory;
  /** Bytes that may still be written. */
  quotaBytes: number;
  /** Files with an open exclusive handle. */
  readonly openFiles: number;
}

interface Store {
  quotaBytes: number;
  openFiles: number;
}

/** OPFS as far as the workspace uses it: exclusive handles lock, names with `/` are refused, a full store writes short. */
export function createMemoryOpfs(options: { readonly canMove?: boolean } = {}): MemoryOpfs {
  const store: Store = { quotaBytes: Infinity, openFiles: 0 };
  const root = new MemoryDirectory('', store, options.canMove ?? true);
  return {
    root,
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
  name: string;
  bytes = new Uint8Array(0);
  isLocked = false;
  parent: MemoryDirectory;
  readonly #store: Store;
  readonly move?: (to: OpfsDirectory, name: string) => Promise<void>;

  constructor(name: string, parent: MemoryDirectory, store: Store) {
    this.name = name;
    this.parent = parent;
    this.#store = store;
    if (parent.canMove) {
      this.move = async (to, newName) => {
        if (this.isLocked) throw domError('NoModificationAllowedError');
        const target = to as MemoryDirectory;
        this.parent.entries.delete(this.name);
        this.name = newName;
        this.parent = target;
        target.entries.set(newName, this);
      };
    }
  }

  async getFile() {
    return new File([this.bytes], this.name, { lastModified: 1 });
  }

  async createSyncAccessHandle(): Promise<SyncAccess> {
    if (this.isLocked) throw domError('NoModificationAllowedError');
    this.isLocked = true;
    this.#store.openFiles += 1;
    const resize = (size: number) => {
      const grown = new Uint8Array(size);
      grown.set(this.bytes.subarray(0, size));
      this.bytes = grown;
    };
    return {
      read: (into, { at }) => {
        const piece = this.bytes.subarray(at, at + into.length);
        into.set(piece);
        return piece.length;
      },
      write: (bytes, { at }) => {
        const fits = bytes.subarray(0, Math.max(0, Math.min(bytes.length, this.#store.quotaBytes)));
        this.#store.quotaBytes -= fits.length;
        if (at + fits.length > this.bytes.length) resize(at + fits.length);
        this.bytes.set(fits, at);
        return fits.length;
      },
      truncate: resize,
      getSize: () => this.bytes.length,
      flush: () => undefined,
      close: () => {
        if (this.isLocked) this.#store.openFiles -= 1;
        this.isLocked = false;
      },
    };
  }
}

class MemoryDirectory implements OpfsDirectory {
  readonly kind = 'directory';
  readonly name: string;
  readonly canMove: boolean;
  readonly entries = new Map<string, MemoryFile | MemoryDirectory>();
  readonly #store: Store;

  constructor(name: string, store: Store, canMove: boolean) {
    this.name = name;
    this.#store = store;
    this.canMove = canMove;
  }

  async getFileHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsFile> {
    const found = this.#find(name);
    if (found instanceof MemoryDirectory) throw domError('TypeMismatchError');
    if (found === undefined && options?.create !== true) throw domError('NotFoundError');
    const file = found ?? new MemoryFile(name, this, this.#store);
    this.entries.set(name, file);
    return file;
  }

  async getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsDirectory> {
    const found = this.#find(name);
    if (found instanceof MemoryFile) throw domError('TypeMismatchError');
    if (found === undefined && options?.create !== true) throw domError('NotFoundError');
    const directory = found ?? new MemoryDirectory(name, this.#store, this.canMove);
    this.entries.set(name, directory);
    return directory;
  }

  async removeEntry(name: string): Promise<void> {
    const found = this.#find(name);
    if (found === undefined) throw domError('NotFoundError');
    if (found instanceof MemoryFile && found.isLocked) throw domError('NoModificationAllowedError');
    if (found instanceof MemoryDirectory && found.entries.size > 0) throw domError('InvalidModificationError');
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
