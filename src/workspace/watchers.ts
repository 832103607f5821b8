/** What happened to a tree; `path` and `to` are below its root. `write` makes files as well. */
export type FilesChange =
  | { readonly kind: 'write' | 'mkdir' | 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

export type OnFilesChange = (change: FilesChange) => void;

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
