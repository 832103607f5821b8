import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Rest } from './rest.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function machine() {
  const said: string[] = [];
  const told: boolean[] = [];
  const state = { isBusy: false, isBroken: false };
  const does = async (what: string): Promise<void> => {
    said.push(what);
    if (state.isBroken) throw new Error(`no ${what}`);
  };
  const rest = new Rest({
    stop: () => does('stop'),
    run: () => does('run'),
    isBusy: async () => state.isBusy,
    tell: (isResting) => told.push(isResting),
  });
  return { said, told, state, rest };
}

test('stands still two minutes after it was used, and goes on for the next use', async () => {
  const { said, told, rest } = machine();
  await rest.during(async () => void said.push('use'));
  await vi.advanceTimersByTimeAsync(119_000);
  expect(said).toEqual(['run', 'use']);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([true]);
  await rest.during(async () => void said.push('use'));
  expect(said).toEqual(['run', 'use', 'stop', 'run', 'use']);
  expect(told).toEqual([true, false]);
});

test('stands still when nobody used it at all', async () => {
  const { said } = machine();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(said).toEqual(['stop']);
});

test('goes on while it is used, however long, and while something was left running', async () => {
  const { said, state, rest } = machine();
  const ended = Promise.withResolvers<undefined>();
  const using = rest.during(() => ended.promise);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(said).toEqual(['run']);
  ended.resolve(undefined);
  await using;
  state.isBusy = true;
  await vi.advanceTimersByTimeAsync(300_000);
  expect(said).toEqual(['run']);
  state.isBusy = false;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(said).toEqual(['run', 'stop']);
});

test('one that could not be stopped is used on, and stopped another time', async () => {
  const { said, told, state, rest } = machine();
  state.isBroken = true;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(said).toEqual(['stop']);
  expect(told).toEqual([]);
  state.isBroken = false;
  await rest.during(async () => void said.push('use'));
  expect(said).toEqual(['stop', 'run', 'use']);
  state.isBroken = true;
  await vi.advanceTimersByTimeAsync(120_000);
  state.isBroken = false;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(said).toEqual(['stop', 'run', 'use', 'stop', 'stop']);
  expect(told).toEqual([true]);
});

test('a use for which it did not go on fails alone', async () => {
  const { said, state, rest } = machine();
  state.isBroken = true;
  await expect(rest.during(async () => void said.push('use'))).rejects.toThrow('no run');
  state.isBroken = false;
  await rest.during(async () => void said.push('use'));
  expect(said).toEqual(['run', 'run', 'use']);
});

test.each([
  ['a use', 'isUsed'],
  ['a program', 'isBusy'],
])('stands still when that is wanted, once %s that is ending has ended', async (_what, how) => {
  const { said, state, rest } = machine();
  const ended = Promise.withResolvers<undefined>();
  const using = rest.during(() => (how === 'isUsed' ? ended.promise : Promise.resolve(undefined)));
  state.isBusy = how === 'isBusy';
  const stood = rest.now();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(said).toEqual(['run']);
  ended.resolve(undefined);
  state.isBusy = false;
  await vi.advanceTimersByTimeAsync(100);
  expect(await stood).toBe(true);
  await using;
  expect(said).toEqual(['run', 'stop']);
  expect(await rest.now()).toBe(true);
});

test('does not stand still when that is wanted where it is used on, and says so in time', async () => {
  const { said, rest } = machine();
  const ended = Promise.withResolvers<undefined>();
  const using = rest.during(() => ended.promise);
  const stood = rest.now();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await stood).toBe(false);
  expect(said).toEqual(['run']);
  ended.resolve(undefined);
  await using;
});

test('is kept up by who watches it, and not woken', async () => {
  const { said, told, rest } = machine();
  const first = Promise.withResolvers<undefined>();
  const watching = rest.stayUp(() => first.promise);
  await vi.advanceTimersByTimeAsync(200_000);
  expect([said, rest.isResting]).toEqual([[], false]);
  first.resolve(undefined);
  await watching;
  await vi.advanceTimersByTimeAsync(120_000);
  expect([said, rest.isResting]).toEqual([['stop'], true]);
  const second = Promise.withResolvers<undefined>();
  const again = rest.stayUp(() => second.promise);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([said, rest.isResting]).toEqual([['stop'], true]);
  await rest.during(async () => undefined);
  await vi.advanceTimersByTimeAsync(200_000);
  expect([said, rest.isResting]).toEqual([['stop', 'run'], false]);
  second.resolve(undefined);
  await again;
  expect(told).toEqual([true, false]);
});
