import type { V86Loop } from './v86.ts';

type Yield = V86Loop['yield'];

/**
 * Ticks of the machine's loop on this thread: at once by a message channel, later by a timer. v86 itself starts a worker
 * for nothing but that, which Firefox forbids under the box's policy, and the machine then stands still without a word.
 */
export function channelTicks(tick: (tick: number) => void): { readonly yield: Yield; readonly close: () => void } {
  const { port1, port2 } = new MessageChannel();
  let timer: ReturnType<typeof setTimeout> | undefined;
  port1.onmessage = (event: MessageEvent<number>) => tick(event.data);
  return {
    yield: (ms, number) => {
      clearTimeout(timer);
      if (ms < 1) port2.postMessage(number);
      else timer = setTimeout(() => tick(number), ms);
    },
    close: () => {
      clearTimeout(timer);
      port1.close();
    },
  };
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
 * Runs `make` while no worker can be started: v86 makes one for its ticks as it is constructed. In Node it has ticks of
 * its own and makes none.
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
