import type { CacheTierStatus } from '../../contracts/doors/engine.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { Kept, Tier } from './tier.ts';

/** What a program answered: what it printed and showed, and how it ended. */
export interface ProgramResult {
  readonly events: readonly RunEvent[];
  readonly outcome: Extract<Outcome, { readonly kind: 'completed' }>;
}

interface Counted {
  readonly tier: Tier;
  hits: number;
  misses: number;
}

/** Tiers asked in order, the quickest first; what a later one has goes up into those before it. */
export class ResultCache {
  readonly #tiers: readonly Counted[];
  readonly #now: () => number;
  #timesCleared = 0;

  constructor(tiers: readonly Tier[], now: () => number) {
    this.#tiers = tiers.map((tier) => ({ tier, hits: 0, misses: 0 }));
    this.#now = now;
  }

  async get(key: string): Promise<ProgramResult | null> {
    const began = this.#timesCleared;
    for (const [index, counted] of this.#tiers.entries()) {
      const kept = await counted.tier.get(key);
      // Cleared meanwhile: nothing of before goes up again.
      if (began !== this.#timesCleared) return null;
      // A result that went up begins a new life there, but none outlives the last tier's.
      if (kept === null || this.#now() - kept.madeAtMs >= LIMITS.cachePersistentMs.standard) {
        counted.misses += 1;
        continue;
      }
      counted.hits += 1;
      for (const { tier } of this.#tiers.slice(0, index)) void tier.set(key, kept);
      return resultOf(kept);
    }
    return null;
  }

  /** Settles when all tiers have it, or could not take it. */
  async set(key: string, result: ProgramResult): Promise<void> {
    const json = JSON.stringify(result);
    if (json.length * 2 > LIMITS.cachedResultBytes.standard) return;
    const kept = { json, madeAtMs: this.#now() };
    await Promise.all(this.#tiers.map(({ tier }) => tier.set(key, kept)));
  }

  async clear(): Promise<void> {
    this.#timesCleared += 1;
    await Promise.all(this.#tiers.map(({ tier }) => tier.clear()));
  }

  /** Memory is short: what the other tiers have as well goes out of it. */
  async releaseMemory(): Promise<void> {
    await this.#tiers.find(({ tier }) => tier.name === 'memory')?.tier.clear();
  }

  status(): Promise<readonly CacheTierStatus[]> {
    return Promise.all(
      this.#tiers.map(async ({ tier, hits, misses }) => {
        const { name, mostBytes } = tier;
        return { name, mostBytes, hits, misses, ...(await tier.usage()) };
      }),
    );
  }
}

/** Written by ourselves, under this version's name: its form is known. */
const resultOf = ({ json }: Kept): ProgramResult => JSON.parse(json) as ProgramResult;
