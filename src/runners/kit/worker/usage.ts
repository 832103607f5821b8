import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';

/** A program that is done sooner has nothing to show; one that works on is seen this often. */
const EVERY_MS = 1_000;

export interface Usage {
  begin(): void;
  /** Called often while the program is busy. */
  tick(): void;
  end(): void;
}

/** Tells now and then, while a program works, what its engine holds and how much of the time it did not wait. */
export function createUsage(options: {
  readonly send: (event: WorkerEvent) => void;
  /** Size of the engine's memory now, in bytes. */
  readonly memoryBytes: () => number;
  /** Milliseconds that the run has waited so far, for sleeps, input and the like. */
  readonly waitedMs: () => number;
}): Usage {
  const now = performance.now.bind(performance);
  let toldAtMs = Number.POSITIVE_INFINITY;
  let waitedMs = 0;
  return {
    begin() {
      toldAtMs = now();
      waitedMs = options.waitedMs();
    },
    tick() {
      const passedMs = now() - toldAtMs;
      if (passedMs < EVERY_MS) return;
      const waited = options.waitedMs() - waitedMs;
      const cpuShare = Math.min(1, Math.max(0, (passedMs - waited) / passedMs));
      toldAtMs += passedMs;
      waitedMs += waited;
      options.send({ kind: 'usage', memoryBytes: options.memoryBytes(), cpuShare: Math.round(cpuShare * 100) / 100 });
    },
    end() {
      toldAtMs = Number.POSITIVE_INFINITY;
    },
  };
}
