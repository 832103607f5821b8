import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { CallKey, RunId, SessionId } from '../contracts/ids.ts';
import type { RunSummary } from '../contracts/run.ts';
import { createClaims, createRunHistory, createSessionRecords, openDatabase } from './index.ts';

const run = (runId: string, startedAtMs: number): RunSummary => ({
  runId: runId as RunId,
  sessionId: 's' as SessionId,
  callKey: null,
  language: 'python',
  startedAtMs,
  outcome: null,
});
const key = 'key' as CallKey;

test('a call key is claimed once, also by two at once and after a restart', async () => {
  const database = openDatabase('claims');
  const claims = createClaims(database);
  const both = await Promise.all([claims.claim(key, 'a' as RunId, 1), claims.claim(key, 'b' as RunId, 1)]);
  expect(both).toEqual([null, 'a']);
  database.close();
  const again = openDatabase('claims');
  expect(await createClaims(again).claim(key, 'c' as RunId, 2)).toBe('a');
  again.close();
});

test('history keeps how runs ended, newest first, without their output', async () => {
  const database = openDatabase('history');
  const history = createRunHistory(database);
  await history.started(run('old', 1));
  await history.started(run('young', 2));
  await history.ended('old' as RunId, {
    kind: 'completed',
    exitCode: 1,
    result: 'secret',
    error: {
      code: 'python/exception',
      title: 'KeyError',
      message: 'secret',
      traceback: 'secret',
      line: 1,
      column: null,
      suggestions: ['secret'],
    },
    timeMs: 5,
    memoryBytes: 6,
  });
  const recent = await history.recent(10);
  expect(recent.map((row) => row.runId)).toEqual(['young', 'old']);
  expect(JSON.stringify(recent)).not.toContain('secret');
  expect(recent[1]?.outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { title: 'KeyError' } });
  database.close();
});

test('runs of a host that died are ended as lost; ended ones stay', async () => {
  const database = openDatabase('abandoned');
  const history = createRunHistory(database);
  await history.started(run('cut', 1));
  await history.started(run('done', 2));
  await history.ended('done' as RunId, {
    kind: 'cancelled',
    by: 'person',
    sessionLost: false,
    timeMs: 1,
    memoryBytes: 1,
  });
  await history.endAbandoned();
  const recent = await history.recent(10);
  expect(recent.map((row) => row.outcome?.kind)).toEqual(['cancelled', 'crashed']);
  database.close();
});

test('second names and marks of sessions outlive the host', async () => {
  const [page, conversation, other] = ['chat:x', 'c', 'chat:y'] as [SessionId, SessionId, SessionId];
  const database = openDatabase('records');
  const records = createSessionRecords(database);
  expect(await records.storedAs(conversation)).toBe(conversation);
  const both = await Promise.all([records.addAlias(page, conversation), records.addAlias(other, conversation)]);
  expect(both).toEqual([true, false]);
  await records.setMark(page, 'private', true);
  await records.setMark(page, 'variables', true);
  await records.setMark(page, 'variables', false);
  database.close();
  const again = openDatabase('records');
  const read = createSessionRecords(again);
  expect(await read.storedAs(conversation)).toBe(page);
  expect(await read.addAlias(page, conversation)).toBe(true);
  expect(await read.hasMark(page, 'private')).toBe(true);
  expect(await read.hasMark(page, 'variables')).toBe(false);
  expect(await read.hasMark(other, 'private')).toBe(false);
  again.close();
});
