import { LRUCache } from 'lru-cache';
import type { Kept, Tier } from './tier.ts';

export interface TierBounds {
  readonly mostBytes: number;
  readonly lifeMs: number;
}

/** Of a key and what a map needs for an entry. */
const ENTRY_BYTES = 200;

/** In memory: used longest ago goes first. */
export function createMemoryTier({ mostBytes, lifeMs }: TierBounds, now: () => number): Tier {
  const kept = new LRUCache<string, Kept>({
    maxSize: mostBytes,
    sizeCalculation: ({ json }) => json.length * 2 + ENTRY_BYTES,
    ttl: lifeMs,
    ttlResolution: 0,
    perf: { now },
  });
  return {
    name: 'memory',
    mostBytes,
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
    clear: async () => kept.clear(),
    async usage() {
      kept.purgeStale();
      return { bytes: kept.calculatedSize, entries: kept.size };
    },
  };
}
