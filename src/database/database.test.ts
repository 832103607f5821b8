import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { expect, test, vi } from 'vitest';
import type { CopiedFolder } from '../contracts/copied-folders.ts';
import type { CallKey, RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunFilter, RunSummary } from '../contracts/run.ts';
import { createDropping } from './drop-oldest.ts';
import {
  createChoiceRecords,
  createClaims,
  createCopiedFolders,
  createEgressLog,
  createMachineRecords,
  createRunEstimates,
  createRunHistory,
  createSavedEngines,
  createSavedTimes,
  createSessionRecords,
  createTextRecords,
  openDatabase,
} from './index.ts';

const run = (runId: string, startedAtMs: number): RunSummary => ({
  runId: runId as RunId,
  sessionId: 's' as SessionId,
  callKey: null,
  language: 'python',
  startedAtMs,
  outcome: null,
});
const key = 'key' as CallKey;

test('a claim does not wait for the disk, and outlives a connection that the browser ended', async () => {
  const database = openDatabase('relaxed');
  const { db } = database.claims;
  const claims = createClaims(database);
  await db.open();
  const transaction = vi.spyOn(db.backendDB(), 'transaction');
  expect(await claims.claim(key, 'a' as RunId, 1)).toBeNull();
  expect(transaction.mock.calls[0]).toEqual(['claims', 'readwrite', { durability: 'relaxed' }]);
  db.backendDB().close();
  const both = ['one', 'two'].map((other) => claims.claim(other as CallKey, 'b' as RunId, 2));
  expect(await Promise.all(both)).toEqual([null, null]);
  expect(await claims.claim(key, 'c' as RunId, 3)).toBe('a');
  database.close();
});

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

test('a table that runs write is brought back to its bound now and then, the oldest first', async () => {
  const database = openDatabase('dropping');
  const { claims } = database;
  const drop = createDropping(claims, 'atMs', 3);
  const write = async (atMs: number) => {
    await claims.add({ callKey: `k${atMs}` as CallKey, runId: 'r' as RunId, atMs });
    drop();
  };
  for (let atMs = 1; atMs <= 64; atMs += 1) await write(atMs);
  expect(await claims.count()).toBe(64);
  await write(65);
  await expect.poll(() => claims.count()).toBe(3);
  expect((await claims.orderBy('atMs').toArray()).map((row) => row.atMs)).toEqual([63, 64, 65]);
  database.close();
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
  expect(recent.map((row) => row.outcome)).toMatchObject([
    { kind: 'cancelled' },
    { kind: 'crashed', code: 'run/not-found', sessionLost: true },
  ]);
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

test('history is listed by conversation, language, outcome and time, newest first', async () => {
  const database = openDatabase('filters');
  const history = createRunHistory(database);
  const timedOut = { kind: 'timedOut', limitMs: 1, sessionLost: false, timeMs: 1, memoryBytes: 1 } as const;
  const cancelled = { kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 1 } as const;
  const fine = { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 1, memoryBytes: 1 } as const;
  await history.started({ ...run('a', 1), sessionId: 'other' as SessionId });
  await history.started({ ...run('b', 2), language: 'lua' });
  for (const [index, id] of ['c', 'd', 'e'].entries()) await history.started(run(id, 3 + index));
  await history.ended('a' as RunId, fine);
  await history.ended('b' as RunId, timedOut);
  await history.ended('c' as RunId, cancelled);
  await history.ended('d' as RunId, { ...fine, exitCode: 1 });
  const ids = async (filter: Partial<RunFilter>) =>
    (await history.list({ most: 10, ...filter })).map(({ runId }) => runId).join('');
  expect(await ids({})).toBe('edcba');
  expect(await ids({ most: 2 })).toBe('ed');
  expect(await ids({ sessionId: 'other' as SessionId })).toBe('a');
  expect(await ids({ language: 'lua' })).toBe('b');
  expect(await ids({ outcome: 'failed' })).toBe('db');
  expect(await ids({ outcome: 'completed' })).toBe('da');
  expect(await ids({ outcome: 'active' })).toBe('e');
  expect(await ids({ sinceMs: 2, beforeMs: 4 })).toBe('cb');
  expect(await history.find('c' as RunId)).toMatchObject({ outcome: { kind: 'cancelled' } });
  expect(await history.find('z' as RunId)).toBeNull();
  database.close();
});

test('estimates and choices outlive the host; the oldest go', async () => {
  const database = openDatabase('learnt');
  const row = (key: string, atMs: number) => ({ key, count: 1, timeMs: 1, memoryMB: 1, atMs });
  const estimates = createRunEstimates(database);
  await database.estimates.bulkPut(
    Array.from({ length: LIMITS.estimatesKept.standard }, (_, n) => row(`k${n}`, n + 10)),
  );
  await estimates.put(row('new', 1_000_000));
  await expect.poll(() => database.estimates.count()).toBe(LIMITS.estimatesKept.standard);
  const choices = createChoiceRecords(database);
  await choices.put({ sessionId: 's', places: { python: 'remote' }, limits: { runTimeMs: 5_000 }, atMs: 1 });
  database.close();
  const again = openDatabase('learnt');
  const all = await createRunEstimates(again).all();
  expect(all).toHaveLength(LIMITS.estimatesKept.standard);
  expect(all[0]?.key).toBe('new');
  expect(all.at(-1)?.key).toBe('k1');
  expect(await createChoiceRecords(again).all()).toMatchObject([{ sessionId: 's', places: { python: 'remote' } }]);
  again.close();
});

test('the log of the network has the newest first, and is empty once it was cleared', async () => {
  const database = openDatabase('egress');
  const log = createEgressLog(database);
  const entry = (atMs: number) => ({
    atMs,
    sessionId: 's' as SessionId,
    runner: 'python',
    method: 'GET',
    address: 'https://example.org/',
    status: 200,
    bytesOut: 1,
    bytesIn: 2,
    outcome: 'passed' as const,
  });
  for (const atMs of [1, 2, 3]) await log.add(entry(atMs));
  expect(await log.latest(2)).toEqual([entry(3), entry(2)]);
  await log.clear();
  expect(await log.latest(2)).toEqual([]);
  database.close();
});

test('a text that a person wrote outlives the host', async () => {
  const database = openDatabase('texts');
  const texts = createTextRecords(database);
  expect(await texts.read('analysis-options')).toBeNull();
  await texts.write('analysis-options', '{}');
  await texts.write('analysis-options', '{ }');
  database.close();
  const again = openDatabase('texts');
  expect(await createTextRecords(again).read('analysis-options')).toBe('{ }');
  again.close();
});

test('engines as their sessions left them: the latest of each, over a restart, and those saved longest ago are let go', async () => {
  const database = openDatabase('engines');
  let now = 0;
  const engines = createSavedEngines(database, () => (now += 1));
  const nameOf = (at: number) => `s${at}` as SessionId;
  for (let at = 0; at < LIMITS.savedEnginesKept.standard; at += 1) await engines.save(nameOf(at), Uint8Array.of(at));
  await engines.save(nameOf(0), Uint8Array.of(200));
  await engines.save('new' as SessionId, Uint8Array.of(201));
  database.close();
  const again = openDatabase('engines');
  const kept = createSavedEngines(again, () => now);
  expect((await kept.load(nameOf(0)))?.state).toEqual(Uint8Array.of(200));
  expect(await kept.load(nameOf(1))).toBeNull();
  expect(await kept.load(nameOf(2))).toEqual({ state: Uint8Array.of(2), atMs: 3 });
  await kept.remove(nameOf(2));
  expect(await kept.load(nameOf(2))).toBeNull();
  again.close();
});

test('engines that are too large together are let go, those saved longest ago first, whatever their number', async () => {
  const database = openDatabase('large engines');
  let now = 0;
  const engines = createSavedEngines(database, () => (now += 1));
  const most = LIMITS.savedEnginesBytes.standard;
  // Larger than they are: what counts is what a row says of itself.
  const keep = (name: string, bytes: number) =>
    database.engines.put({ sessionId: name, atMs: (now += 1), bytes, state: Uint8Array.of(1) });
  await keep('a', most / 2);
  await keep('b', most / 2 - 1);
  await engines.save('c' as SessionId, Uint8Array.of(2));
  expect(await database.engines.toCollection().primaryKeys()).toEqual(['a', 'b', 'c']);
  await engines.save('d' as SessionId, Uint8Array.of(3));
  expect(await database.engines.toCollection().primaryKeys()).toEqual(['b', 'c', 'd']);
  database.close();
});

test('copied folders are remembered by conversation, under each of its names; the oldest are forgotten', async () => {
  const database = openDatabase('folders');
  const folders = createCopiedFolders(database);
  const folder = (sessionId: string, target: string, atMs: number): CopiedFolder => ({
    sessionId: sessionId as SessionId,
    target,
    handle: { name: target },
    takesAll: false,
    atMs,
    files: [{ path: 'a', device: { sizeBytes: 1, modifiedAtMs: 1 }, here: { sizeBytes: 1, modifiedAtMs: 2 } }],
  });
  const keep = async (row: CopiedFolder) => {
    await folders.begin(row, []);
    expect(await folders.add(row, row.files)).toBe(true);
  };
  await keep(folder('chat:1', 'p', 1));
  await keep(folder('chat:1', 'q', 2));
  await keep(folder('other', 'p', 3));
  await createSessionRecords(database).addAlias('chat:1' as SessionId, 'real' as SessionId);
  const targets = async (sessionId: string) => (await folders.of(sessionId as SessionId)).map(({ target }) => target);
  expect(await targets('real')).toEqual(['q', 'p']);
  await keep(folder('real', 'p', 4));
  expect(await targets('chat:1')).toEqual(['p', 'q']);
  expect((await folders.of('real' as SessionId))[0]).toMatchObject({ atMs: 4, handle: { name: 'p' } });
  await folders.forget({ sessionId: 'real' as SessionId, target: 'q' });
  expect(await targets('chat:1')).toEqual(['p']);
  for (let at = 0; at < LIMITS.copiedFoldersKept.standard; at += 1) await keep(folder(`s${at}`, 'p', 10 + at));
  expect([await targets('real'), await targets('other'), await targets('s0')]).toEqual([[], [], ['p']]);
  database.close();
});

test('what two tabs remember of one folder is put together; what one forgets, the other does not bring back', async () => {
  const database = openDatabase('folders of two tabs');
  const folders = createCopiedFolders(database);
  const sessionId = 's' as SessionId;
  const folder = { sessionId, target: 'p', handle: null, takesAll: false, atMs: 1 };
  const mark = { sizeBytes: 1, modifiedAtMs: 1 };
  const files = (...paths: readonly string[]) => paths.map((path) => ({ path, device: mark, here: mark }));
  const paths = async () => (await folders.of(sessionId)).map((row) => row.files.map(({ path }) => path).sort());
  await folders.begin(folder, []);
  await Promise.all([folders.add(folder, files('a', 'b')), folders.add(folder, files('c'))]);
  expect(await paths()).toEqual([['a', 'b', 'c']]);
  await folders.begin({ ...folder, atMs: 2 }, ['b', 'unknown']);
  expect(await paths()).toEqual([['a', 'c']]);
  expect(await folders.add(folder, files('b'))).toBe(false);
  expect(await paths()).toEqual([['a', 'c']]);
  await folders.forget(folder);
  expect(await folders.add({ ...folder, atMs: 2 }, files('b'))).toBe(false);
  expect(await paths()).toEqual([]);
  database.close();
});

test('a database of before folders were copied opens with all that was in it', async () => {
  const former = new Dexie('version 7');
  former.version(7).stores({
    claims: 'callKey, atMs',
    runs: 'runId, startedAtMs',
    aliases: 'sessionId',
    marks: 'mark',
    estimates: 'key, atMs',
    choices: 'sessionId, atMs',
    results: 'id, tier',
    resultBodies: 'id',
    consents: 'sessionId, atMs',
    egress: '++',
    texts: 'name',
    engines: 'sessionId, atMs',
  });
  await former.table('claims').put({ callKey: key, runId: 'a', atMs: 1 });
  await former.table('engines').put({ sessionId: 's', atMs: 1, state: new Uint8Array([7]) });
  former.close();
  const database = openDatabase('version 7');
  expect(await createClaims(database).claim(key, 'b' as RunId, 2)).toBe('a');
  expect(await database.engines.get('s')).toMatchObject({ bytes: 1, state: new Uint8Array([7]) });
  const folders = createCopiedFolders(database);
  const sessionId = 's' as SessionId;
  await folders.begin({ sessionId, target: 'p', handle: null, takesAll: false, atMs: 1 }, []);
  expect(await folders.of(sessionId)).toHaveLength(1);
  database.close();
});

test('machines of a conversation are there in the next host, as they were put last', async () => {
  const database = openDatabase('machines');
  const spec = { version: 1, name: 'big', image: 'alpine-dev', memoryMB: 200, cpuShare: 1, storageMB: 64 } as const;
  const machine = { ...spec, network: { isEnabled: true, origins: [], ports: [] }, volumes: [], environment: {} };
  const records = createMachineRecords(database);
  await records.put({ sessionId: 'a', machines: [], chosen: null, atMs: 1 });
  await records.put({ sessionId: 'a', machines: [machine], chosen: 'big', atMs: 3 });
  await records.put({ sessionId: 'b', machines: [machine], chosen: null, atMs: 2 });
  database.close();
  const again = openDatabase('machines');
  expect((await createMachineRecords(again).all()).map(({ sessionId, chosen }) => [sessionId, chosen])).toEqual([
    ['b', null],
    ['a', 'big'],
  ]);
  await createMachineRecords(again).remove('a' as SessionId);
  expect(await createMachineRecords(again).all()).toHaveLength(1);
  again.close();
});

test('when each engine was saved is known without its state', async () => {
  const database = openDatabase('times');
  let nowMs = 10;
  const engines = createSavedEngines(database, () => (nowMs += 1));
  await engines.save('a' as SessionId, new Uint8Array([1]));
  await engines.save('b' as SessionId, new Uint8Array([2]));
  await engines.save('a' as SessionId, new Uint8Array([3]));
  expect(await createSavedTimes(database)()).toEqual(
    new Map([
      ['b', 12],
      ['a', 13],
    ]),
  );
  database.close();
});
