import { expect, test } from 'vitest';
import { until } from '../../tests/support/until.ts';
import { PythonAhead } from './python-ahead.ts';

/** Starts that end as they are told. */
function world() {
  const starts: ((isReady: boolean | null) => void)[] = [];
  const told = () => Promise.withResolvers<boolean | null>();
  let next = told();
  const python = new PythonAhead(() => next.promise);
  const warm = () =>
    python.warm(() => {
      next = told();
      starts.push(next.resolve);
    });
  return { python, warm, starts };
}

test.each([
  [true, 'ready', 1],
  [false, 'failed', 2],
  [null, 'cold', 2],
] as const)('a spare that is ready: %s leaves Python %s', async (isReady, state, startsAfterAnother) => {
  const { python, warm, starts } = world();
  expect(python.state).toBe('cold');
  warm();
  warm();
  expect([python.state, starts.length]).toEqual(['warming', 1]);
  starts[0]?.(isReady);
  await until(() => expect(python.state).toBe(state));
  warm();
  expect(starts).toHaveLength(startsAfterAnother);
});

test('what becomes of a start that was dropped says nothing of the next', async () => {
  const { python, warm, starts } = world();
  warm();
  python.drop();
  expect(python.state).toBe('cold');
  warm();
  starts[1]?.(true);
  await until(() => expect(python.state).toBe('ready'));
  starts[0]?.(false);
  await new Promise((next) => void setImmediate(next));
  expect(python.state).toBe('ready');
});
