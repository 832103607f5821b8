/** A timer that counts only while it is not paused. */
export interface PausableTimer {
  /** Stops counting; what is left stays. Does nothing when paused already. Pausing for good is the way to end it. */
  pause(): void;
  /** Counts on. Does nothing while it counts. */
  resume(): void;
}

/** What it counts with; `globalThis` is one. */
export interface Timers {
  setTimeout(listener: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly performance: { now(): number };
}

/** Calls `onLate` once, after `ms` milliseconds of counting; counts from now on. */
export function startPausableTimer(ms: number, onLate: () => void, timers: Timers): PausableTimer {
  let leftMs = ms;
  let since = 0;
  let timer: unknown = null;
  let isLate = false;
  const late = (): void => {
    isLate = true;
    onLate();
  };
  const resume = (): void => {
    if (timer !== null || isLate) return;
    since = timers.performance.now();
    timer = timers.setTimeout(late, Math.max(0, leftMs));
  };
  const pause = (): void => {
    if (timer === null) return;
    timers.clearTimeout(timer);
    timer = null;
    leftMs -= timers.performance.now() - since;
  };
  resume();
  return { pause, resume };
}
