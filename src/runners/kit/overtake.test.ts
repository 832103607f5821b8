import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok, type Result } from '../../base/index.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { overtaken } from './overtake.ts';

type Answer = Result<string, AppError>;
const PATIENCE_MS = 5000;
const broken: Answer = fail(appError('box/lost'));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Attempts that answer when they are told to; `discarded` are those that came too late. */
function attempts() {
  const signals: AbortSignal[] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const discarded: string[] = [];
  const stop = new AbortController();
  const result = overtaken<string>(
    (signal) => {
      signals.push(signal);
      return new Promise<Answer>((settle) => answers.push(settle));
    },
    { patienceMs: PATIENCE_MS, signal: stop.signal, discard: (late) => discarded.push(late) },
  );
  return { result, signals, answers, discarded, stop };
}

test('a quick answer is the only attempt', async () => {
  const { result, answers } = attempts();
  answers[0]?.(ok('first'));
  expect(await result).toEqual(ok('first'));
  await vi.advanceTimersByTimeAsync(PATIENCE_MS * 2);
  expect(answers).toHaveLength(1);
});

test('a quick failure is the answer: whoever asked tries again', async () => {
  const { result, answers } = attempts();
  answers[0]?.(broken);
  expect(await result).toEqual(broken);
});

test('one that hangs is overtaken and ended; what it makes later is thrown away', async () => {
  const { result, answers, signals, discarded } = attempts();
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(answers).toHaveLength(2);
  answers[1]?.(ok('second'));
  expect(await result).toEqual(ok('second'));
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  answers[0]?.(ok('first'));
  await vi.advanceTimersByTimeAsync(0);
  expect(discarded).toEqual(['first']);
});

test('a slow one that still comes first wins, also when the second fails', async () => {
  const { result, answers, signals } = attempts();
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  answers[1]?.(broken);
  await vi.advanceTimersByTimeAsync(0);
  answers[0]?.(ok('first'));
  expect(await result).toEqual(ok('first'));
  expect(signals[0]?.aborted).toBe(false);
});

test('both failed is failed', async () => {
  const { result, answers } = attempts();
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  answers[0]?.(broken);
  answers[1]?.(fail(appError('runner/start-failed')));
  expect(await result).toMatchObject({ ok: false, error: { code: 'runner/start-failed' } });
});

test('Stop ends both and begins none', async () => {
  const { answers, signals, stop } = attempts();
  stop.abort();
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(answers).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(true);
});
