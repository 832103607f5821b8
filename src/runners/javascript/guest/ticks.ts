import { host } from './host-calls.ts';
import { runGuarded } from './uncaught.ts';

type Work = (...args: unknown[]) => void;

const ticks: { readonly work: Work; readonly args: readonly unknown[] }[] = [];

/** `process.nextTick`: run when the work at hand is done, before jobs of promises. */
export function nextTick(work: unknown, ...args: readonly unknown[]): void {
  if (typeof work !== 'function') {
    const error = new TypeError(`The "callback" argument must be of type function. Received ${typeof work}`);
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  ticks.push({ work: work as Work, args });
  if (ticks.length === 1) host.wantTicks();
}

/** Runs them, those that they set themselves too. What is left after one that throws is wanted again. */
export function runTicks(): void {
  for (let tick = ticks.shift(); tick; tick = ticks.shift()) {
    if (ticks.length > 0) host.wantTicks();
    const { work, args } = tick;
    runGuarded(() => Reflect.apply(work, null, args));
  }
}

export function forgetTicks(): void {
  ticks.length = 0;
}
