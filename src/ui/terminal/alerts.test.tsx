// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { MeterAlert } from '../../contracts/meter.ts';
import { AlertRows, followAlerts } from './alerts.tsx';

const sessionId = sessionIdOf('c');
const place = document.createElement('div');
let ended: AbortController;

beforeAll(() => {
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(() => {
  vi.useFakeTimers();
  ended = new AbortController();
  document.body.append(place);
});
afterEach(() => {
  ended.abort();
  render(null, place);
  vi.useRealTimers();
});

test('asks every five seconds while somebody sees it, and says what was answered last', async () => {
  const state: { isShown: boolean; answer: Result<readonly MeterAlert[], AppError> } = {
    isShown: true,
    answer: ok(['memory']),
  };
  const asked = vi.fn(async () => state.answer);
  const alerts = followAlerts({
    door: { alerts: asked },
    sessionId,
    isShown: () => state.isShown,
    signal: ended.signal,
  });
  const pass = () => vi.advanceTimersByTimeAsync(LIMITS.meterEveryMs.standard);
  await pass();
  expect([asked.mock.calls, alerts.value]).toEqual([[[{ sessionId }]], ['memory']]);
  state.isShown = false;
  await pass();
  expect([asked.mock.calls.length, alerts.value]).toEqual([1, []]);
  state.isShown = true;
  await pass();
  expect(alerts.value).toEqual(['memory']);
  state.answer = fail(appError('host/unavailable'));
  await pass();
  expect(alerts.value).toEqual([]);
  ended.abort();
  await pass();
  expect(asked).toHaveBeenCalledTimes(3);
});

test('each is a sentence with a terminal that shows where it goes', async () => {
  const open = vi.fn();
  render(<AlertRows alerts={['memory', 'storage']} tabs={{ open }} />, place);
  await vi.advanceTimersByTimeAsync(1_000);
  const rows = [...place.querySelectorAll('[data-part="machine-alert"]')];
  expect(rows.map((row) => row.querySelector('span')?.textContent)).toEqual([
    'Linux has little memory left: end programs that you no longer need.',
    'The disk of Linux is nearly full: remove what you no longer need outside of /mnt/data. With more than 128 MB of its own, packed, it cannot be saved.',
  ]);
  for (const row of rows) row.querySelector('button')?.click();
  expect(open.mock.calls).toEqual([[expect.stringContaining('top -o %MEM')], [expect.stringContaining('du -xk /')]]);
});
