import { refuse } from './file-failure.ts';
import type { OpenFiles, StoredFile } from './open-files.ts';
import type { OpfsDirectory, SyncAccess } from './opfs-handles.ts';

const nameOfBlob = (id: number): string => `blob-${id}`;

/** The large files of one tree, each a file of the store under a number of its own; the log says what they are called. */
export class Blobs {
  readonly #directory: OpfsDirectory;
  readonly #open: OpenFiles;
  readonly #files = new Map<number, StoredFile>();
  readonly #dropped = new Set<number>();
  readonly #onLost: (id: number) => void;
  #lastId = 0;

  /** `onLost`: bytes of this one are not on the disk any more. */
  constructor(directory: OpfsDirectory, open: OpenFiles, onLost: (id: number) => void) {
    this.#directory = directory;
    this.#open = open;
    this.#onLost = onLost;
  }

  /**
   * Learns which there are. `mayRemove`: what no file of the tree has goes; it was made, and its maker died before it was
   * said whose it is.
   */
  async found(names: readonly string[], wanted: ReadonlySet<number>, mayRemove: boolean): Promise<void> {
    for (const id of wanted) this.#lastId = Math.max(this.#lastId, id);
    for (const name of names) {
      const id = Number(/^blob-(\d+)$/.exec(name)?.[1] ?? 'none');
      if (Number.isNaN(id)) continue;
      this.#lastId = Math.max(this.#lastId, id);
      if (mayRemove && !wanted.has(id)) await this.#directory.removeEntry(name);
    }
  }

  async create(): Promise<{ readonly id: number; readonly access: SyncAccess }> {
    this.#lastId += 1;
    const id = this.#lastId;
    const handle = await this.#directory.getFileHandle(nameOfBlob(id), { create: true });
    const file: StoredFile = { handle, access: null };
    this.#files.set(id, file);
    return { id, access: await this.#open.access(file) };
  }

  /** Bytes beyond the size that the log knows were never answered for, and go. */
  async access(id: number, sizeBytes: number): Promise<SyncAccess> {
    const known = this.#files.get(id);
    if (known?.access) return this.#open.access(known);
    const file = known ?? { handle: await this.#handle(id), access: null };
    this.#files.set(id, file);
    const access = await this.#open.access(file);
    const missing = sizeBytes - access.getSize();
    // They are read as zeros.
    if (missing > 0) this.#onLost(id);
    if (missing !== 0) access.truncate(sizeBytes);
    return access;
  }

  /** It goes once the log that no longer names it is on the disk. */
  drop(id: number): void {
    this.#dropped.add(id);
  }

  flush(): void {
    for (const file of this.#files.values()) file.access?.flush();
  }

  async sweep(): Promise<void> {
    for (const id of this.#dropped) {
      const file = this.#files.get(id);
      if (file) this.#open.close(file);
      this.#files.delete(id);
      this.#dropped.delete(id);
      try {
        await this.#directory.removeEntry(nameOfBlob(id));
      } catch (error) {
        // Nobody names it any more: the next opening of the tree removes it.
        console.warn('a removed large file stays for now', error);
      }
    }
  }

  close(): void {
    for (const file of this.#files.values()) this.#open.close(file);
    this.#files.clear();
  }

  async #handle(id: number) {
    try {
      return await this.#directory.getFileHandle(nameOfBlob(id));
    } catch (error) {
      // The tree has the file and the disk has not: that is no wrong path of the program.
      console.error('bytes of a file are gone', error);
      this.#onLost(id);
      return refuse('EIO');
    }
  }
}
