/** However much goes on: what is kept ahead of need helps the next start too. */
const MOST_WAIT_MS = 10_000;

/** Lets work ahead of need wait while a person waits for something: on two processors it would make that slow. */
export class Calm {
  #lastMs = Number.NEGATIVE_INFINITY;

  /** A run began or ended. */
  note(): void {
    this.#lastMs = performance.now();
  }

  /** Calls `act` once nothing was noted for `quietMs`, at the soonest `quietMs` from now. The answer calls it off. */
  after(quietMs: number, act: () => void): () => void {
    const mostMs = performance.now() + MOST_WAIT_MS;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const wait = (ms: number): void => {
      timer = setTimeout(() => {
        const leftMs = Math.min(this.#lastMs + quietMs, mostMs) - performance.now();
        if (leftMs > 0) wait(leftMs);
        else act();
      }, ms);
    };
    wait(quietMs);
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }
}
