import type { SessionId } from '../../contracts/ids.ts';
import type { SavedEngine, SavedEngines } from '../../contracts/runner.ts';

/** Keeps what engines give to keep. What cannot be kept or read is as if it had never been: a run never fails for it. */
export class EngineKeeping {
  readonly #engines: SavedEngines;
  /** Sessions of which something is being written: an engine that gives more meanwhile is not heard. */
  readonly #writing = new Set<SessionId>();

  constructor(engines: SavedEngines) {
    this.#engines = engines;
  }

  load(sessionId: SessionId): Promise<SavedEngine | null> {
    return this.#engines.load(sessionId).catch((cause: unknown) => {
      console.warn('a saved engine cannot be read', cause);
      return null;
    });
  }

  /** Takes what the engine of a session gives to keep. */
  of(sessionId: SessionId): (state: Uint8Array | null) => void {
    return (state) => {
      if (state === null) return this.forget(sessionId);
      if (this.#writing.has(sessionId)) return;
      this.#writing.add(sessionId);
      this.#engines
        .save(sessionId, state)
        .catch((cause: unknown) => console.warn('an engine cannot be saved', cause))
        .finally(() => this.#writing.delete(sessionId));
    };
  }

  forget(sessionId: SessionId): void {
    this.#engines.remove(sessionId).catch((cause: unknown) => console.warn('a saved engine cannot be removed', cause));
  }
}
