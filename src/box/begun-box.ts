import type { EngineSpec } from '../contracts/box.ts';
import type { BoxHandle } from './box-handle.ts';
import type { Calm } from './calm.ts';
import { canBegin } from './engine-bytes.ts';

/** How long after a start the next one begins: the program that is being started for goes first. */
const REPLENISH_AFTER_MS = 1000;

/** A box on its way. */
export interface Beginning {
  readonly box: Promise<BoxHandle | null>;
  /** Settles when all has been sent that goes before somebody wants it; rejects when it cannot be. */
  readonly early: Promise<void>;
  /** Sends the rest; to be called once, after `early`. */
  readonly rest: () => Promise<void>;
}

interface Waiting {
  readonly engineId: string;
  readonly beginning: Beginning;
  readonly abort: AbortController;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export interface BegunBoxOptions {
  readonly begin: (engine: EngineSpec, signal: AbortSignal) => Beginning;
  readonly canAfford: () => boolean;
  readonly calm: Calm;
  /** How long it is kept; as long as it lives where nothing is said. */
  readonly keptMs?: number;
}

/**
 * Keeps one box in which an engine has begun, the one that was opened last or is about to be: its code is compiled and its worker
 * waits for the big data of the last stage, or for its first program where nothing big is to come. No program, file or heap has
 * been in it, so it can become anybody's session.
 */
export class BegunBox {
  readonly #options: BegunBoxOptions;
  #waiting: Waiting | null = null;
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
    clearTimeout(waiting.timer);
    return (await waiting.beginning.box)?.isOpen ? waiting.beginning : null;
  }

  /** Whether one waits, or is on its way. */
  get isThere(): boolean {
    return this.#waiting !== null;
  }

  /** Begins the next one a little later, where the device can afford it. Asked again meanwhile, only the engine changes. */
  replenish(engine: EngineSpec): void {
    if (!canBegin(engine)) return;
    this.#next = engine;
    this.#callOff ??= this.#options.calm.after(REPLENISH_AFTER_MS, () => {
      const next = this.#next;
      this.#forgetNext();
      if (next) this.hurry(next);
    });
  }

  /** Begins one now, where the device can afford it; one of this engine that is there is kept anew. */
  hurry(engine: EngineSpec): void {
    const waiting = this.#waiting;
    if (waiting?.engineId === engine.id) return this.#keep(waiting);
    if (!this.#options.canAfford()) return;
    this.#end();
    this.#begin(engine);
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
    const waiting: Waiting = { engineId: engine.id, beginning, abort, timer: undefined };
    this.#waiting = waiting;
    const end = (): void => {
      if (this.#waiting === waiting) this.#end();
    };
    // Nobody waits for it yet: the next `open` starts afresh and reports its own failure.
    beginning.early.catch(end);
    void beginning.box.then(async (box) => {
      await box?.closed;
      end();
    });
    this.#keep(waiting);
  }

  #keep(waiting: Waiting): void {
    const { keptMs } = this.#options;
    clearTimeout(waiting.timer);
    if (keptMs !== undefined) waiting.timer = setTimeout(() => this.#end(), keptMs);
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    clearTimeout(waiting?.timer);
    waiting?.abort.abort();
    void waiting?.beginning.box.then((box) => box?.close());
  }
}
