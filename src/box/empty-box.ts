import { onAbort } from '../base/index.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { BoxHandle } from './box-handle.ts';
import type { Calm } from './calm.ts';

/** The start that uses up the empty box goes first, and its program; a frame costs a process. */
const REPLENISH_AFTER_MS = 1000;
/** The same where the end of a run is what it waits for, and none comes by then. */
const SOON_MS = 300;
/** After it stands: whatever is wanted at once is not to share the processor with what may be wanted later. */
const PREPARE_AFTER_MS = 1000;

export interface EmptyBoxOptions {
  readonly open: OpenFrame;
  readonly canAfford: () => boolean;
  readonly calm: Calm;
  /** Gives a box that nobody has wanted yet what it can do ahead of need. */
  readonly prepare?: (box: BoxHandle) => Promise<void>;
  /** A frame that is there already: the first box is made of it, where the device can afford to keep one. */
  readonly first?: HTMLIFrameElement | undefined;
}

interface Waiting {
  readonly box: Promise<BoxHandle | null>;
  readonly abort: AbortController;
  /** Settles once it has been prepared, or cannot be. */
  readonly prepared: Promise<void>;
}

type OpenFrame = (signal: AbortSignal, frame?: HTMLIFrameElement) => Promise<BoxHandle | null>;

/** Keeps one box page connected, with a worker that has no engine yet, so that the next start need not wait for its process. */
export class EmptyBox {
  readonly #options: EmptyBoxOptions;
  #waiting: Waiting | null = null;
  #callOff: (() => void) | null = null;
  #waitsForRun = false;

  constructor(options: EmptyBoxOptions) {
    this.#options = options;
    if (!options.first) return;
    if (options.canAfford()) this.#begin(options.first);
    else options.first.remove();
  }

  /** The kept one, or one opened now. Null when `signal` aborts or no page answers in time. */
  async take(signal: AbortSignal): Promise<BoxHandle | null> {
    const waiting = this.#waiting;
    this.#waiting = null;
    const stop = (): void => waiting?.abort.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const kept = await waiting?.box;
    signal.removeEventListener('abort', stop);
    if (kept?.isOpen && !signal.aborted) return kept;
    kept?.close();
    return this.#options.open(signal);
  }

  /** Makes the next one a little later, where the device can afford it. */
  replenish(): void {
    if (this.#callOff !== null || this.#waiting) return;
    this.#callOff = this.#options.calm.after(REPLENISH_AFTER_MS, () => this.hurry());
  }

  /** Makes the next one once a run has ended, soon in any case: beside the run that the last was taken for it would slow that. */
  replenishAfterRun(): void {
    if (this.#waiting) return;
    this.#forgetNext();
    this.#callOff = this.#options.calm.after(SOON_MS, () => this.hurry());
    this.#waitsForRun = true;
  }

  runEnded(): void {
    if (this.#waitsForRun) this.hurry();
  }

  /** Makes the next one now, where the device can afford it. */
  hurry(): void {
    this.#forgetNext();
    if (!this.#waiting && this.#options.canAfford()) this.#begin();
  }

  /** True when one stands; waits for one that is being made, and prepared. */
  async isReady(): Promise<boolean> {
    const waiting = this.#waiting;
    await waiting?.prepared;
    return (await waiting?.box)?.isOpen === true;
  }

  drop(): void {
    this.#forgetNext();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.abort.abort();
    void waiting?.box.then((box) => box?.close());
  }

  #forgetNext(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#waitsForRun = false;
  }

  #begin(frame?: HTMLIFrameElement): void {
    const abort = new AbortController();
    const late = setTimeout(() => abort.abort(), LIMITS.boxReadyMs.standard);
    const box = this.#options.open(abort.signal, frame).finally(() => clearTimeout(late));
    this.#waiting = { box, abort, prepared: box.then((kept) => this.#prepare(kept, abort)) };
  }

  /** Once nothing has run for a while, unless it was taken or dropped meanwhile. What fails here, a start does and reports. */
  async #prepare(kept: BoxHandle | null, { signal }: AbortController): Promise<void> {
    const { prepare, calm } = this.#options;
    if (!kept || !prepare) return;
    await new Promise<void>((settle) => {
      const callOff = calm.after(PREPARE_AFTER_MS, settle);
      onAbort(signal, () => {
        callOff();
        settle();
      });
    });
    const isKept = this.#waiting?.abort.signal === signal && kept.isOpen;
    // An engine that could not be got ready is told where it is opened.
    if (isKept) await prepare(kept).catch(() => undefined);
  }
}
