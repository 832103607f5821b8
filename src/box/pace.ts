import { onAbort } from '../base/index.ts';
import type { Calm } from './calm.ts';

/** How long nothing began or ended before what was put off is begun anew. */
const REST_MS = 1500;

/** Something made ahead of need that may be broken off for what somebody waits for, and is then begun anew. */
export class Pace {
  readonly #calm: Calm;
  #attempt = new AbortController();
  #goOn: (() => void) | null = null;
  #isOver = false;
  #isHurried = false;

  constructor(calm: Calm) {
    this.#calm = calm;
  }

  /** Calls `once` until it was let come to its end or `signal` aborts. Its answer, null where nothing was made. */
  async make<T>(once: (signal: AbortSignal) => Promise<T | null>, signal: AbortSignal): Promise<T | null> {
    for (;;) {
      this.#attempt = new AbortController();
      const attempt = this.#attempt.signal;
      const made = await once(AbortSignal.any([signal, attempt]));
      if (made !== null || signal.aborted || !attempt.aborted) {
        this.#isOver = true;
        return made;
      }
      await this.#rest(signal);
      if (signal.aborted) return null;
    }
  }

  /** Breaks off what is being made and nobody waits for, until there is rest again. */
  putOff(): void {
    if (!this.#isOver && !this.#isHurried) this.#attempt.abort();
  }

  /** Somebody waits for it: what was put off begins at once. */
  hurry(): void {
    this.#isHurried = true;
    this.#goOn?.();
  }

  async #rest(signal: AbortSignal): Promise<void> {
    if (this.#isHurried) return;
    const over = Promise.withResolvers<void>();
    const callOff = this.#calm.after(REST_MS, over.resolve);
    this.#goOn = over.resolve;
    onAbort(signal, over.resolve);
    await over.promise;
    this.#goOn = null;
    callOff();
  }
}
