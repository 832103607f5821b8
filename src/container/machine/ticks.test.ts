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
