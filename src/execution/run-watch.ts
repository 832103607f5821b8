import { startPausableTimer } from '../base/index.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunPhase } from '../contracts/runner.ts';

/** The guard over a runner's own clocks, for one that does not answer. */
export interface RunWatch {
  /** Settles when a phase has outlasted its bound, with that phase. */
  readonly late: Promise<RunPhase>;
  /** Counts anew with the bound of this phase. There is no way back: a phase that was left, or is the present one, changes nothing. */
  readonly enter: (phase: RunPhase) => void;
  /** The time that a person takes to answer does not count. */
  pause(): void;
  resume(): void;
  /** Nothing is late any more. */
  end(): void;
}

const ORDER: readonly RunPhase[] = ['preparing', 'working', 'saving'];

/** Watches a run from before its program begins; `timeMs` is its limit. */
export function startRunWatch(timeMs: number): RunWatch {
  const late = Promise.withResolvers<RunPhase>();
  const bounds: Readonly<Record<RunPhase, number>> = {
    preparing: LIMITS.copyingInMs.standard,
    working: timeMs,
    saving: LIMITS.savingMs.standard,
  };
  const start = (phase: RunPhase) => {
    // A runner that is at its bound ends the run itself, and is better at it.
    const boundMs = bounds[phase] + LIMITS.timeGraceMs.standard;
    return startPausableTimer(boundMs, () => late.resolve(phase), globalThis);
  };
  let now: RunPhase = 'preparing';
  let timer = start(now);
  let isOver = false;
  return {
    late: late.promise,
    enter(phase) {
      if (isOver || ORDER.indexOf(phase) <= ORDER.indexOf(now)) return;
      timer.pause();
      now = phase;
      timer = start(phase);
    },
    pause: () => timer.pause(),
    resume: () => {
      if (!isOver) timer.resume();
    },
    end() {
      isOver = true;
      timer.pause();
    },
  };
}
