import { LIMITS } from '../contracts/limits.ts';
import type { BoxHandle } from './box-handle.ts';
import type { Calm } from './calm.ts';

/** The start that uses up the empty box goes first, and its program; a frame costs a process. */
const REPLENISH_AFTER_MS = 1000;

type OpenFrame = (signal: AbortSignal, frame?: HTMLIFrameElement) => Promise<BoxHandle | null>;

/** Keeps one box page connected, with a worker that has no engine yet, so that the next start need not wait for its process. */
export class EmptyBox {
  readonly #open: OpenFrame;
  readonly #canAfford: () => boolean;
  readonly #calm: Calm;
  #waiting: { readonly box: Promise<BoxHandle | null>; readonly abort: AbortController } | null = null;
  #callOff: (() => void) | null = null;

  /** `first` is a frame that is there already: the first box is made of it, where the device can afford to keep one. */
  constructor(open: OpenFrame, canAfford: () => boolean, calm: Calm, first?: HTMLIFrameElement) {
    this.#open = open;
    this.#canAfford = canAfford;
    this.#calm = calm;
    if (!first) return;
    if (canAfford()) this.#begin(first);
    else first.remove();
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
    return this.#open(signal);
  }

  /** Makes the next one a little later, where the device can afford it. */
  replenish(): void {
    if (this.#callOff !== null || this.#waiting) return;
    this.#callOff = this.#calm.after(REPLENISH_AFTER_MS, () => {
      this.#callOff = null;
      if (this.#waiting || !this.#canAfford()) return;
      this.#begin();
    });
  }

  /** True when one stands; waits for one that is being made. */
  async isReady(): Promise<boolean> {
    return (await this.#waiting?.box)?.isOpen === true;
  }

  drop(): void {
    this.#callOff?.();
    this.#callOff = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.abort.abort();
    void waiting?.box.then((box) => box?.close());
  }

  #begin(frame?: HTMLIFrameElement): void {
    const abort = new AbortController();
    const late = setTimeout(() => abort.abort(), LIMITS.boxReadyMs.standard);
    const box = this.#open(abort.signal, frame).finally(() => clearTimeout(late));
    this.#waiting = { box, abort };
  }
}
