import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startPausableTimer } from './pausable-timer.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('counts only while it is not paused', () => {
  const onLate = vi.fn();
  const timer = startPausableTimer(1000, onLate, globalThis);
  vi.advanceTimersByTime(900);
  timer.pause();
  timer.pause();
  vi.advanceTimersByTime(60_000);
  timer.resume();
  timer.resume();
  vi.advanceTimersByTime(99);
  expect(onLate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(onLate).toHaveBeenCalledTimes(1);
});

test('is late once', () => {
  const onLate = vi.fn();
  const timer = startPausableTimer(10, onLate, globalThis);
  vi.advanceTimersByTime(10);
  timer.pause();
  timer.resume();
  vi.advanceTimersByTime(1000);
  expect(onLate).toHaveBeenCalledTimes(1);
});
