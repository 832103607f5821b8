import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionIdOf } from '../../contracts/ids.ts';
import { EngineKeeping, type Keep } from './engine-keeping.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('an engine is heard once a minute, the next engine of its session at once', async () => {
  const kept: number[] = [];
  const keeping = new EngineKeeping({
    load: async () => null,
    save: async (_session, state) => kept.push(...state),
    remove: async () => undefined,
  });
  const session = sessionIdOf('test');
  const give = (keep: Keep, byte: number) => keep.take(Uint8Array.of(byte));
  const engine = keeping.of(session);
  await give(engine, 1);
  vi.advanceTimersByTime(59_999);
  await give(engine, 2);
  expect(kept).toEqual([1]);
  vi.advanceTimersByTime(1);
  await give(engine, 3);
  await give(keeping.of(session), 4);
  expect(kept).toEqual([1, 3, 4]);
  // What was asked for is taken, once.
  engine.ask();
  await give(engine, 5);
  await give(engine, 6);
  expect(kept).toEqual([1, 3, 4, 5]);
});

test('what an engine of before a restart still gives comes to nothing, whether what is saved is kept or not', async () => {
  const session = sessionIdOf('test');
  for (const act of ['leave', 'forget'] as const) {
    const told: string[] = [];
    const keeping = new EngineKeeping({
      load: async () => null,
      save: async (_session, state) => told.push(`save ${String(state[0])}`),
      remove: async () => void told.push('remove'),
    });
    const before = keeping.of(session);
    keeping[act](session);
    expect(await before.take(Uint8Array.of(1))).toBeNull();
    await before.take(null);
    await keeping.of(session).take(Uint8Array.of(2));
    expect(told).toEqual([...(act === 'forget' ? ['remove'] : []), 'save 2']);
  }
});
