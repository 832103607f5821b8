import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runWorld as world } from '../../tests/support/run-world.ts';
import { completed } from '../../tests/support/scripted-runner.ts';
import { LIMITS } from '../contracts/limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('the time in which its files go in is not the program’s, which has all of its own from when it begins', async () => {
  const { runner, start, outcomes, ended } = world();
  runner.beginsAtOnce = false;
  const runId = await start();
  const execution = await runner.begun(1);
  await vi.advanceTimersByTimeAsync(60_000);
  execution.enter('working');
  await vi.advanceTimersByTimeAsync(5_000 + LIMITS.timeGraceMs.standard - 1);
  expect(outcomes(runId)).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await ended(runId)).toMatchObject({ kind: 'timedOut', limitMs: 5_000, sessionLost: true });
});

test('a program that ended in time keeps its variables however much longer its files take to go out', async () => {
  const { runner, start, ended } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  await vi.advanceTimersByTimeAsync(4_000);
  execution.enter('saving');
  await vi.advanceTimersByTimeAsync(60_000);
  execution.finish();
  expect(await ended(runId)).toEqual(completed);
  expect(runner.disposed).toEqual([]);
});

test('a program that never begins is ended, and not as one that was out of its time', async () => {
  const { runner, start, outcomes, ended } = world();
  runner.beginsAtOnce = false;
  const runId = await start();
  const execution = await runner.begun(1);
  await vi.advanceTimersByTimeAsync(LIMITS.copyingInMs.standard);
  expect(outcomes(runId)).toEqual([]);
  await vi.advanceTimersByTimeAsync(LIMITS.timeGraceMs.standard);
  expect(await ended(runId)).toMatchObject({ kind: 'crashed', code: 'runner/killed', sessionLost: true });
  expect(runner.disposed).toEqual(['s']);
  execution.enter('working');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that never ends saving is ended, whatever phase it says it is in meanwhile', async () => {
  const { runner, start, outcomes, ended } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  execution.enter('saving');
  for (const phase of ['saving', 'working', 'preparing'] as const) {
    await vi.advanceTimersByTimeAsync(LIMITS.savingMs.standard / 3);
    execution.enter(phase);
  }
  expect(outcomes(runId)).toEqual([]);
  await vi.advanceTimersByTimeAsync(LIMITS.timeGraceMs.standard);
  expect(await ended(runId)).toMatchObject({ kind: 'timedOut', sessionLost: true });
  expect(runner.disposed).toEqual(['s']);
});
