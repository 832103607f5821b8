import type { RunFailure } from '../contracts/doors/engine.ts';
import type { AppErrorCode } from '../contracts/errors.ts';
import type { RunId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { Language } from '../contracts/run.ts';

const KEPT = 200;

/** Whether nothing of it needs an answer: the program ran to its end and meant to. */
export const endedWell = (outcome: Outcome): boolean =>
  outcome.kind === 'completed' && outcome.error === null && outcome.exitCode === 0;

/** What went wrong, in one form for every way in which a run ends; null where nothing did, or a person stopped it. */
export function failureOf(
  outcome: Outcome,
): { readonly code: AppErrorCode; readonly title: string | null; readonly line: number | null } | null {
  switch (outcome.kind) {
    case 'completed':
      return (
        outcome.error && { code: outcome.error.code, title: outcome.error.title || null, line: outcome.error.line }
      );
    case 'timedOut':
      return { code: 'run/timed-out', title: null, line: null };
    case 'cancelled':
      return outcome.by === 'person' ? null : { code: 'run/stopped', title: null, line: null };
    case 'crashed':
    case 'refused':
      return { code: outcome.code, title: outcome.detail, line: null };
  }
}

/** The latest failures of all runners, newest first; no output and no code of anybody. */
export class RunFailures {
  readonly #latest: RunFailure[] = [];

  note(
    run: { readonly runId: RunId; readonly runner: string; readonly language: Language; readonly atMs: number },
    outcome: Outcome,
  ): void {
    const failure = failureOf(outcome);
    if (failure === null) return;
    this.#latest.unshift({ ...run, ...failure });
    if (this.#latest.length > KEPT) this.#latest.pop();
  }

  latest(most: number): readonly RunFailure[] {
    return this.#latest.slice(0, most);
  }
}
