import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWarmUp } from './warm-up.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('each piece is a task of its own, until none is left', () => {
  const doPiece = vi.fn<() => boolean>().mockReturnValueOnce(true).mockReturnValueOnce(true).mockReturnValue(false);
  const onEnd = vi.fn();
  createWarmUp(doPiece, () => true, onEnd)();
  vi.advanceTimersToNextTimer();
  expect(doPiece).toHaveBeenCalledTimes(1);
  vi.advanceTimersToNextTimer();
  expect(doPiece).toHaveBeenCalledTimes(2);
  expect(onEnd).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(doPiece).toHaveBeenCalledTimes(3);
  expect(onEnd.mock.calls).toEqual([[2, null]]);
});

test('a program that comes meanwhile goes first, and no piece follows', () => {
  let isWanted = true;
  const doPiece = vi.fn(() => true);
  const onEnd = vi.fn();
  createWarmUp(doPiece, () => isWanted, onEnd)();
  vi.advanceTimersToNextTimer();
  isWanted = false;
  vi.runAllTimers();
  expect(doPiece).toHaveBeenCalledTimes(1);
  expect(onEnd.mock.calls).toEqual([[1, null]]);
});

test('a run that waited for the start goes first, and no piece begins', () => {
  let isWanted = true;
  const doPiece = vi.fn(() => true);
  createWarmUp(
    doPiece,
    () => isWanted,
    () => undefined,
  )();
  isWanted = false;
  vi.runAllTimers();
  expect(doPiece).not.toHaveBeenCalled();
});

test('a piece that fails is the last one, and why is told', () => {
  const doPiece = vi.fn(() => {
    throw new Error('MemoryError');
  });
  const onEnd = vi.fn();
  createWarmUp(doPiece, () => true, onEnd)();
  vi.runAllTimers();
  expect(doPiece).toHaveBeenCalledTimes(1);
  expect(onEnd.mock.calls).toEqual([[0, expect.stringContaining('MemoryError')]]);
});
