import type { Outcome } from '../contracts/outcome.ts';
import type { RunNeed, RunRequest } from '../contracts/run.ts';
import type { PastRuns } from './past-runs.ts';

/** Of a run of which nothing is known: three of them fit into the pool. */
const UNKNOWN: RunNeed = { timeMs: 1_000, memoryMB: 64 };
const MB = 1024 * 1024;

/** What programs of one kind have in common; null where there is nothing. */
export type KindOf = (code: string, language: string) => Promise<string | null>;

/** What a run will probably need, and learning it from those that ended. */
export class RunNeeds {
  readonly #past: PastRuns;
  readonly #kindOf: KindOf;

  constructor(past: PastRuns, kindOf: KindOf = async () => null) {
    this.#past = past;
    this.#kindOf = kindOf;
  }

  /** This program's own past, else what was asked with, else a guess. Never rejects. */
  async of({ code, language, need }: Pick<RunRequest, 'code' | 'language' | 'need'>): Promise<RunNeed> {
    // Reading the code of a run that somebody waits for would delay it; who asks with a need has read it.
    const { same } = await this.#past.find(programOf(language, code), null);
    if (same !== null) return needOf(same);
    return need ?? UNKNOWN;
  }

  /** `engineBytes`: the engine's memory when the run began. */
  learn({ code, language }: RunRequest, outcome: Outcome, engineBytes: number): void {
    const isWhole =
      (outcome.kind === 'completed' && outcome.error === null && !outcome.fromCache) || outcome.kind === 'timedOut';
    if (!isWhole) return; // cut short: says nothing of what it would have taken
    const memoryMB = Math.max(0, outcome.memoryBytes - engineBytes) / MB;
    // Beside the run's way: the person has the outcome already.
    void this.#learn(language, code, { timeMs: outcome.timeMs, memoryMB }).catch((cause: unknown) =>
      console.warn('nothing learnt of a run', cause),
    );
  }

  async #learn(language: string, code: string, took: RunNeed): Promise<void> {
    await this.#past.learn(programOf(language, code), await this.#kindOf(code, language), took);
  }
}

export const programOf = (language: string, code: string): string => `${language}\n${code}`;

const needOf = ({ timeMs, memoryMB }: RunNeed): RunNeed => ({ timeMs, memoryMB: Math.max(memoryMB, 8) });
