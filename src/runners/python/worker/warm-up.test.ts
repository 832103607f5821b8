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
  createWarmUp(doPiece, () => true)();
  vi.advanceTimersToNextTimer();
  expect(doPiece).toHaveBeenCalledTimes(1);
  vi.advanceTimersToNextTimer();
  expect(doPiece).toHaveBeenCalledTimes(2);
  vi.runAllTimers();
  expect(doPiece).toHaveBeenCalledTimes(3);
});

test('a program that comes meanwhile goes first, and no piece follows', () => {
  let isWanted = true;
  const doPiece = vi.fn(() => true);
  createWarmUp(doPiece, () => isWanted)();
  vi.advanceTimersToNextTimer();
  isWanted = false;
  vi.runAllTimers();
  expect(doPiece).toHaveBeenCalledTimes(1);
});

test('a run that waited for the start goes first, and no piece begins', () => {
  let isWanted = true;
  const doPiece = vi.fn(() => true);
  createWarmUp(doPiece, () => isWanted)();
  isWanted = false;
  vi.runAllTimers();
  expect(doPiece).not.toHaveBeenCalled();
});

test('a piece that fails is the last one', () => {
  const doPiece = vi.fn(() => {
    throw new Error('MemoryError');
  });
  createWarmUp(doPiece, () => true)();
  vi.runAllTimers();
  expect(doPiece).toHaveBeenCalledTimes(1);
});
