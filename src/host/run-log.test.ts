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

test('keeps so many events; who asks for dropped ones is told', () => {
  const logs = new RunLogs(() => 1);
  logs.open(RUN, OF);
  const most = LIMITS.eventsKeptPerRun.standard;
  for (let count = 0; count < most + 5; count += 1) logs.append(RUN, notice);
  const log = logOf(logs);
  expect(log.read(4, 1)).toBeNull();
  expect(log.read(5, 1)).toMatchObject([{ n: 6 }]);
  expect(log.read(most + 5, 1)).toEqual([]);
  expect(log.read(most + 6, 1)).toBeNull();
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
