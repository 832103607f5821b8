import { STOP } from '../../../contracts/mailbox.ts';

/** A shorter wait is over before anybody would take the worker for busy. */
const TOLD_FROM_MS = 250;
/** How often the clock is looked at: Pyodide asks for signals every few dozen bytecodes. */
const CHECKS_PER_TICK = 32;

export interface Interrupts {
  /** Given to Pyodide as its interrupt buffer. */
  readonly buffer: { 0: number };
  /** While masked, an interrupt waits: our own bookkeeping must not be torn. */
  mask(isMasked: boolean): void;
  /** Forgets what was asked before and starts the clock of a run. */
  begin(timeMs: number): void;
  /** The program is over; an interrupt that comes now stops nothing of it. */
  end(): void;
  /** Asked to stop, or out of time. */
  isStopping(): boolean;
  /** Of the run that ended last: an interrupt reached it, or its time was up, before its end. */
  readonly wasStopped: boolean;
  readonly isTimedOut: boolean;
  /** Asks for a KeyboardInterrupt from inside the worker (no shared memory: message, deadline). */
  request(): void;
  /** An interrupt came by message; what waits is woken by itself. */
  hear(): void;
  /** True once for each interrupt, for code that waits outside of the interpreter. */
  take(): boolean;
  /** Sees whether time is up, and lets held output go. */
  look(): void;
  /** Blocks up to `ms`; returns early when an interrupt arrives. Shared memory only. */
  wait(ms: number): void;
  readonly isShared: boolean;
  /** Milliseconds until the run's time is up. */
  remainingMs(): number;
  /** Milliseconds waited since `begin`, a wait that goes on included. */
  waitedMs(): number;
  /** Begins a wait that lets messages in, of so many milliseconds where that is known; the function returned ends it. */
  beginWait(ms?: number): () => void;
  /** Begins a wait for a person, whose time is not the program's; the function returned ends it. */
  waitForPerson(): () => void;
}

/**
 * Stop as Pyodide sees it. The buffer is no array but an object with a getter, because the interpreter reads it regularly
 * while it is busy: the only moment at which a blocked worker can flush its output and see that its time is up.
 */
export function createInterrupts(
  stop: SharedArrayBuffer | null,
  onTick: () => void,
  /** A wait that takes a while begins, or ends: from outside it looks like work. */
  onWait: (isWaiting: boolean) => void,
): Interrupts {
  const words = stop ? new Int32Array(stop) : null;
  const { load, store, wait } = Atomics;
  const now = performance.now.bind(performance);
  let isMasked = true;
  let isRequested = false;
  let isTimedOut = false;
  let isRunning = false;
  let isShown = false;
  let isTaken = false;
  let wasStopped = false;
  let deadline = Number.POSITIVE_INFINITY;
  let checks = 0;
  let waitedMs = 0;
  let waitsSinceMs: number | null = null;
  /** Number of the wait that was told last. */
  let toldWait = 0;
  const beginWait = (ms = Number.POSITIVE_INFINITY): (() => void) => {
    const since = now();
    waitsSinceMs = since;
    const isTold = ms >= TOLD_FROM_MS;
    if (isTold) {
      toldWait += 1;
      onWait(true);
    }
    const told = toldWait;
    return () => {
      waitedMs += now() - since;
      waitsSinceMs = null;
      // One that lost a race ends late: what waits since then still does.
      if (isTold && told === toldWait) onWait(false);
    };
  };

  const isLate = (): boolean => isRunning && now() >= deadline;
  const look = (): void => {
    onTick();
    if (!isTimedOut && isLate()) isTimedOut = isRequested = true;
  };
  const pending = (): boolean => isRequested || (words !== null && load(words, STOP.interruptIndex) === STOP.interrupt);
  const clear = (): void => {
    isTaken = true;
    isRequested = false;
    if (words) store(words, STOP.interruptIndex, 0);
  };
  const buffer = {
    get 0(): number {
      checks += 1;
      if (checks >= CHECKS_PER_TICK) {
        checks = 0;
        look();
      }
      isShown = !isMasked && pending();
      return isShown ? STOP.interrupt : 0;
    },
    set 0(value: number) {
      // Pyodide clears after each look; what was masked, or came since that look, was not read and stays.
      if (!isShown || value !== 0) return;
      isShown = false;
      clear();
    },
  };
  return {
    buffer,
    isShared: words !== null,
    mask(next) {
      isMasked = next;
    },
    begin(timeMs) {
      isRequested = isTimedOut = isTaken = false;
      // A wait of the run before says nothing of this one.
      toldWait += 1;
      waitedMs = 0;
      waitsSinceMs = null;
      if (words) {
        store(words, STOP.interruptIndex, 0);
        store(words, STOP.wakeIndex, 0);
      }
      deadline = now() + timeMs;
      isRunning = true;
    },
    end() {
      // A program that never looked, as in one long native call, is over its time all the same.
      isTimedOut ||= isLate();
      wasStopped = isTimedOut || isTaken || pending();
      isRunning = false;
      isMasked = true;
    },
    take() {
      if (isMasked || !pending()) return false;
      clear();
      return true;
    },
    look,
    isStopping: () => isTimedOut || pending(),
    get wasStopped() {
      return wasStopped;
    },
    get isTimedOut() {
      return isTimedOut;
    },
    request() {
      isRequested = true;
    },
    hear() {
      if (isRunning) isTaken = true;
    },
    wait(ms) {
      if (!words) return;
      const endWait = beginWait(ms);
      const result = wait(words, STOP.wakeIndex, 0, Math.min(ms, Math.max(deadline - now(), 0) + 1));
      endWait();
      if (result !== 'timed-out') store(words, STOP.wakeIndex, 0);
      look();
    },
    waitedMs: () => waitedMs + (waitsSinceMs === null ? 0 : now() - waitsSinceMs),
    beginWait,
    remainingMs: () => Math.max(deadline - now(), 0),
    waitForPerson() {
      const left = deadline - now();
      deadline = Number.POSITIVE_INFINITY;
      // That a person is asked is known by the question.
      const endWait = beginWait(0);
      return () => {
        endWait();
        deadline = now() + left;
      };
    },
  };
}
