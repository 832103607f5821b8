import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function started() {
  const life = new AbortController();
  const seen = { pings: 0, silences: [] as number[], heardAt: 0, isPaused: false };
  startHeartbeat({
    ping: () => (seen.pings += 1),
    lastHeardAt: () => seen.heardAt,
    isPaused: () => seen.isPaused,
    onSilence: (ms) => seen.silences.push(ms),
    signal: life.signal,
    everyMs: 2_000,
    hangMs: 10_000,
  });
  return { seen, life };
}

test('a guest that says nothing for as long is silent; one that answers is not', () => {
  const { seen } = started();
  vi.advanceTimersByTime(8_000);
  expect(seen).toMatchObject({ pings: 4, silences: [] });
  seen.heardAt = performance.now();
  vi.advanceTimersByTime(10_000);
  expect(seen.silences).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(seen.silences).toEqual([10_000]);
});

test('nothing is asked and nothing counted while it is paused', () => {
  const { seen } = started();
  seen.isPaused = true;
  vi.advanceTimersByTime(60_000);
  expect(seen).toMatchObject({ pings: 0, silences: [] });
  seen.isPaused = false;
  vi.advanceTimersByTime(8_000);
  expect(seen.silences).toEqual([]);
});

test('a thread that stood still says nothing about the guest', () => {
  const { seen } = started();
  vi.advanceTimersByTime(2_000);
  // The clock goes on by an hour and the timer has one turn.
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 3_600_000);
  vi.advanceTimersByTime(2_000);
  expect(seen.silences).toEqual([]);
  vi.restoreAllMocks();
});

test('ended, it asks no more', () => {
  const { seen, life } = started();
  life.abort();
  vi.advanceTimersByTime(60_000);
  expect(seen.pings).toBe(0);
});
