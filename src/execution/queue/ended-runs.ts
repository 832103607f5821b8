import type { RunId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';

/** How the latest runs ended, for those that depend on them; the oldest are forgotten. */
export class EndedRuns {
  readonly #endedWell = new Map<RunId, boolean>();

  note(runId: RunId, isWell: boolean): void {
    this.#endedWell.set(runId, isWell);
    const [oldest] = this.#endedWell.keys();
    if (this.#endedWell.size > LIMITS.outcomesRemembered.standard && oldest !== undefined) {
      this.#endedWell.delete(oldest);
    }
  }

  /** Undefined for a run that is not over, or not known any more. */
  endedWell(runId: RunId): boolean | undefined {
    return this.#endedWell.get(runId);
  }
}
