import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineSpec } from '../contracts/box.ts';
import { BegunBox } from './begun-box.ts';
import type { BoxHandle } from './box-handle.ts';
import { Calm } from './calm.ts';

const engineOf = (id: string, stage: 0 | 2 = 0): EngineSpec => ({
  id,
  script: async () => '',
  modules: async () => [],
  files: [{ name: 'f', stage, load: async () => new Blob() }],
});

interface Options {
  readonly canAfford?: boolean;
  readonly early?: () => Promise<void>;
  readonly keptMs?: number;
}

function world({ keptMs, ...options }: Options = {}) {
  const made: { engine: string; isOpen: boolean; signal: AbortSignal; close: () => void }[] = [];
  const begun = new BegunBox({
    canAfford: () => options.canAfford ?? true,
    calm: new Calm(),
    ...(keptMs !== undefined && { keptMs }),
    begin: (engine, signal) => {
      const gone = Promise.withResolvers<'closed'>();
      const end = (): void => {
        box.isOpen = false;
        gone.resolve('closed');
      };
      const box = { engine: engine.id, isOpen: true, signal, closed: gone.promise, close: end };
      made.push(box);
      return {
        box: Promise.resolve(box as unknown as BoxHandle),
        early: (options.early ?? (async () => undefined))(),
        rest: async () => undefined,
      };
    },
  });
  return { begun, made, later: () => vi.advanceTimersByTimeAsync(10_000) };
}

describe('BegunBox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('begins the engine that was opened last, once, and hands it over once', async () => {
    const { begun, made, later } = world();
    begun.replenish(engineOf('a'));
    expect(made).toHaveLength(0);
    await later();
    begun.replenish(engineOf('a'));
    await later();
    expect(made).toHaveLength(1);
    expect(await begun.isReady()).toBe(true);
    expect(await begun.take(engineOf('a'))).not.toBeNull();
    expect(await begun.take(engineOf('a'))).toBeNull();
  });

  it('begins in time though starts follow each other faster, and then the last of their engines', async () => {
    const { begun, made } = world();
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      begun.replenish(engineOf(id));
      await vi.advanceTimersByTimeAsync(600);
    }
    expect(made.map(({ engine, isOpen }) => [engine, isOpen])).toEqual([
      ['b', false],
      ['d', true],
    ]);
  });

  it('begins nothing of what was asked for before it was dropped', async () => {
    const { begun, made, later } = world();
    begun.replenish(engineOf('a'));
    begun.drop();
    await later();
    expect(made).toEqual([]);
  });

  it('never hands over another engine, and ends it when that one begins', async () => {
    const { begun, made, later } = world();
    begun.replenish(engineOf('a'));
    await later();
    expect(await begun.take(engineOf('b'))).toBeNull();
    begun.replenish(engineOf('b'));
    await later();
    expect(made.map(({ engine, isOpen }) => [engine, isOpen])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('does not hand over a box that died', async () => {
    const { begun, made, later } = world();
    begun.replenish(engineOf('a'));
    await later();
    for (const box of made) box.isOpen = false;
    expect(await begun.take(engineOf('a'))).toBeNull();
  });

  it('begins nothing for an engine without stages, or where memory is short', async () => {
    const plain = world();
    plain.begun.replenish(engineOf('a', 2));
    const short = world({ canAfford: false });
    short.begun.replenish(engineOf('a'));
    await plain.later();
    expect([...plain.made, ...short.made]).toEqual([]);
  });

  it('begins one at once that is wanted soon, whatever its stages, and ends it where nobody takes it in time', async () => {
    const { begun, made } = world({ keptMs: 5_000 });
    begun.hurry(engineOf('a', 2));
    begun.hurry(engineOf('a', 2));
    expect(made.map(({ engine }) => engine)).toEqual(['a']);
    expect(await begun.take(engineOf('a', 2))).not.toBeNull();
    begun.hurry(engineOf('a', 2));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(made.map(({ isOpen }) => isOpen)).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(2_000);
    // The first was taken by then: it is its taker's.
    expect(made.map(({ isOpen }) => isOpen)).toEqual([true, false]);
    expect(await begun.take(engineOf('a', 2))).toBeNull();
  });

  it('keeps one that is wanted again that long from then on', async () => {
    const { begun, made } = world({ keptMs: 5_000 });
    begun.hurry(engineOf('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    begun.hurry(engineOf('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(made.map(({ isOpen }) => isOpen)).toEqual([true]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(made.map(({ isOpen }) => isOpen)).toEqual([false]);
  });

  it('counts none that died, and begins another at once', async () => {
    const { begun, made } = world();
    begun.hurry(engineOf('a'));
    expect(begun.isThere).toBe(true);
    made[0]?.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(begun.isThere).toBe(false);
    begun.hurry(engineOf('a'));
    expect(made).toHaveLength(2);
  });

  it('begins none at once where memory is short', () => {
    const { begun, made } = world({ canAfford: false });
    begun.hurry(engineOf('a'));
    expect(made).toEqual([]);
  });

  it('ends the box when its files cannot be sent, and when it is dropped', async () => {
    const broken = world({ early: () => Promise.reject(new Error('gone')) });
    broken.begun.replenish(engineOf('a'));
    const dropped = world();
    dropped.begun.replenish(engineOf('a'));
    await broken.later();
    dropped.begun.drop();
    await dropped.later();
    expect(await broken.begun.isReady()).toBe(false);
    expect([...broken.made, ...dropped.made].map(({ isOpen, signal }) => [isOpen, signal.aborted])).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});
