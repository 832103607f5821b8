import { onAbort } from '../../base/index.ts';

export interface Batch {
  /** Asks for a flush: at once if the last one is long enough ago, else when the frame is over. */
  request(): void;
  /** Runs a waiting flush now; for the end of a run. */
  flushNow(): void;
}

/**
 * Gathers bursts so that `flush` runs at most once per `frameMs`, with the first one at once.
 * A timer and not an animation frame, because hidden tabs have no frames and a run goes on in them.
 */
export function createBatch(flush: () => void, options: { frameMs: number; signal: AbortSignal }): Batch {
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const run = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (options.signal.aborted) return;
    flush();
    // After the flush: a slow flush must not be followed by the next one without a pause.
    lastAt = performance.now();
  };
  onAbort(options.signal, () => timer !== null && clearTimeout(timer));
  return {
    request() {
      if (timer !== null || options.signal.aborted) return;
      const wait = lastAt + options.frameMs - performance.now();
      if (wait <= 0) run();
      else timer = setTimeout(run, wait);
    },
    flushNow() {
      if (timer !== null) run();
    },
  };
}
