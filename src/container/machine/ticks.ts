import type { V86Loop } from './v86.ts';

export interface Ticks {
  readonly yield: V86Loop['yield'];
  /** From now on the machine works that share of the time at most; above 0, to 1. */
  readonly limit: (share: number) => void;
  readonly close: () => void;
}

/** A pause is so long at least: timers of browsers are no finer, and each costs something. */
const PAUSE_MS = 8;
/** What a pause was longer than owed counts for later work, but no more than that: nobody saves up processor time. */
const CREDIT_MS = 50;

/** Node's; a message channel there lets a thousand messages through before any timer. */
interface WithImmediate {
  readonly setImmediate?: (run: () => void) => void;
}

/**
 * Ticks of the machine's loop on this thread: at once by a message channel, later by a timer. v86 itself starts a worker
 * for nothing but that, which Firefox forbids under the box's policy, and the machine then stands still without a word.
 */
export function ownTicks(tick: (tick: number) => void, now: () => number = () => performance.now()): Ticks {
  let share = 1;
  /** The time of rest that goes with what was worked so far, less what was rested. */
  let owedMs = 0;
  const metered = (number: number): void => {
    const beganMs = now();
    try {
      tick(number);
    } finally {
      owedMs += (now() - beganMs) * (1 / share - 1);
    }
  };
  const soon = atOnce(metered);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (ms: number, number: number): void => {
    const fromMs = now();
    timer = setTimeout(() => {
      timer = undefined;
      owedMs = Math.max(owedMs - (now() - fromMs), -CREDIT_MS);
      metered(number);
    }, ms);
  };
  return {
    yield: (ms, number) => {
      // Most ticks come without one, and a browser takes its time over each call.
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
      // Above nothing the guest sleeps. v86 would spin away the last millisecond of each sleep: thousands of ticks a second.
      if (ms <= 0 && owedMs < PAUSE_MS) soon.run(number);
      else later(Math.max(ms, owedMs), number);
    },
    limit: (wanted) => {
      share = wanted;
      owedMs = 0;
    },
    close: () => {
      clearTimeout(timer);
      soon.close();
    },
  };
}

function atOnce(tick: (tick: number) => void): { readonly run: (number: number) => void; readonly close: () => void } {
  const { setImmediate } = globalThis as WithImmediate;
  if (setImmediate) return { run: (number) => setImmediate(() => tick(number)), close: () => undefined };
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<number>) => tick(event.data);
  return { run: (number) => port2.postMessage(number), close: () => port1.close() };
}

/** A worker that does nothing. */
class NoWorker {
  onmessage = null;
  postMessage(): void {
    return;
  }
  terminate(): void {
    return;
  }
}

/**
 * Runs `make` while no worker can be started: v86 makes one for its ticks as it is constructed.
 */
export async function withoutWorkers<T>(make: () => Promise<T>): Promise<T> {
  const world = globalThis as { Worker?: unknown };
  const had = Object.getOwnPropertyDescriptor(world, 'Worker');
  Object.defineProperty(world, 'Worker', { value: NoWorker, configurable: true, writable: true });
  try {
    return await make();
  } finally {
    if (had) Object.defineProperty(world, 'Worker', had);
    else delete world.Worker;
  }
}
