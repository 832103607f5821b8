import { wasi } from '@bjorn3/browser_wasi_shim';
import type { EngineHost } from '../../kit/worker/index.ts';
import { RunStopped } from './run-ends.ts';

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const MOST = 4_096;

interface Event {
  readonly userdata: bigint;
  readonly error: number;
  readonly type: number;
}
interface Timer extends Event {
  readonly waitMs: number;
}

interface PollOptions {
  readonly host: EngineHost;
  readonly view: () => DataView;
  readonly isOpen: (fd: number) => boolean;
}

type Poll<T> = (subscriptions: number, events: number, count: number, written: number) => T;

/** WASI's only way to wait: sleeps until the first of its clocks; streams and files are always ready. */
export function createPoll(options: PollOptions): Poll<number> {
  return (subscriptions, events, count, written) => {
    const wait = readWait(options, subscriptions, count);
    if (wait === null) return wasi.ERRNO_INVAL;
    if (wait.ms > 0) sleep(options.host, wait.ms);
    return finish(options, wait, events, written);
  };
}

/** The same for a program that can be suspended. */
export function createWaitingPoll(options: PollOptions): Poll<Promise<number>> {
  return async (subscriptions, events, count, written) => {
    const wait = readWait(options, subscriptions, count);
    if (wait === null) return wasi.ERRNO_INVAL;
    if (wait.ms > 0) await options.host.sleep(wait.ms);
    return finish(options, wait, events, written);
  };
}

interface Wait {
  readonly ms: number;
  /** What will have happened then. */
  readonly events: readonly Event[];
}

function readWait({ view, isOpen }: PollOptions, subscriptions: number, count: number): Wait | null {
  if (count === 0 || count > MOST) return null;
  const timers: Timer[] = [];
  const ready: Event[] = [];
  for (let index = 0; index < count; index += 1) {
    const read = readSubscription(view(), subscriptions + index * SUBSCRIPTION_BYTES, isOpen);
    if (read === null) return null;
    if ('waitMs' in read) timers.push(read);
    else ready.push(read);
  }
  if (ready.length > 0) return { ms: 0, events: ready };
  const ms = Math.min(...timers.map((timer) => timer.waitMs));
  return { ms, events: timers.filter((timer) => timer.waitMs <= ms) };
}

function finish({ host, view }: PollOptions, wait: Wait, events: number, written: number): number {
  if (host.shouldStop()) throw new RunStopped();
  wait.events.forEach((event, index) => writeEvent(view(), events + index * EVENT_BYTES, event));
  view().setUint32(written, wait.events.length, true);
  return wasi.ERRNO_SUCCESS;
}

function readSubscription(view: DataView, at: number, isOpen: (fd: number) => boolean): Event | Timer | null {
  const userdata = view.getBigUint64(at, true);
  const type = view.getUint8(at + 8);
  if (type === wasi.EVENTTYPE_CLOCK) {
    const clock = view.getUint32(at + 16, true);
    if (clock > wasi.CLOCKID_MONOTONIC) return { userdata, type, error: wasi.ERRNO_NOTSUP };
    const nanoseconds = Number(view.getBigUint64(at + 24, true));
    const isAbsolute = (view.getUint16(at + 40, true) & wasi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME) !== 0;
    const nowMs = clock === wasi.CLOCKID_REALTIME ? Date.now() : performance.now();
    const waitMs = Math.max(nanoseconds / 1e6 - (isAbsolute ? nowMs : 0), 0);
    return { userdata, type, error: wasi.ERRNO_SUCCESS, waitMs };
  }
  if (type !== wasi.EVENTTYPE_FD_READ && type !== wasi.EVENTTYPE_FD_WRITE) return null;
  const error = isOpen(view.getUint32(at + 16, true)) ? wasi.ERRNO_SUCCESS : wasi.ERRNO_BADF;
  return { userdata, type, error };
}

/** Without shared memory a worker cannot block; there the program counts the time down busily. */
function sleep(host: EngineHost, ms: number): void {
  if (host.hasSharedMemory) host.sleepSync(ms);
  else for (const until = performance.now() + ms; performance.now() < until && !host.shouldStop(); );
}

function writeEvent(view: DataView, at: number, { userdata, error, type }: Event): void {
  view.setBigUint64(at, userdata, true);
  view.setUint16(at + 8, error, true);
  view.setUint8(at + 10, type);
  view.setBigUint64(at + 16, type === wasi.EVENTTYPE_CLOCK ? 0n : 1n, true);
  view.setUint16(at + 24, 0, true);
}
