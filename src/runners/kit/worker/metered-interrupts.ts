import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';
import { createInterrupts, type Interrupts } from './interrupts.ts';
import { createUsage, type Usage } from './usage.ts';

/** Stop, and what a program uses: while it is busy its output and its use are told, and when it waits, that it does. */
export function createMeteredInterrupts(options: {
  readonly stop: SharedArrayBuffer | null;
  readonly send: (event: WorkerEvent) => void;
  readonly output: { tick(): void };
  /** Size of the engine's memory now, in bytes. */
  readonly memoryBytes: () => number;
  /** Milliseconds that the run has waited so far; as the interrupts count them where nothing is said. */
  readonly waitedMs?: () => number;
}): { readonly interrupts: Interrupts; readonly usage: Usage } {
  const { stop, send, output, memoryBytes } = options;
  const interrupts = createInterrupts(
    stop,
    () => {
      output.tick();
      usage.tick();
    },
    (isWaiting) => send({ kind: 'progress', stage: isWaiting ? 'waiting' : 'working' }),
  );
  const waitedMs = options.waitedMs ?? (() => interrupts.waitedMs());
  const usage = createUsage({ send, memoryBytes, waitedMs });
  return { interrupts, usage };
}
