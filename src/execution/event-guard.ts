import { LIMITS } from '../contracts/limits.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { RunEvent } from '../contracts/run.ts';
import { displayUtf16 } from './display-weight.ts';

/**
 * What a runner reports, held to the bounds of a run whatever the runner does: one `ended`, which is ours; nothing after
 * it; output, displays, artifacts and progress up to their limits; a state only when it changes.
 */
export class EventGuard {
  readonly #emit: (event: RunEvent) => void;
  #state: string | null = null;
  #outputUtf16 = 0;
  #displayUtf16 = 0;
  #artifacts = 0;
  #progress = 0;
  #isProgressOpen = false;
  #usage = 0;
  #hasSaidTruncated = false;
  #isEnded = false;

  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  /** From a runner. */
  report(event: RunEvent): void {
    if (this.#isEnded || event.kind === 'ended' || !this.#isWithinBounds(event)) return;
    this.#emit(event);
  }

  /** A second call does nothing. */
  end(outcome: Outcome): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#emit({ kind: 'ended', outcome });
  }

  #isWithinBounds(event: RunEvent): boolean {
    switch (event.kind) {
      case 'state':
        if (event.state === this.#state) return false;
        this.#state = event.state;
        return true;
      case 'output':
        this.#outputUtf16 += event.text.length;
        return this.#fits(this.#outputUtf16, LIMITS.outputForgedUtf16.standard);
      case 'display':
        this.#displayUtf16 += displayUtf16(event.display);
        return this.#fits(this.#displayUtf16, LIMITS.displayBytes.standard * 2);
      case 'artifact':
        this.#artifacts += 1;
        return this.#artifacts <= LIMITS.artifactCount.standard;
      case 'usage':
        this.#usage += 1;
        return this.#usage <= LIMITS.usagePerRun.standard;
      case 'progress':
        return this.#takesProgress(event);
      case 'truncated':
        this.#hasSaidTruncated = true;
        return true;
      default:
        return true;
    }
  }

  /** Past the limit only the end of what shows: a card would go on loading for ever. */
  #takesProgress({ done, total }: Extract<RunEvent, { kind: 'progress' }>): boolean {
    const isEnd = done >= total;
    this.#progress += 1;
    if (this.#progress > LIMITS.progressPerRun.standard && !(isEnd && this.#isProgressOpen)) return false;
    this.#isProgressOpen = !isEnd;
    return true;
  }

  #fits(size: number, most: number): boolean {
    if (size <= most) return true;
    if (!this.#hasSaidTruncated) this.report({ kind: 'truncated', shownBytes: most, path: null });
    return false;
  }
}
