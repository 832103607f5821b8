import type { EngineSpec } from '../contracts/box.ts';
import type { BoxHandle } from './box-handle.ts';
import type { Calm } from './calm.ts';
import { canBegin } from './engine-bytes.ts';

/** How long after a start the next one begins: the program that is being started for goes first. */
const REPLENISH_AFTER_MS = 1000;

/** A box on its way: `early` settles when all but the engine's last stage has been sent; rejects when it cannot be. */
export interface Beginning {
  readonly box: Promise<BoxHandle | null>;
  readonly early: Promise<void>;
  /** Whether `early` counts what goes as blobs. */
  readonly hasBlobs: boolean;
}

export interface BegunBoxOptions {
  readonly begin: (engine: EngineSpec, signal: AbortSignal) => Beginning;
  readonly canAfford: () => boolean;
  readonly calm: Calm;
}

/**
 * Keeps one box in which the engine that was opened last has begun: its code is compiled and its worker waits for the big
 * data of the last stage, or for its first program where nothing big is to come. No program, file or heap has been in it, so
 * it can become anybody's session.
 */
export class BegunBox {
  readonly #options: BegunBoxOptions;
  #waiting: { readonly engineId: string; readonly beginning: Beginning; readonly abort: AbortController } | null = null;
  #callOff: (() => void) | null = null;
  /** What begins when the wait is over. */
  #next: EngineSpec | null = null;

  constructor(options: BegunBoxOptions) {
    this.#options = options;
  }

  /** The kept one, if it is of this engine and lives. The caller owns and proves it. */
  async take(engine: EngineSpec): Promise<Beginning | null> {
    const waiting = this.#waiting;
    if (waiting?.engineId !== engine.id) return null;
    this.#waiting = null;
    return (await waiting.beginning.box)?.isOpen ? waiting.beginning : null;
  }

  /** Begins the next one a little later, where the device can afford it. Asked again meanwhile, only the engine changes. */
  replenish(engine: EngineSpec): void {
    if (!canBegin(engine)) return;
    this.#next = engine;
    this.#callOff ??= this.#options.calm.after(REPLENISH_AFTER_MS, () => {
      const next = this.#next;
      this.#forgetNext();
      if (!next || this.#waiting?.engineId === next.id || !this.#options.canAfford()) return;
      this.#end();
      this.#begin(next);
    });
  }

  /** True when one has been sent all that it gets ahead of need and no other is due; waits for one that is being made. */
  async isReady(): Promise<boolean> {
    const waiting = this.#waiting;
    if (!waiting || this.#callOff !== null) return false;
    await waiting.beginning.early.catch(() => undefined); // it is closed then
    return (await waiting.beginning.box)?.isOpen === true;
  }

  drop(): void {
    this.#callOff?.();
    this.#forgetNext();
    this.#end();
  }

  #forgetNext(): void {
    this.#callOff = null;
    this.#next = null;
  }

  #begin(engine: EngineSpec): void {
    const abort = new AbortController();
    const beginning = this.#options.begin(engine, abort.signal);
    const waiting = { engineId: engine.id, beginning, abort };
    this.#waiting = waiting;
    beginning.early.catch(() => {
      // Nobody waits for it yet: the next `open` starts afresh and reports its own failure.
      if (this.#waiting === waiting) this.#end();
    });
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.abort.abort();
    void waiting?.beginning.box.then((box) => box?.close());
  }
}
