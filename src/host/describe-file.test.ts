import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import { CHAT as CONVERSATION } from '../../tests/support/run-request.ts';
import type { AppErrorCode } from '../contracts/errors.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { ownerOfFiles } from '../execution/index.ts';

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

test('a description is what Python prints in a fresh engine, and leaves no trace', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  await door.addFile({ sessionId: CONVERSATION, name: '"ä".csv', bytes: new Uint8Array(1) });
  const answer = door.describeFile({ sessionId: CONVERSATION, path: '/mnt/data/"ä".csv', withValues: true });
  const execution = await host.runner.begun(1);
  expect(execution.request.code).toContain('("/mnt/data/\\"\\u00e4\\".csv", with_values=True)');
  execution.emit({ kind: 'output', stream: 'stdout', text: '3 rows\n' });
  execution.finish();
  expect(await answer).toEqual({ ok: true, value: { text: '3 rows' } });
  expect(host.history.size).toBe(0);
  expect(execution.sessionId).not.toBe(CONVERSATION);
  expect(ownerOfFiles(execution.sessionId)).toBe(CONVERSATION);
  expect(host.runner.disposed).toEqual([execution.sessionId]);
  expect([...host.records.marks]).toEqual([`private ${CONVERSATION}`]);
});

test('a description obeys the limits of the settings, and of the conversation', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const describe = async (count: number) => {
    const answer = door.describeFile({ sessionId: CONVERSATION, path: '/mnt/data/a.csv', withValues: false });
    const execution = await host.runner.begun(count);
    execution.finish();
    expect(await answer).toMatchObject({ ok: true });
    return execution.request.limits;
  };
  Object.assign(host.settings, { runTimeMs: 7_000, pythonMemoryMB: 512 });
  expect(await describe(1)).toEqual({ timeMs: 7_000, memoryMB: 512 });
  await door.choose({ sessionId: CONVERSATION, limits: { runTimeMs: 3_000 } });
  expect(await describe(2)).toEqual({ timeMs: 3_000, memoryMB: 512 });
});

const error = { title: 'MemoryError', message: '', traceback: null, line: 1, column: null, suggestions: [] };
const spent = { timeMs: 1, memoryBytes: 1 };
test.each<[AppErrorCode, string | undefined, Outcome]>([
  [
    'python/memory',
    'MemoryError',
    { ...spent, kind: 'completed', exitCode: 1, result: null, error: { ...error, code: 'python/memory' } },
  ],
  ['run/timed-out', undefined, { ...spent, kind: 'timedOut', limitMs: 1, sessionLost: false }],
  ['box/lost', 'gone', { ...spent, kind: 'crashed', code: 'box/lost', detail: 'gone', sessionLost: true }],
  ['run/stopped', undefined, { ...spent, kind: 'cancelled', by: 'person', sessionLost: false }],
])('a description that fails says %s', async (code, detail, outcome) => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const answer = door.describeFile({ sessionId: CONVERSATION, path: '/mnt/data/a.csv', withValues: false });
  const execution = await host.runner.begun(1);
  execution.finish(outcome);
  const answered = await answer;
  expect(answered).toMatchObject({ ok: false, error: { code } });
  expect(!answered.ok && answered.error.detail).toBe(detail);
  expect(host.runner.disposed).toEqual([execution.sessionId]);
});
