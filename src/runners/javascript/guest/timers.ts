import { host } from './host-calls.ts';
import { CUSTOM } from './inspect/index.ts';
import { runGuarded } from './uncaught.ts';

interface Waiting {
  readonly callback: (...args: unknown[]) => void;
  readonly args: readonly unknown[];
  readonly everyMs: number | null;
  readonly timer: Timer;
}

/** Node takes longer ones for none. */
const LONGEST_MS = 2 ** 31 - 1;

const waiting = new Map<number, Waiting>();
let last = 0;

/** What `setTimeout` gives back: Node's object, which is a number to those who want one. */
class Timer {
  readonly #id: number;
  constructor(id: number) {
    this.#id = id;
  }
  [Symbol.toPrimitive](): number {
    return this.#id;
  }
  hasRef(): boolean {
    return true;
  }
  ref(): this {
    host.holdTimer(this.#id, true);
    return this;
  }
  unref(): this {
    host.holdTimer(this.#id, false);
    return this;
  }
  refresh(): this {
    return this;
  }
  close(): this {
    clear(this);
    return this;
  }
  [CUSTOM](): string {
    return `Timeout { id: ${this.#id} }`;
  }
}

function start(callback: unknown, ms: unknown, args: readonly unknown[], repeats: boolean, least = 1): Timer {
  if (typeof callback !== 'function') {
    const error = new TypeError('The "callback" argument must be of type function.');
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const wanted = Number(ms);
  const delay = wanted >= 1 && wanted <= LONGEST_MS ? Math.trunc(wanted) : least;
  last += 1;
  const timer = new Timer(last);
  waiting.set(last, { callback: callback as () => void, args, everyMs: repeats ? delay : null, timer });
  if (!host.setTimer(last, delay)) throw new RangeError('Too many timers are waiting.');
  return timer;
}

function clear(timer: unknown): void {
  const id = Number(timer);
  if (waiting.delete(id)) host.clearTimer(id);
}

/** The worker says that a timer's time has come. */
export function fire(id: number): void {
  const found = waiting.get(id);
  if (!found) return;
  if (found.everyMs === null) waiting.delete(id);
  else host.setTimer(id, found.everyMs);
  runGuarded(() => Reflect.apply(found.callback, found.timer, found.args));
}

export function forgetTimers(): void {
  waiting.clear();
}

export const timers = {
  setTimeout: (callback: unknown, ms?: unknown, ...args: unknown[]): Timer => start(callback, ms, args, false),
  setInterval: (callback: unknown, ms?: unknown, ...args: unknown[]): Timer => start(callback, ms, args, true),
  setImmediate: (callback: unknown, ...args: unknown[]): Timer => start(callback, 0, args, false, 0),
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate: clear,
};

/** `node:timers/promises`. */
export const timerPromises = {
  setTimeout: <T>(ms?: number, value?: T): Promise<T | undefined> =>
    new Promise((resolve) => start(() => resolve(value), ms, [], false)),
  setImmediate: <T>(value?: T): Promise<T | undefined> =>
    new Promise((resolve) => start(() => resolve(value), 0, [], false, 0)),
  async *setInterval<T>(ms?: number, value?: T): AsyncGenerator<T | undefined> {
    for (;;) {
      await timerPromises.setTimeout(ms);
      yield value;
    }
  },
  scheduler: {
    wait: (ms: number): Promise<undefined> => timerPromises.setTimeout<undefined>(ms),
    yield: (): Promise<undefined> => timerPromises.setImmediate<undefined>(),
  },
};
