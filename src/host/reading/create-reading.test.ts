import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { standardPython } from '../../../tests/support/standard-python.ts';
import { createReading } from './create-reading.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('what is read ahead of need waits while somebody asks, and then goes on', async () => {
  const reading = createReading(standardPython);
  const ask = (code: string) => reading.analyse({ code, label: 'lua' }, '');
  await ask('print(0)');
  const warmed = vi.fn();
  void reading.warm('lua').then(warmed);
  for (const code of ['print(1)', 'print(2)', 'print(3)']) {
    await vi.advanceTimersByTimeAsync(400);
    await ask(code);
  }
  expect(warmed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(warmed).toHaveBeenCalledTimes(1);
});
