import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resultsInMemory } from '../../../tests/support/run-records-in-memory.ts';
import { createMemoryTier } from './memory-tier.ts';
import { packed, plain } from './packing.ts';
import { StoredTier } from './stored-tier.ts';
import type { Tier } from './tier.ts';

const LIFE_MS = 1_000;
const MOST_BYTES = 4_000;

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), key: fc.nat(9), size: fc.nat(900) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('get' as const), key: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(600) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

interface Opened {
  readonly open: (results: ReturnType<typeof resultsInMemory>, now: () => number) => Tier;
  readonly outlivesHost: boolean;
}
const stored = (packing: typeof plain): Opened => ({
  open: (results, now) =>
    new StoredTier({ name: 'disk', packing, results, now, mostBytes: MOST_BYTES, lifeMs: LIFE_MS }),
  outlivesHost: true,
});

test.each<[string, Opened]>([
  [
    'memory',
    { open: (_, now) => createMemoryTier({ mostBytes: MOST_BYTES, lifeMs: LIFE_MS }, now), outlivesHost: false },
  ],
  ['disk', stored(plain)],
  ['packed disk', stored(packed)],
])(
  '%s: in any order it answers the last that was put in, or nothing; never what ended; never over its bounds',
  async (_, of) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        let atMs = 1_000;
        const results = resultsInMemory();
        let tier = of.open(results, () => atMs);
        const model = new Map<string, { json: string; endsAtMs: number }>();
        for (const [index, each] of steps.entries()) {
          switch (each.kind) {
            case 'set': {
              const json = `${index}${'x'.repeat(each.size)}`;
              await tier.set(`k${each.key}`, { json, madeAtMs: atMs });
              model.set(`k${each.key}`, { json, endsAtMs: atMs + LIFE_MS });
              break;
            }
            case 'get': {
              const kept = await tier.get(`k${each.key}`);
              const put = model.get(`k${each.key}`);
              if (kept === null) break;
              expect(kept.json).toBe(put?.json);
              expect(atMs).toBeLessThanOrEqual(put?.endsAtMs ?? 0);
              break;
            }
            case 'wait':
              atMs += each.ms;
              break;
            case 'clear':
              await tier.clear();
              model.clear();
              expect(await tier.usage()).toEqual({ bytes: 0, entries: 0 });
              break;
            case 'reopen':
              if (of.outlivesHost) tier = of.open(results, () => atMs);
              break;
          }
          expect((await tier.usage()).bytes).toBeLessThanOrEqual(MOST_BYTES);
        }
      }),
      { numRuns: 100 },
    );
  },
);

test.each<[string, Opened]>([
  [
    'memory',
    { open: (_, now) => createMemoryTier({ mostBytes: MOST_BYTES, lifeMs: LIFE_MS }, now), outlivesHost: false },
  ],
  ['disk', stored(plain)],
])('%s: what was used longest ago goes first, and what still fits stays', async (_, of) => {
  let atMs = 1;
  const tier = of.open(resultsInMemory(), () => (atMs += 1));
  const put = (key: string) => tier.set(key, { json: 'x'.repeat(900), madeAtMs: 0 });
  const fit = (await fill()).length;
  async function fill(): Promise<string[]> {
    const keys: string[] = [];
    for (let before = -1, entries = 0; entries > before; ) {
      before = entries;
      keys.push(`k${keys.length}`);
      await put(keys.at(-1) ?? '');
      ({ entries } = await tier.usage());
    }
    return keys.slice(0, -1);
  }
  await tier.clear();
  for (let n = 0; n < fit; n += 1) await put(`k${n}`);
  expect(await tier.get('k0')).not.toBeNull();
  await put('new');
  expect(await tier.get('k1')).toBeNull();
  expect(await tier.get('k0')).not.toBeNull();
  expect(await tier.get('new')).not.toBeNull();
});
