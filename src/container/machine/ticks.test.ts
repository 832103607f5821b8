import { afterEach, describe, expect, test, vi } from 'vitest';
import { ownTicks, type Ticks, withoutWorkers } from './ticks.ts';

const open: Ticks[] = [];
afterEach(() => {
  for (const ticks of open.splice(0)) ticks.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function listen(): { readonly ticks: Ticks; readonly heard: number[] } {
  const heard: number[] = [];
  const ticks = ownTicks((tick) => heard.push(tick));
  open.push(ticks);
  return { ticks, heard };
}

describe.each([
  ['in a browser', () => vi.stubGlobal('setImmediate', undefined)],
  ['in Node', () => undefined],
])('ticks %s', (_, arrange) => {
  test('come at once where none is to be waited for, though not from inside the call', async () => {
    arrange();
    const { ticks, heard } = listen();
    ticks.yield(0, 7);
    expect(heard).toEqual([]);
    await expect.poll(() => heard).toEqual([7]);
  });

  test('of a guest that sleeps wait for a timer, however short, and the newest counts', () => {
    arrange();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { ticks, heard } = listen();
    ticks.yield(30, 1);
    ticks.yield(0.4, 2);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([2]);
    vi.advanceTimersByTime(60);
    expect(heard).toEqual([2]);
  });

  test('are no more once closed', () => {
    arrange();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { ticks, heard } = listen();
    ticks.yield(5, 1);
    ticks.close();
    vi.advanceTimersByTime(60);
    expect(heard).toEqual([]);
  });
});

describe('a machine that may work a part of the time', () => {
  /** The share that is worked of 400 ticks of 2 ms, by a clock of its own; timers of it are late by `lateMs`. */
  function worked(share: number, lateMs = 0): number {
    let nowMs = 0;
    const waiting: { readonly ms: number; readonly run: () => void }[] = [];
    vi.stubGlobal('setImmediate', (run: () => void) => waiting.push({ ms: 0, run }));
    vi.stubGlobal('setTimeout', (run: () => void, ms: number) => waiting.push({ ms: ms + lateMs, run }));
    vi.stubGlobal('clearTimeout', () => undefined);
    let ticksLeft = 400;
    const ticks: Ticks = ownTicks(
      (number) => {
        nowMs += 2;
        ticksLeft -= 1;
        if (ticksLeft > 0) ticks.yield(0, number + 1);
      },
      () => nowMs,
    );
    ticks.limit(share);
    ticks.yield(0, 1);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      nowMs += next.ms;
      next.run();
    }
    return 800 / nowMs;
  }

  test.each([0.05, 0.2, 0.5, 0.9])('works %d of it and no more', (share) => {
    expect(worked(share)).toBeCloseTo(share, 1);
  });

  test('also where timers are late: what it rested too long it works later', () => {
    expect(worked(0.5, 3)).toBeCloseTo(0.5, 1);
  });

  test('and all of it where nothing is said', () => {
    expect(worked(1)).toBe(1);
  });
});

describe('while the emulator is made', () => {
  test('no worker is started, and afterwards the world has its own again', async () => {
    const own = class OwnWorker {};
    vi.stubGlobal('Worker', own);
    const made = await withoutWorkers(async () => {
      const worker = new (globalThis as unknown as { Worker: new (url: string) => Worker }).Worker('blob:x');
      worker.postMessage(1);
      worker.terminate();
      return worker instanceof own;
    });
    expect(made).toBe(false);
    expect((globalThis as { Worker?: unknown }).Worker).toBe(own);
  });

  test('what had no workers has none afterwards, also when it fails', async () => {
    vi.stubGlobal('Worker', undefined);
    delete (globalThis as { Worker?: unknown }).Worker;
    await expect(withoutWorkers(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect('Worker' in globalThis).toBe(false);
  });
});
