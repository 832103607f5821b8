import { afterEach, expect, test, vi } from 'vitest';
import { createEngineHost } from './engine-host.ts';
import { createInterrupts } from './interrupts.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function hostWith(timeMs: number) {
  const waits: boolean[] = [];
  const interrupts = createInterrupts(
    null,
    () => undefined,
    (isWaiting) => waits.push(isWaiting),
  );
  interrupts.begin(timeMs);
  interrupts.mask(false);
  const options = {
    parts: {},
    input: { wake: () => undefined },
    interrupts,
    bounds: { passed: null },
    output: { flush: () => undefined },
    tree: { flush: () => undefined },
  };
  return { ...createEngineHost(options as never), waits };
}

test('a wait whose timers come early lasts as long as it should, and ends at the time limit', async () => {
  const { setTimeout } = globalThis;
  vi.stubGlobal('setTimeout', (act: () => void, ms: number) => setTimeout(act, Math.max(ms - 4, 0)));
  const { host } = hostWith(40);
  expect(await host.sleep(60_000)).toBe(false);
  const began = performance.now();
  expect(await hostWith(10_000).host.sleep(30)).toBe(true);
  expect(performance.now() - began).toBeGreaterThanOrEqual(30);
});

test('a wait is ended by who is asked to stop, and not by a wake alone', async () => {
  const { host, wake } = hostWith(10_000);
  const began = performance.now();
  const slept = host.sleep(30);
  wake();
  expect(await slept).toBe(true);
  expect(performance.now() - began).toBeGreaterThanOrEqual(30);
});

test('a wait for what comes sooner ends with it, and nobody is told on that the program waits', async () => {
  const { host, waits } = hostWith(10_000);
  const came = Promise.withResolvers<void>();
  const slept = host.sleep(Number.POSITIVE_INFINITY, came.promise);
  expect(waits).toEqual([true]);
  came.resolve();
  expect(await slept).toBe(true);
  expect(waits).toEqual([true, false]);
});
