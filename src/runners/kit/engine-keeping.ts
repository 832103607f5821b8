import type { SessionId } from '../../contracts/ids.ts';
import type { SavedEngine, SavedEngines } from '../../contracts/runner.ts';

/** Half of the shortest time between two rests of a machine: an honest engine never comes sooner. */
const LEAST_MS = 60_000;

/** Where one engine gives what is to be kept of it. */
export interface Keep {
  /** The next state is taken however soon it comes. */
  ask(): void;
  /** Settles once that is stored, with the time that it is kept under; null where it is not kept. Null itself: forgotten. */
  take(state: Uint8Array | null): Promise<number | null>;
}

/** Keeps what engines give to keep. What cannot be kept or read is as if it had never been: a run never fails for it. */
export class EngineKeeping {
  readonly #engines: SavedEngines;
  readonly #leastMs: number;
  /** Sessions of which something is being written: an engine that gives more meanwhile is not heard. */
  readonly #writing = new Set<SessionId>();
  /** How often a person had a session begin elsewhere: an engine of before gives nothing more, though it may be on its way. */
  readonly #restarts = new Map<SessionId, number>();

  /** `leastMs`: how long after something was taken of an engine what more it gives is not heard. */
  constructor(engines: SavedEngines, leastMs = LEAST_MS) {
    this.#engines = engines;
    this.#leastMs = leastMs;
  }

  load(sessionId: SessionId): Promise<SavedEngine | null> {
    return this.#engines.load(sessionId).catch((cause: unknown) => {
      console.warn('a saved engine cannot be read', cause);
      return null;
    });
  }

  /** Takes what one engine of a session gives to keep. What it says may be a hostile program's: it writes so often and no more. */
  of(sessionId: SessionId): Keep {
    const restarts = this.#restarts.get(sessionId);
    let heardAtMs = -Infinity;
    let hasForgotten = false;
    let isAsked = false;
    return {
      ask: () => (isAsked = true),
      take: async (state) => {
        if (this.#restarts.get(sessionId) !== restarts) return null;
        if (state === null) {
          // Said once, of what the engine was given when it came up.
          if (!hasForgotten) this.#remove(sessionId);
          hasForgotten = true;
          return null;
        }
        const now = performance.now();
        if (this.#writing.has(sessionId) || (!isAsked && now - heardAtMs < this.#leastMs)) return null;
        isAsked = false;
        heardAtMs = now;
        return this.#write(sessionId, state);
      },
    };
  }

  async #write(sessionId: SessionId, state: Uint8Array): Promise<number | null> {
    this.#writing.add(sessionId);
    try {
      return await this.#engines.save(sessionId, state);
    } catch (cause) {
      console.warn('an engine cannot be saved', cause);
      return null;
    } finally {
      this.#writing.delete(sessionId);
    }
  }

  /** From now on only engines that are opened later are heard; what is saved stays. */
  leave(sessionId: SessionId): void {
    this.#restarts.set(sessionId, (this.#restarts.get(sessionId) ?? 0) + 1);
  }

  forget(sessionId: SessionId): void {
    this.leave(sessionId);
    this.#remove(sessionId);
  }

  #remove(sessionId: SessionId): void {
    this.#engines.remove(sessionId).catch((cause: unknown) => console.warn('a saved engine cannot be removed', cause));
  }
}
