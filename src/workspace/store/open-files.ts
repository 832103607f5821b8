import { LIMITS } from '../../contracts/limits.ts';
import type { OpfsFile, SyncAccess } from './opfs-handles.ts';

/** A file of the store, open or not. */
export interface StoredFile {
  readonly handle: OpfsFile;
  access: SyncAccess | null;
}

export type Pause = (ms: number) => Promise<void>;

/** A worker that was just ended may hold its files for a moment; nobody else ever does. */
const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 50;

/** Waits up to five seconds for an exclusive handle. Rejects with the store's own error. */
export async function openPatiently(handle: OpfsFile, pause: Pause): Promise<SyncAccess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      const isLocked = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!isLocked || tries === LOCK_TRIES) throw error;
      await pause(LOCK_PAUSE_MS);
    }
  }
}

/** The large files that are open at the moment, over all sessions: opening costs more than writing. */
export class OpenFiles {
  readonly #pause: Pause;
  /** In order of use, oldest first. */
  readonly #files = new Set<StoredFile>();

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  /** Rejects with the store's own error. */
  async access(file: StoredFile): Promise<SyncAccess> {
    const access = file.access ?? (await openPatiently(file.handle, this.#pause));
    file.access = access;
    this.#files.delete(file);
    this.#files.add(file);
    for (const oldest of this.#files) {
      if (this.#files.size <= LIMITS.filesOpenAtOnce.standard) break;
      this.close(oldest);
    }
    return access;
  }

  close(file: StoredFile): void {
    this.#files.delete(file);
    file.access?.flush();
    file.access?.close();
    file.access = null;
  }

  openLog(handle: OpfsFile): Promise<SyncAccess> {
    return openPatiently(handle, this.#pause);
  }
}
