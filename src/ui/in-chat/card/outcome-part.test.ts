// @vitest-environment happy-dom
import { beforeAll, expect, it, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../../tests/support/fake-runs-door.ts';
import { open, press } from '../../../../tests/support/open-card.ts';
import { until } from '../../../../tests/support/until.ts';
import { fail } from '../../../base/index.ts';
import { appError, type AppErrorCode } from '../../../contracts/errors.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import { askForFailures } from '../../kit/index.ts';

const base = { timeMs: 12, memoryBytes: 1024 };
const timedOut: Outcome = { ...base, kind: 'timedOut', limitMs: 30_000, sessionLost: false };
const errorOf = (code: AppErrorCode, line: number | null = 3, column: number | null = 1): Outcome => ({
  ...base,
  kind: 'completed',
  exitCode: 1,
  result: null,
  error: { code, title: 'Own', message: 'in its own words', traceback: null, line, column, suggestions: [] },
});

beforeAll(() => askForFailures(async () => FAILURES));

it.each([
  ['where both are known', 3, 7, 'Line 3, column 7 of the code'],
  ['where the column is not known', 3, null, 'Line 3 of the code'],
  ['not at all where neither is', null, null, null],
])('says line and column: %s', async (_, line, column, words) => {
  const { run, part } = await open();
  run.tell({ kind: 'ended', outcome: errorOf('python/syntax-error', line, column) });
  await until(() => expect(part('error')?.textContent).toContain('in its own words'));
  expect(/Line .*? of the code/.exec(part('error')?.textContent ?? '')?.[0] ?? null).toBe(words);
});

it.each([
  ['run/timed-out', 'raise-time', 'runTimeMs', 'time'],
  ['python/memory', 'raise-memory', 'pythonMemoryMB', 'memory'],
] as const)('%s: twice as much for its conversation and language by a press, which says so', async (...row) => {
  const [code, action, limit, what] = row;
  const { run, runs, entry, button } = await open();
  run.tell({ kind: 'ended', outcome: code === 'run/timed-out' ? timedOut : errorOf(code) });
  await until(() => expect(button(action)).not.toBeNull());
  expect(button(action)?.textContent).toBe(`Allow twice the ${what} in this conversation and run again`);
  press(button(action));
  await until(() => expect(runs.started).toHaveLength(2));
  expect(runs.raised).toEqual([[entry?.sessionId(), limit]]);
});

it('offers no higher limit where it stands at its bound', async () => {
  const runs = createFakeRunsDoor();
  runs.raisable.delete('pythonMemoryMB');
  const asked = vi.spyOn(runs, 'sessionFacts');
  const { run, part, button } = await open('auto', {}, runs);
  run.tell({ kind: 'ended', outcome: errorOf('python/memory') });
  await until(() => expect(part('error')).not.toBeNull());
  await until(() => expect(asked).toHaveBeenCalled());
  await asked.mock.results[0]?.value;
  await until(() => expect(button('again')).not.toBeNull());
  expect(button('raise-memory')).toBeNull();
});

it('says why a limit could not be raised, runs nothing, and offers it again', async () => {
  const runs = createFakeRunsDoor();
  runs.choose = async () => fail(appError('host/unavailable', 'storage'));
  const { run, part, button } = await open('auto', {}, runs);
  run.tell({ kind: 'ended', outcome: errorOf('python/memory') });
  await until(() => expect(button('raise-memory')).not.toBeNull());
  press(button('raise-memory'));
  await until(() => expect(part('failure')?.textContent).toContain(FAILURES['host/unavailable'].title));
  await until(() => expect(button('raise-memory')).not.toBeNull());
  expect(runs.started).toHaveLength(1);
});
