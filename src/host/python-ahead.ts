import type { HostStatus } from '../contracts/doors/runs.ts';

/** How far the Python is that starts ahead of need, as the popup tells it. */
export class PythonAhead {
  readonly #isReady: () => Promise<boolean | null>;
  #state: HostStatus['python'] = 'cold';
  /** Of the start that counts; one that was dropped tells nothing any more. */
  #round = 0;

  /** `isReady` as the spare box tells it: null where none is made, as on a device with little memory. */
  constructor(isReady: () => Promise<boolean | null>) {
    this.#isReady = isReady;
  }

  get state(): HostStatus['python'] {
    return this.#state;
  }

  /** Calls `start` unless it starts or stands; one that failed is tried anew. */
  warm(start: () => void): void {
    if (this.#state === 'warming' || this.#state === 'ready') return;
    this.#state = 'warming';
    this.#round += 1;
    const round = this.#round;
    start();
    void this.#isReady().then((isReady) => {
      if (round !== this.#round) return;
      if (isReady === null) this.#state = 'cold';
      else this.#state = isReady ? 'ready' : 'failed';
    });
  }

  drop(): void {
    this.#round += 1;
    this.#state = 'cold';
  }
}
