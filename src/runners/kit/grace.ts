/**
 * A worker without shared memory hears of a stop only while it waits, and says so at once: whole stops of programs that
 * wait took 4-55 ms in Firefox. One that has not spoken within `hearsWithinMs` computes and can only be ended. Too hasty costs
 * the variables of a program that was on its way out, so every such time is counted in stretches: where the machine is too
 * busy for the host itself, they last longer.
 */
const STRETCH_MS = 25;

/** Time for something to end by itself, as long as the machine keeps up. */
export class Grace {
  readonly #onOver: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** From now on, whatever was given before. */
  give(ms: number): void {
    this.end();
    const stretchMs = Math.min(ms, STRETCH_MS);
    this.#timer = setTimeout(() => (ms > stretchMs ? this.give(ms - stretchMs) : this.#onOver()), stretchMs);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
