import { LIMITS } from '../../contracts/limits.ts';
import type { CachedResults } from '../../database/index.ts';
import { createMemoryTier } from './memory-tier.ts';
import { packed, plain } from './packing.ts';
import { ResultCache } from './result-cache.ts';
import { StoredTier } from './stored-tier.ts';

/** Memory for minutes, disk for an hour, and packed on disk for a day. */
export function openResultCache(results: CachedResults, now: () => number): ResultCache {
  const memory = { mostBytes: LIMITS.cacheMemoryBytes.standard, lifeMs: LIMITS.cacheMemoryMs.standard };
  const storage = { mostBytes: LIMITS.cacheStorageBytes.standard, lifeMs: LIMITS.cacheStorageMs.standard };
  const persistent = { mostBytes: LIMITS.cachePersistentBytes.standard, lifeMs: LIMITS.cachePersistentMs.standard };
  return new ResultCache(
    [
      createMemoryTier(memory, now),
      new StoredTier({ ...storage, name: 'storage', packing: plain, results, now }),
      new StoredTier({ ...persistent, name: 'persistent', packing: packed, results, now }),
    ],
    now,
  );
}
