import type { LRUCache } from 'lru-cache';
import type { Kept, Tier } from './tier.ts';

export interface TierBounds {
  readonly mostBytes: number;
  readonly lifeMs: number;
}

/** Of a key and what a map needs for an entry. */
const ENTRY_BYTES = 200;

/** In memory: used longest ago goes first. The library is loaded when the first result is kept. */
export function createMemoryTier({ mostBytes, lifeMs }: TierBounds, now: () => number): Tier {
  let loading: Promise<LRUCache<string, Kept>> | null = null;
  const load = async (): Promise<LRUCache<string, Kept>> => {
    const { LRUCache: Cache } = await import('lru-cache');
    return new Cache({
      maxSize: mostBytes,
      sizeCalculation: ({ json }) => json.length * 2 + ENTRY_BYTES,
      ttl: lifeMs,
      ttlResolution: 0,
      perf: { now },
    });
  };
  return {
    name: 'memory',
    mostBytes,
    get: async (key) => (await loading)?.get(key) ?? null,
    async set(key, value) {
      loading ??= load();
      try {
        (await loading).set(key, value);
      } catch (cause) {
        loading = null;
        console.warn('cache: memory is not there', cause);
      }
    },
    clear: async () => (await loading)?.clear(),
    async usage() {
      const kept = await loading;
      kept?.purgeStale();
      return { bytes: kept?.calculatedSize ?? 0, entries: kept?.size ?? 0 };
    },
  };
}
