import type { FileOperation, FilesChange, OnFilesChange } from '../contracts/files.ts';

/** Who wants to hear of changes to which tree. */
export class Watchers<Id> {
  readonly #listeners = new Map<Id, Set<OnFilesChange>>();

  add(id: Id, listener: OnFilesChange, signal: AbortSignal): void {
    if (signal.aborted) return;
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners);
    // A function of its own: who listens twice is told twice.
    const own: OnFilesChange = (change) => listener(change);
    listeners.add(own);
    signal.addEventListener(
      'abort',
      () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
      },
      { once: true },
    );
  }

  /** A listener that throws harms neither the others nor the program whose change it was. */
  tell(id: Id, change: FilesChange): void {
    for (const listener of this.#listeners.get(id) ?? []) {
      try {
        listener(change);
      } catch (error) {
        console.error('a watcher of files failed', error);
      }
    }
  }
}

/** Tells of an operation that was done, if it changes anything. */
export function tellOf(operation: FileOperation, tell: (change: FilesChange) => void): void {
  if (operation.op === 'stat' || operation.op === 'list' || operation.op === 'read') return;
  if (operation.op === 'rename') tell({ kind: 'rename', path: operation.path, to: operation.to });
  else tell({ kind: operation.op, path: operation.path });
}
