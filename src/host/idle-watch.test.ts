import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import { IdleWatch } from './idle-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SLACK_MS = 30_000;
const pass = (ms: number) => vi.advanceTimersByTime(ms + SLACK_MS);

function world() {
  const host = { isBusy: false, sessions: 0, dropped: 0, idle: 0 };
  const ending = new AbortController();
  const watch = new IdleWatch({
    isBusy: () => host.isBusy,
    sessions: () => host.sessions,
    dropSpare: () => (host.dropped += 1),
    onIdle: () => (host.idle += 1),
    now: () => Date.now(),
    signal: ending.signal,
  });
  return { host, watch, ending };
}

test('a spare that nobody wants is dropped once; wanting it again keeps it', () => {
  const { host, watch } = world();
  watch.wanted();
  vi.advanceTimersByTime(LIMITS.spareIdleMs.standard - SLACK_MS);
  watch.wanted();
  vi.advanceTimersByTime(LIMITS.spareIdleMs.standard - SLACK_MS);
  expect(host.dropped).toBe(0);
  pass(SLACK_MS);
  expect(host.dropped).toBe(1);
  pass(LIMITS.spareIdleMs.standard);
  expect(host.dropped).toBe(1);
});

test('a spare stays while something runs, however long', () => {
  const { host, watch } = world();
  watch.wanted();
  host.isBusy = true;
  pass(LIMITS.spareIdleMs.standard * 3);
  expect(host.dropped).toBe(0);
  host.isBusy = false;
  pass(LIMITS.spareIdleMs.standard);
  expect(host.dropped).toBe(1);
});

test.each(['a port', 'a session', 'a run', 'a spare'])('the host stays for %s and goes without it', (kept) => {
  const { host, watch } = world();
  const port = kept === 'a port' ? watch.connected() : null;
  if (kept === 'a session') host.sessions = 1;
  if (kept === 'a run') host.isBusy = true;
  if (kept === 'a spare') watch.wanted();
  vi.advanceTimersByTime(LIMITS.spareIdleMs.standard - SLACK_MS);
  expect(host.idle).toBe(0);
  port?.ended();
  port?.ended();
  host.sessions = 0;
  host.isBusy = false;
  pass(LIMITS.spareIdleMs.standard);
  pass(LIMITS.hostIdleMs.standard);
  expect(host.idle).toBeGreaterThan(0);
});

test('looks no more after its end', () => {
  const { ending } = world();
  ending.abort();
  expect(vi.getTimerCount()).toBe(0);
});
