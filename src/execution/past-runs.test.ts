import { expect, test, vi } from 'vitest';
import { estimatesInMemory } from '../../tests/support/run-records-in-memory.ts';
import { LIMITS } from '../contracts/limits.ts';
import { PastRuns } from './past-runs.ts';

const open = (store = estimatesInMemory()) => ({ store, past: new PastRuns({ store, now: () => 1 }) });
const run = (timeMs: number) => ({ timeMs, memoryMB: timeMs });

test('the mean follows the newest runs; same code and same kind are apart', async () => {
  const { past } = open();
  await past.learn('a', 'kind', run(100));
  await past.learn('a', 'kind', run(200));
  await past.learn('b', 'kind', run(100));
  expect(await past.find('a', null)).toEqual({ same: expect.objectContaining({ count: 2, timeMs: 130 }), alike: null });
  expect((await past.find('c', 'kind')).alike).toMatchObject({ count: 3, timeMs: 121, memoryMB: 121 });
  expect(await past.find('c', 'other')).toEqual({ same: null, alike: null });
});

test('it outlives the host, and holds no code', async () => {
  const { past, store } = open();
  await past.learn('secret code', 'python numpy', run(100));
  expect((await open(store).past.find('secret code', null)).same).toMatchObject({ timeMs: 100 });
  expect(JSON.stringify([...store.rows])).not.toContain('secret');
});

test('what was not used longest is forgotten', async () => {
  const { past } = open();
  await past.learn('first', null, run(1));
  for (let n = 0; n < LIMITS.estimatesKept.standard; n += 1) await past.learn(`p${n}`, null, run(1));
  expect((await past.find('first', null)).same).toBeNull();
  expect((await past.find('p0', null)).same).not.toBeNull();
});

test('a database that cannot be used costs nothing but the memory of it', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const store = { all: () => Promise.reject(new Error('disk')), put: () => Promise.reject(new Error('disk')) };
  const past = new PastRuns({ store, now: () => 1 });
  await past.learn('a', null, run(7));
  expect((await past.find('a', null)).same).toMatchObject({ timeMs: 7 });
  warn.mockRestore();
});
