import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';
import { createUsage } from './usage.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('tells once a second what is held, and the share of the time that was no wait', () => {
  const sent: WorkerEvent[] = [];
  let waitedMs = 40;
  const usage = createUsage({ send: (event) => sent.push(event), memoryBytes: () => 64, waitedMs: () => waitedMs });
  usage.tick();
  vi.advanceTimersByTime(5_000);
  usage.tick();
  expect(sent).toEqual([]);
  usage.begin();
  vi.advanceTimersByTime(999);
  usage.tick();
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  usage.tick();
  waitedMs += 1_500;
  vi.advanceTimersByTime(2_000);
  usage.tick();
  usage.tick();
  expect(sent).toEqual([
    { kind: 'usage', memoryBytes: 64, cpuShare: 1 },
    { kind: 'usage', memoryBytes: 64, cpuShare: 0.25 },
  ]);
  usage.end();
  vi.advanceTimersByTime(9_000);
  usage.tick();
  expect(sent).toHaveLength(2);
});
