import { toBase64 } from '../base/index.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { EstimateRow, RunEstimates } from '../database/index.ts';
import { settledWithin } from './settled-within.ts';

/** Weight of the newest run in the mean. */
const NEWEST = 0.3;
/** 144 bits of SHA-256: enough that no two programs meet. */
const KEY_BYTES = 18;

export interface PastRun {
  /** Runs that went into it. */
  readonly count: number;
  readonly timeMs: number;
  /** What the run took beyond what its engine had. */
  readonly memoryMB: number;
}

/** What past runs on this device took: of the same code, and of code of the same kind. */
export interface Past {
  readonly same: PastRun | null;
  readonly alike: PastRun | null;
}

export interface PastRunsOptions {
  readonly store: RunEstimates;
  readonly now: () => number;
}

/** Exponential means by code and by kind. Held in memory, written behind; only hashes of code are kept. */
export class PastRuns {
  readonly #options: PastRunsOptions;
  /** In order of use, latest last. */
  readonly #rows = new Map<string, EstimateRow>();
  readonly #read: Promise<void>;

  constructor(options: PastRunsOptions) {
    this.#options = options;
    const read = options.store.all().then(
      (rows) => {
        for (const row of [...rows].reverse()) if (!this.#rows.has(row.key)) this.#rows.set(row.key, row);
      },
      (cause: unknown) => console.warn('what past runs took cannot be read', cause),
    );
    this.#read = settledWithin(read, LIMITS.storedWaitMs.standard);
  }

  /** `kind` names what programs have in common, such as language and imports. */
  async find(program: string, kind: string | null): Promise<Past> {
    await this.#read;
    const same = this.#rows.get(await keyOfCode(program)) ?? null;
    return { same, alike: kind === null ? null : (this.#rows.get(keyOfKind(kind)) ?? null) };
  }

  async learn(program: string, kind: string | null, run: Omit<PastRun, 'count'>): Promise<void> {
    await this.#read;
    this.#note(await keyOfCode(program), run);
    if (kind !== null) this.#note(keyOfKind(kind), run);
  }

  #note(key: string, run: Omit<PastRun, 'count'>): void {
    const before = this.#rows.get(key);
    const mean = (was: number | undefined, is: number) => (was === undefined ? is : was + NEWEST * (is - was));
    const row = {
      key,
      count: (before?.count ?? 0) + 1,
      timeMs: mean(before?.timeMs, run.timeMs),
      memoryMB: mean(before?.memoryMB, run.memoryMB),
      atMs: this.#options.now(),
    };
    this.#rows.delete(key);
    this.#rows.set(key, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > LIMITS.estimatesKept.standard && oldest !== undefined) this.#rows.delete(oldest);
    this.#options.store.put(row).catch((cause: unknown) => console.warn('what a run took is not kept', cause));
  }
}

async function keyOfCode(program: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(program));
  return `code ${toBase64(new Uint8Array(digest, 0, KEY_BYTES))}`;
}

/** Names of many imports are cut: a kind needs no exactness. */
const keyOfKind = (kind: string): string => `kind ${kind.slice(0, 300)}`;
