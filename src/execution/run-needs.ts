import type { CodeEstimate } from '../contracts/analysis.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { RunNeed, RunRequest } from '../contracts/run.ts';
import type { PastRuns } from './past-runs.ts';
import { estimateOf } from './select/index.ts';

/** Of a run of which nothing is known: three of them fit into the pool. */
export const UNKNOWN_NEED: RunNeed = { timeMs: 1_000, memoryMB: 64 };
const MB = 1024 * 1024;

/** What reading a program tells of what it takes. */
export interface ReadProgram {
  /** What programs alike have in common. */
  readonly kind: string;
  /** Null where the language is not read here. */
  readonly estimate: CodeEstimate | null;
}

export type ReadProgramOf = (code: string, language: string) => Promise<ReadProgram | null>;

type Program = Pick<RunRequest, 'code' | 'language'>;

/** What a run will probably need, and learning it from those that ended. */
export class RunNeeds {
  readonly #past: PastRuns;
  readonly #read: ReadProgramOf;

  constructor(past: PastRuns, read: ReadProgramOf = async () => null) {
    this.#past = past;
    this.#read = read;
  }

  /** This program's own past, else what was asked with; null where there is neither. Never rejects, reads no code. */
  async known({ code, language, need }: Program & Pick<RunRequest, 'need'>): Promise<RunNeed | null> {
    const { same } = await this.#past.find(programOf(language, code), null);
    return same === null ? (need ?? null) : needOf(same);
  }

  /** What its code says, mixed with what programs alike took here; null where it cannot be read. Never rejects. */
  async read({ code, language }: Program): Promise<RunNeed | null> {
    try {
      const read = await this.#read(code, language);
      if (!read?.estimate) return null;
      const { seconds, memoryMB, engineMB } = read.estimate;
      const past = await this.#past.find(programOf(language, code), read.kind);
      // Past runs tell what a program took beyond its engine.
      return needOf(estimateOf({ seconds, memoryMB: memoryMB - engineMB }, past));
    } catch (cause) {
      console.warn('what a run needs is not read', cause);
      return null;
    }
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
    const read = await this.#read(code, language);
    await this.#past.learn(programOf(language, code), read?.kind ?? null, took);
  }
}

export const programOf = (language: string, code: string): string => `${language}\n${code}`;

const needOf = ({ timeMs, memoryMB }: RunNeed): RunNeed => ({ timeMs, memoryMB: Math.max(memoryMB, 8) });
