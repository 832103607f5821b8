// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { open } from '../../../../tests/support/open-card.ts';
import { until } from '../../../../tests/support/until.ts';

// Only the clock: the wait of the tests goes on.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

it('says how long a program has worked, also where its card comes minutes later', async () => {
  const { runs, run, part } = await open();
  run.tell({ kind: 'state', state: 'running' });
  await until(() => expect(part('status')?.textContent).toBe('Running'));
  expect(part('elapsed')).toBeNull();
  vi.setSystemTime(Date.now() + 245_000);
  const later = await open('auto', {}, runs);
  await until(() => expect(later.part('elapsed')?.textContent).toBe('4 min 5 s'));
  const elapsed = later.part('elapsed');
  expect(elapsed?.getAttribute('role')).toBe('timer');
  expect(elapsed?.getAttribute('aria-label')).toBe('Running for 4 min 5 s');
});
