import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunEvent } from '../contracts/run.ts';
import { completed } from '../../tests/support/scripted-runner.ts';
import { RunLogs } from './run-log.ts';

const RUN = 'r' as RunId;
const SESSION = 's' as SessionId;
const output = (text: string): RunEvent => ({ kind: 'output', stream: 'stdout', text });
const notice: RunEvent = { kind: 'notice', text: 'x' };
/** A line that is no part of the one before it. */
const alternate = (logs: RunLogs, count: number) =>
  logs.append(RUN, { kind: 'output', stream: count % 2 === 0 ? 'stdout' : 'stderr', text: String(count) });

function logOf(logs: RunLogs, runId = RUN) {
  const log = logs.find(runId);
  if (!log) throw new Error('no log');
  return log;
}

const OF = { sessionId: SESSION, callKey: null, language: 'python', code: '' } as const;

test('output that nobody has read grows in place; what was read stays as it was', () => {
  const logs = new RunLogs(() => 1);
  logs.open(RUN, OF);
  const log = logOf(logs);
  logs.append(RUN, output('a'));
  logs.append(RUN, output('b'));
  const first = log.read(0, 10);
  logs.append(RUN, output('c'));
  logs.append(RUN, { kind: 'output', stream: 'stderr', text: 'd' });
  expect(first).toMatchObject([{ n: 1, event: { text: 'ab' } }]);
  expect(log.read(1, 10)).toMatchObject([
    { n: 2, event: { text: 'c' } },
    { n: 3, event: { text: 'd' } },
  ]);
});

test('only states may wait, and only those that nobody has read', () => {
  const logs = new RunLogs(() => 1);
  logs.open(RUN, OF);
  const log = logOf(logs);
  expect(log.mayWait?.(0)).toBe(false);
  logs.append(RUN, { kind: 'state', state: 'starting' });
  logs.append(RUN, { kind: 'state', state: 'running' });
  expect([0, 1, 2].map((after) => log.mayWait?.(after))).toEqual([true, true, false]);
  logs.append(RUN, output('a'));
  logs.append(RUN, { kind: 'state', state: 'waiting' });
  expect([0, 2, 3, 4].map((after) => log.mayWait?.(after))).toEqual([false, false, true, false]);
});

test('past so many events the oldest output goes, and who reads from the beginning is told where', () => {
  const logs = new RunLogs(() => 1);
  logs.open(RUN, OF);
  const most = LIMITS.eventsKeptPerRun.standard;
  logs.append(RUN, output('first'));
  logs.append(RUN, notice);
  for (let count = 0; count < most + 3; count += 1) alternate(logs, count);
  const log = logOf(logs);
  const [before, gap, after] = log.read(0, 3) ?? [];
  expect(before).toMatchObject({ from: 1, n: 2, event: notice });
  expect(gap).toMatchObject({
    from: 3,
    n: 6,
    event: { kind: 'output', text: expect.stringContaining('no longer kept') },
  });
  expect(after).toEqual({ runId: RUN, n: 7, atMs: 1, event: { kind: 'output', stream: 'stdout', text: '4' } });
  expect(log.read(6, 1)).toEqual([after]);
  expect(log.read(4, 2)).toMatchObject([{ from: 5, n: 6 }, { n: 7 }]);
  expect(log.read(most + 5, 1)).toEqual([]);
  expect(log.read(most + 6, 1)).toBeNull();
});

test('a reader gets every number once, as one event or as part of one, wherever it takes up again', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.constant('print' as const) },
    { weight: 1, arbitrary: fc.constant('show' as const) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }) },
  );
  const most = LIMITS.eventsKeptPerRun.standard;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), fc.nat({ max: 200 }), (steps, short) => {
      const logs = new RunLogs(() => 1);
      logs.open(RUN, OF);
      for (let count = 0; count < most - short; count += 1) alternate(logs, count);
      const log = logOf(logs);
      let at = 0;
      let shown = 0;
      let seen = 0;
      const readOn = (batch: number) => {
        for (const { n, from, event } of log.read(at, batch) ?? []) {
          expect(from ?? n).toBe(at + 1);
          at = n;
          if (event.kind === 'notice' && event.text === 'x') seen += 1;
        }
      };
      for (const one of steps) {
        if (one === 'print') alternate(logs, shown + at);
        else if (one === 'show') {
          shown += 1;
          logs.append(RUN, notice);
        } else readOn(one);
      }
      logs.append(RUN, { kind: 'ended', outcome: completed });
      while (!log.isEndAt(at)) readOn(500);
      expect(seen).toBe(shown);
    }),
    { numRuns: 30 },
  );
});

test('ends at its last event only', () => {
  const logs = new RunLogs(() => 1);
  logs.open(RUN, OF);
  logs.append(RUN, notice);
  const log = logOf(logs);
  expect(log.isEndAt(1)).toBe(false);
  logs.append(RUN, { kind: 'ended', outcome: completed });
  expect([log.isEndAt(1), log.isEndAt(2)]).toEqual([false, true]);
});

test('drops the oldest ended runs, never one that runs', () => {
  const logs = new RunLogs(() => 1);
  logs.open('running' as RunId, OF);
  for (let count = 0; count < LIMITS.runLogsKept.standard + 5; count += 1) {
    const runId = `r${count}` as RunId;
    logs.open(runId, OF);
    logs.append(runId, { kind: 'ended', outcome: completed });
  }
  expect(logs.find('running' as RunId)).toBeDefined();
  expect(logs.find('r0' as RunId)).toBeUndefined();
  expect(logs.find(`r${LIMITS.runLogsKept.standard + 4}` as RunId)).toBeDefined();
});

test('drops the oldest ended runs when they hold too much', () => {
  const logs = new RunLogs(() => 1);
  const display: RunEvent = {
    kind: 'display',
    display: { id: 'd', data: { 'text/plain': 'x'.repeat(30 * 1024 * 1024) }, table: null, artifact: null },
  };
  for (const runId of ['a', 'b', 'c', 'd', 'e'] as RunId[]) {
    logs.open(runId, OF);
    logs.append(runId, display);
    logs.append(runId, { kind: 'ended', outcome: completed });
  }
  expect(logs.find('a' as RunId)).toBeUndefined();
  expect(logs.find('e' as RunId)).toBeDefined();
});
