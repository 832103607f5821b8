import type { AppErrorCode } from './errors.ts';

/** What a program's own failure looked like, in the language's own words. */
export interface ProgramError {
  readonly code: AppErrorCode;
  /** The exception's name, `ValueError`; empty where the language has none. What a person reads above it is the table's. */
  readonly title: string;
  /** The exception's own message, one line. */
  readonly message: string;
  /** The whole traceback as the language prints it, with the person's own lines. */
  readonly traceback: string | null;
  /** 1-based line in the person's code, where known. */
  readonly line: number | null;
  /** 1-based column, where known. */
  readonly column: number | null;
  /** Advice for this one alone; the table's comes besides. */
  readonly suggestions: readonly string[];
}

interface Ended {
  readonly timeMs: number;
  /** Highest size of the engine's memory seen, in bytes; of a machine, the most that the program had. 0 where the engine never started. */
  readonly memoryBytes: number;
}

/** How a run ended; exactly one for each run. */
export type Outcome =
  | (Ended & {
      readonly kind: 'completed';
      readonly exitCode: number;
      /** The last expression as the language's own prompt would print it. */
      readonly result: string | null;
      readonly error: ProgramError | null;
      /** It did not run: it depends on nothing, and this is what it answered before. `timeMs` is the finding's. */
      readonly fromCache?: true;
    })
  | (Ended & {
      readonly kind: 'crashed';
      readonly code: AppErrorCode;
      readonly detail: string | null;
      readonly sessionLost: boolean;
    })
  | (Ended & { readonly kind: 'timedOut'; readonly limitMs: number; readonly sessionLost: boolean })
  | (Ended & { readonly kind: 'cancelled'; readonly by: 'person' | 'world'; readonly sessionLost: boolean })
  | (Ended & { readonly kind: 'refused'; readonly code: AppErrorCode; readonly detail: string | null });

export type OutcomeKind = Outcome['kind'];
