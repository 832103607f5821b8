import type { Result } from '../base/index.ts';
import type { BoxWorker, EngineSpec } from '../contracts/box.ts';
import type { AppError } from '../contracts/errors.ts';
import type { BoxHandle } from './box-handle.ts';
import type { Calm } from './calm.ts';
import { Pace } from './pace.ts';

/** How long after a spare was handed over the next is made: the run that took it goes first. */
const REPLENISH_AFTER_MS = 1500;

export interface SpareOptions {
  readonly open: (engine: EngineSpec, signal: AbortSignal) => Promise<Result<BoxHandle, AppError>>;
  readonly canAfford: () => boolean;
  readonly calm: Calm;
  /** False where the next is made only when somebody wants one again. */
  readonly isReplaced?: boolean;
}

type Prepare = (worker: BoxWorker) => Promise<void>;

interface Wish {
  readonly engine: EngineSpec;
  readonly prepare: Prepare;
}

interface Making {
  readonly engineId: string;
  readonly box: Promise<BoxHandle | null>;
  readonly abort: AbortController;
  readonly pace: Pace;
}

/** One box opened ahead of need, its engine started; replaced a while after it was taken, unless it costs too much. */
export class Spare {
  readonly #options: SpareOptions;
  #wish: Wish | null = null;
  #making: Making | null = null;
  #callOff: (() => void) | null = null;
  /** Those who wait for a spare that is still being made. */
  #takers = 0;

  constructor(options: SpareOptions) {
    this.#options = options;
  }

  warm(engine: EngineSpec, prepare: Prepare): void {
    this.#wish = { engine, prepare };
    if (this.#making && this.#making.engineId !== engine.id) this.#end();
    if (this.#callOff === null && this.#takers === 0) this.#make();
  }

  /** The spare of this engine, made or in the making; null when there is none. Waits only while `signal` does. */
  async take(engine: EngineSpec, signal: AbortSignal): Promise<BoxHandle | null> {
    const making = this.#making;
    if (making?.engineId !== engine.id) return null;
    this.#making = null;
    this.#takers += 1;
    making.pace.hurry();
    const stop = (): void => making.abort.abort();
    signal.addEventListener('abort', stop, { once: true });
    const box = await making.box;
    signal.removeEventListener('abort', stop);
    this.#takers -= 1;
    // Only now: a second start beside the one that is waited for would make both slow, and a slow device ever slower.
    if (this.#options.isReplaced !== false) this.#replenish();
    return box?.isOpen ? box : null;
  }

  /** Whether one of this engine stands or is in the making. */
  has(engine: EngineSpec): boolean {
    return this.#making?.engineId === engine.id;
  }

  /** True once it stands, false where it could not be made; null where none is in the making or it was called off. */
  async isReady(): Promise<boolean | null> {
    const making = this.#making;
    if (making === null) return null;
    const box = await making.box;
    if (box?.isOpen === true) return true;
    return box === null && !making.abort.signal.aborted ? false : null;
  }

  /** Somebody waits for a big engine that this is not: what is not ready yet is made after it, for both at once would be slow. */
  putOff(): void {
    this.#making?.pace.putOff();
  }

  drop(): void {
    this.#wish = null;
    this.#callOff?.();
    this.#callOff = null;
    this.#end();
  }

  #end(): void {
    const making = this.#making;
    this.#making = null;
    making?.abort.abort();
    void making?.box.then((box) => box?.close());
  }

  #replenish(): void {
    this.#callOff ??= this.#options.calm.after(REPLENISH_AFTER_MS, () => {
      this.#callOff = null;
      this.#make();
    });
  }

  #make(): void {
    const wish = this.#wish;
    if (this.#making || !wish) return;
    const abort = new AbortController();
    const pace = new Pace(this.#options.calm);
    const once = async (signal: AbortSignal): Promise<BoxHandle | null> => {
      if (this.#options.canAfford()) return this.#prepared(wish, signal);
      abort.abort();
      return null;
    };
    const box = pace.make(once, abort.signal);
    const making = { engineId: wish.engine.id, box, abort, pace };
    this.#making = making;
    void box.then(async (opened) => {
      await opened?.closed;
      if (this.#making === making) this.#making = null; // it died unused; the next `open` starts afresh
    });
  }

  async #prepared(wish: Wish, signal: AbortSignal): Promise<BoxHandle | null> {
    const opened = await this.#options.open(wish.engine, signal);
    if (!opened.ok) return null;
    const box = opened.value;
    const stop = (): void => box.close();
    signal.addEventListener('abort', stop, { once: true });
    const isPrepared = await Promise.race([
      wish.prepare(box).then(
        () => true,
        () => false, // the next `open` starts afresh and reports its own failure
      ),
      box.closed.then(() => false),
    ]);
    signal.removeEventListener('abort', stop);
    if (!isPrepared || signal.aborted) {
      box.close();
      return null;
    }
    box.isPrepared = true;
    return box;
  }
}
