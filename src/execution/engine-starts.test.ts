import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../base/index.ts';
import { type AppErrorCode, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import { EngineStarts } from './engine-starts.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function world() {
  const starts = new EngineStarts();
  const state = { tries: 0, retries: 0, answer: null as AppErrorCode | null };
  const ending = new AbortController();
  const start = async (runner = 'python') => {
    const result = await starts.start(
      runner,
      async () => {
        state.tries += 1;
        return state.answer === null ? ok('engine') : fail(appError(state.answer));
      },
      { signal: ending.signal, onRetry: () => (state.retries += 1) },
    );
    return result.ok ? result.value : result.error.code;
  };
  return { state, start, ending };
}

test('a start that fails is tried once more', async () => {
  const { state, start } = world();
  state.answer = 'runner/start-failed';
  const answer = start();
  state.answer = 'runner/start-failed';
  expect(await answer).toBe('runner/start-failed');
  expect(state).toMatchObject({ tries: 2, retries: 1 });
  state.answer = null;
  expect(await start()).toBe('engine');
  expect(state.tries).toBe(3);
});

test('what would fail again, and what was stopped, is not repeated', async () => {
  const { state, start, ending } = world();
  state.answer = 'box/self-test-failed';
  expect(await start()).toBe('box/self-test-failed');
  expect(state.tries).toBe(1);
  state.answer = 'box/lost';
  ending.abort();
  expect(await start()).toBe('box/lost');
  expect(state).toMatchObject({ tries: 2, retries: 0 });
});

test('an engine that fails again and again rests, then gets one try; others go on', async () => {
  const { state, start } = world();
  state.answer = 'runner/start-failed';
  while (state.tries < LIMITS.engineStartFailures.standard) await start();
  const tries = state.tries;
  expect(await start()).toBe('runner/resting');
  expect(state.tries).toBe(tries);
  state.answer = null;
  expect(await start('lua')).toBe('engine');
  await vi.advanceTimersByTimeAsync(LIMITS.engineRestMs.standard + 1);
  expect(await start()).toBe('engine');
  expect(await start()).toBe('engine');
});

test('a try after the rest that fails begins another rest', async () => {
  const { state, start } = world();
  state.answer = 'runner/start-failed';
  while (state.tries < LIMITS.engineStartFailures.standard) await start();
  await vi.advanceTimersByTimeAsync(LIMITS.engineRestMs.standard + 1);
  const tries = state.tries;
  expect(await start()).toBe('runner/resting');
  expect(state.tries).toBe(tries + 1);
});
