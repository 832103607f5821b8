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
  const state = { isBusy: false };
  const rest = new Rest({
    stop: async () => void said.push('stop'),
    run: async () => void said.push('run'),
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
