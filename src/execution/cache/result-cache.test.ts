import { expect, test, vi } from 'vitest';
import { resultsInMemory } from '../../../tests/support/run-records-in-memory.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { openResultCache } from './open-result-cache.ts';
import type { ProgramResult } from './result-cache.ts';

const answer = (text: string): ProgramResult => ({
  events: [{ kind: 'output', stream: 'stdout', text }],
  outcome: { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 5, memoryBytes: 6 },
});

function open(results = resultsInMemory()) {
  const clock = { atMs: 1_000 };
  const cache = openResultCache(results, () => clock.atMs);
  const counts = async () =>
    Object.fromEntries((await cache.status()).map(({ name, hits, misses }) => [name, [hits, misses]]));
  return { results, clock, cache, counts };
}

test('the quickest tier answers; one that has it only later hands it up', async () => {
  const { cache, clock, counts } = open();
  await cache.set('k', answer('1'));
  expect(await cache.get('k')).toEqual(answer('1'));
  expect(await counts()).toEqual({ memory: [1, 0], storage: [0, 0], persistent: [0, 0] });
  clock.atMs += LIMITS.cacheMemoryMs.standard + 1;
  expect(await cache.get('k')).toEqual(answer('1'));
  expect(await cache.get('k')).toEqual(answer('1'));
  expect(await counts()).toEqual({ memory: [2, 1], storage: [1, 0], persistent: [0, 0] });
  clock.atMs += LIMITS.cacheStorageMs.standard + 1;
  expect(await cache.get('k')).toEqual(answer('1'));
  expect(await counts()).toEqual({ memory: [2, 2], storage: [1, 1], persistent: [1, 0] });
});

test('nothing is answered that is older than a day, also when it went up meanwhile', async () => {
  const { cache, clock } = open();
  await cache.set('k', answer('1'));
  clock.atMs += LIMITS.cachePersistentMs.standard - 1;
  expect(await cache.get('k')).not.toBeNull();
  clock.atMs += 1;
  expect(await cache.get('k')).toBeNull();
});

test('results outlive the host; what was cleared is gone for good', async () => {
  const first = open();
  await first.cache.set('k', answer('1'));
  const second = open(first.results);
  expect(await second.cache.get('k')).toEqual(answer('1'));
  await second.cache.clear();
  expect(await second.cache.get('k')).toBeNull();
  expect(await open(first.results).cache.get('k')).toBeNull();
});

test('where memory is short it is let go, and the disk answers', async () => {
  const { cache, counts } = open();
  await cache.set('k', answer('1'));
  await cache.releaseMemory();
  expect((await cache.status()).map(({ entries }) => entries)).toEqual([0, 1, 1]);
  expect(await cache.get('k')).toEqual(answer('1'));
  expect(await counts()).toEqual({ memory: [0, 1], storage: [1, 0], persistent: [0, 0] });
});

test('what is cleared while it is read stays away, from every tier and from their sums', async () => {
  const results = resultsInMemory();
  const first = open(results);
  await first.cache.set('k', answer('1'));
  const bodies: (() => void)[] = [];
  const body = async (id: string) => {
    const bytes = await results.body(id);
    await new Promise<void>((resolve) => bodies.push(resolve));
    return bytes;
  };
  const { cache } = open({ ...results, body });
  const reading = cache.get('k');
  await expect.poll(() => bodies).toHaveLength(1);
  await cache.clear();
  bodies[0]?.();
  expect(await reading).toBeNull();
  // A change that waits its turn behind any that the reading began.
  await cache.set('other', answer('2'));
  await cache.clear();
  expect((await cache.status()).map(({ bytes, entries }) => [bytes, entries])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

test('a result that is too large is not kept', async () => {
  const { cache, results } = open();
  await cache.set('k', answer('x'.repeat(LIMITS.cachedResultBytes.standard)));
  expect(await cache.get('k')).toBeNull();
  expect(results.kept.size).toBe(0);
});

test('a disk that cannot be used costs the tiers on it, not the memory and no run', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const broken = () => Promise.reject(new Error('disk'));
  const { cache } = open({ ...resultsInMemory(), rows: broken, put: broken, body: broken });
  await cache.set('k', answer('1'));
  expect(await cache.get('k')).toEqual(answer('1'));
  expect(await cache.get('other')).toBeNull();
  warn.mockRestore();
});
