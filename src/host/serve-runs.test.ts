import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { doorContract } from '../../tests/support/door-contract.ts';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import { CHAT as CONVERSATION, pressed as request } from '../../tests/support/run-request.ts';
import { until } from '../../tests/support/until.ts';
import { RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { RunsDoor } from '../contracts/doors/runs.ts';
import type { CallKey, RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { RunLogs } from './run-log.ts';
import type { NumberedRunEvent, RunRequest } from '../contracts/run.ts';

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

async function start(door: RunsDoor, changes: Partial<RunRequest> = {}): Promise<RunId> {
  const started = await door.start(request(changes));
  if (!started.ok) throw new Error(started.error.code);
  return started.value.runId;
}

function watch(door: RunsDoor, runId: RunId, after = 0) {
  const events: NumberedRunEvent[] = [];
  const end = Promise.withResolvers<string>();
  door.watch({
    runId,
    after,
    onEvent: (event) => {
      events.push(event);
      if (event.event.kind === 'ended') end.resolve(event.event.outcome.kind);
    },
    onLost: (error) => end.resolve(error.code),
    signal: ending.signal,
  });
  return { events, end: end.promise };
}

test('a call goes from the page to the runner, and its events come back numbered', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const runId = await start(door);
  const { events, end } = watch(door, runId);
  const execution = await host.runner.begun(1);
  expect(execution.request).toMatchObject({ code: 'print(1)', limits: { timeMs: 30_000 } });
  execution.emit({ kind: 'output', stream: 'stdout', text: '1\n' });
  execution.finish();
  expect(await end).toBe('completed');
  expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
  expect(events.map(({ event }) => event.kind)).toEqual(['state', 'state', 'state', 'output', 'ended']);
});

test('events go on at the next number though every link breaks while it runs', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const { events, end } = watch(door, await start(door));
  const execution = await host.runner.begun(1);
  for (let round = 0; round < 10; round += 1) {
    execution.emit({ kind: 'output', stream: round % 2 ? 'stdout' : 'stderr', text: `${round}\n` });
    host.board.cutAll();
    await door.status({});
  }
  execution.finish();
  expect(await end).toBe('completed');
  expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
  const text = events.map(({ event }) => (event.kind === 'output' ? event.text : '')).join('');
  expect(text).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
});

test('one call in two tabs runs once, and the second tab can follow it', async () => {
  const host = hostInMemory(ending.signal);
  const [one, other] = [host.fromTab(1), host.fromTab(2)];
  const call = { callKey: 'k' as CallKey, trigger: 'auto' } as const;
  const runId = await start(one, call);
  const second = await other.start(request(call));
  expect(second).toMatchObject({ ok: false, error: { code: 'run/already-started', detail: runId } });
  const { end } = watch(other, runId);
  (await host.runner.begun(1)).finish();
  expect(await end).toBe('completed');
});

test('input is asked for and answered through the door; Stop stops', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const runId = await start(door);
  const { end, events } = watch(door, runId);
  const execution = await host.runner.begun(1);
  const ask = async (nth: number) => {
    execution.emit({ kind: 'input', prompt: 'name?', isSecret: false });
    const asked = () => events.filter(({ event }) => event.kind === 'input');
    await until(() => expect(asked()).toHaveLength(nth));
    return asked().at(-1)?.n ?? 0;
  };
  const question = await ask(1);
  expect(await door.answerInput({ runId, question, text: 'Ada' })).toMatchObject({ ok: true });
  execution.emit({ kind: 'inputAnswered' });
  const stale = { ok: false, error: { code: 'run/not-asking' } };
  expect(await host.fromTab(1).answerInput({ runId, question, text: 'nobody asks' })).toMatchObject(stale);
  const second = await ask(2);
  // Typed for the first question, in a tab that was slower.
  expect(await host.fromTab(1).answerInput({ runId, question, text: 'late' })).toMatchObject(stale);
  expect(await door.answerInput({ runId, question: second, text: null })).toMatchObject({ ok: true });
  expect(host.runner.answers).toEqual(['Ada', null]);
  expect(await door.stop({ runId })).toMatchObject({ ok: true });
  expect(execution.signal.aborted).toBe(true);
  execution.finish({ kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 1 });
  expect(await end).toBe('cancelled');
});

test('files go in, are listed, come out and go', async () => {
  const door = hostInMemory(ending.signal).fromTab(1);
  const sessionId = CONVERSATION;
  const bytes = Uint8Array.from({ length: 1_500_000 }, (_, index) => index % 256);
  expect(await door.addFile({ sessionId, name: 'big.bin', bytes })).toMatchObject({ value: { sizeBytes: 1_500_000 } });
  await door.addFile({ sessionId, name: '/mnt/data/in/a.txt', bytes: new Uint8Array([65]) });
  await door.addFile({ sessionId, name: 'empty', bytes: new Uint8Array(0) });
  // What a runner keeps beside them is no file of the person's.
  await door.addFile({ sessionId, name: '.output/run-1.txt', bytes: new Uint8Array(1) });
  const listed = await door.listFiles({ sessionId });
  expect(listed.ok && listed.value.map((stat) => stat.path).sort()).toEqual(['big.bin', 'empty', 'in/a.txt']);
  const read = await door.readFile({ sessionId, path: '/mnt/data/big.bin' });
  expect(read.ok && Buffer.compare(read.value.bytes, bytes)).toBe(0);
  const rest = await door.readFile({ sessionId, path: 'big.bin', position: 1_000_000 });
  expect(rest.ok && Buffer.compare(rest.value.bytes, bytes.subarray(1_000_000))).toBe(0);
  expect(await door.readFile({ sessionId, path: 'big.bin', position: 1_500_000 })).toMatchObject({
    value: { bytes: new Uint8Array(0) },
  });
  expect(await door.readFile({ sessionId, path: 'empty' })).toMatchObject({ value: { bytes: new Uint8Array(0) } });
  await door.addFile({ sessionId, name: 'in/a.txt', bytes: new Uint8Array(0) });
  expect(await door.readFile({ sessionId, path: 'in/a.txt' })).toMatchObject({ value: { bytes: new Uint8Array(0) } });
  expect(await door.removeFile({ sessionId, path: 'big.bin' })).toMatchObject({ ok: true });
  expect(await door.readFile({ sessionId, path: 'big.bin' })).toMatchObject({ error: { code: 'files/not-found' } });
  expect(await door.readFile({ sessionId, path: 'in' })).toMatchObject({ error: { code: 'files/bad-path' } });
});

test('no path leaves the session', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  for (const path of ['../x', '/etc/passwd', 'a/../../x', '/mnt/data/../x', '/mnt/data']) {
    const added = await door.addFile({ sessionId: CONVERSATION, name: path, bytes: new Uint8Array(1) });
    expect(added).toMatchObject({ ok: false, error: { code: 'files/bad-path' } });
    expect(await door.readFile({ sessionId: CONVERSATION, path })).toMatchObject({ ok: false });
  }
  expect(await host.trees.get(CONVERSATION)?.all()).toEqual([]);
});

test('warm reaches the runner; the extension sees what ran', async () => {
  const host = hostInMemory(ending.signal);
  expect(await host.fromTab(1).warm({ language: 'python' })).toMatchObject({ ok: true });
  expect(host.runner.warmed).toBe(1);
  await start(host.fromTab(1));
  const recent = await host.fromOwnPage().recentRuns({ most: 10 });
  expect(recent.ok && recent.value.map((run) => run.sessionId)).toEqual([CONVERSATION]);
});

test('a tab sees and steers only what it has named', async () => {
  const host = hostInMemory(ending.signal);
  const [mine, other] = [host.fromTab(1), host.fromTab(2)];
  const runId = await start(mine);
  await host.runner.begun(1);
  expect(await other.stop({ runId })).toMatchObject({ ok: false, error: { code: 'run/not-found' } });
  expect(await other.hurry({ runId })).toMatchObject({ ok: false, error: { code: 'run/not-found' } });
  expect(await mine.hurry({ runId })).toEqual({ ok: true, value: null });
  expect(await other.answerInput({ runId, question: 1, text: 'x' })).toMatchObject({
    ok: false,
    error: { code: 'run/not-found' },
  });
  expect(await watch(other, runId).end).toBe('run/not-found');
  expect(await other.status({})).toMatchObject({ value: { sessions: [], activeRuns: [] } });
  expect(await mine.status({})).toMatchObject({
    value: { sessions: [{ sessionId: CONVERSATION }], activeRuns: [runId] },
  });
  expect(await host.fromOwnPage().status({})).toMatchObject({ value: { activeRuns: [runId] } });
});

test('sessions of the extension itself cannot be named by the site', async () => {
  const host = hostInMemory(ending.signal);
  const sessionId = 'page:exec' as SessionId;
  const own = host.fromOwnPage();
  await own.addFile({ sessionId, name: 'secret', bytes: new Uint8Array([1]) });
  const door = host.fromTab(1);
  const refused = { ok: false, error: { code: 'door/forbidden' } };
  expect(await door.start(request({ sessionId }))).toMatchObject(refused);
  expect(await door.readFile({ sessionId, path: 'secret' })).toMatchObject(refused);
  expect(await door.listFiles({ sessionId })).toMatchObject(refused);
  expect(await door.restartSession({ sessionId })).toMatchObject(refused);
  expect(await own.readFile({ sessionId, path: 'secret' })).toMatchObject({ ok: true });
});

test('the site starts only so many runs a minute, over all tabs; the extension is not held up', async () => {
  const host = hostInMemory(ending.signal);
  const codes: (string | null)[] = [];
  for (let count = 0; count <= LIMITS.runsPerMinuteFromPage.standard; count += 1) {
    const started = await host.fromTab(count % 3).start(request());
    codes.push(started.ok ? null : started.error.code);
  }
  expect(codes.filter((code) => code === null)).toHaveLength(LIMITS.runsPerMinuteFromPage.standard);
  expect(codes.at(-1)).toBe('run/rate-limited');
  expect(await host.fromOwnPage().start(request())).toMatchObject({ ok: true });
});

test('a tab names only so many sessions', async () => {
  const door = hostInMemory(ending.signal).fromTab(1);
  for (let count = 0; count < LIMITS.sessionsNamedPerTab.standard; count += 1) {
    await door.listFiles({ sessionId: `c${count}` as SessionId });
  }
  expect(await door.listFiles({ sessionId: 'one more' as SessionId })).toMatchObject({
    error: { code: 'door/forbidden' },
  });
  expect(await door.listFiles({ sessionId: 'c3' as SessionId })).toMatchObject({ ok: true });
});

test('a call finds its latest run again, live or ended, from any tab that knows its key', async () => {
  const host = hostInMemory(ending.signal);
  const callKey = 'k' as CallKey;
  const door = host.fromTab(1);
  expect(await door.findRun({ callKey })).toEqual({ ok: true, value: null });
  await start(door, { callKey });
  (await host.runner.begun(1)).finish();
  const second = await start(door, { callKey });
  const other = host.fromTab(2);
  expect(await other.findRun({ callKey })).toEqual({ ok: true, value: { runId: second, isActive: true } });
  const { end } = watch(other, second);
  (await host.runner.begun(2)).finish();
  expect(await end).toBe('completed');
  expect(await other.findRun({ callKey })).toEqual({ ok: true, value: { runId: second, isActive: false } });
});

test('of many calls those are told that ran, with the program of their latest run', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const one = 'one' as CallKey;
  const two = 'two' as CallKey;
  await start(door, { callKey: one, code: 'first' });
  await start(door, { callKey: one, code: 'second' });
  await start(host.fromOwnPage(), { callKey: 'own' as CallKey, sessionId: 'page:exec' as SessionId });
  const asked = { callKeys: [one, two, 'own' as CallKey] };
  const known = { callKey: one, language: 'python', code: 'second' };
  expect(await host.fromTab(2).knownRuns(asked)).toEqual({ ok: true, value: [known] });
  expect(await host.fromOwnPage().knownRuns(asked)).toMatchObject({ value: [known, { callKey: 'own' }] });
});

test('who waits for the run of a call hears of it as soon as another tab starts it', async () => {
  const host = hostInMemory(ending.signal);
  const callKey = 'k' as CallKey;
  const [other, door] = [host.fromTab(2), host.fromTab(1)];
  const found = [1, 2].map(() => other.findRun({ callKey, isAwaited: true }));
  await start(door, { callKey: 'another' as CallKey });
  const runId = await start(door, { callKey });
  expect(await Promise.all(found)).toEqual([1, 2].map(() => ({ ok: true, value: { runId, isActive: true } })));
  expect(await other.findRun({ callKey, isAwaited: true })).toMatchObject({ value: { runId } });
});

test('who waits for a run that never starts is told so in the end', async () => {
  vi.useFakeTimers();
  const logs = new RunLogs(() => 0);
  const heard = vi.fn();
  void logs.opened('k' as CallKey, { mostMs: 20_000, signal: ending.signal }).then(heard);
  await vi.advanceTimersByTimeAsync(19_999);
  expect(heard).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test('runs of the extension itself are not found by the site', async () => {
  const host = hostInMemory(ending.signal);
  const callKey = 'own' as CallKey;
  await start(host.fromOwnPage(), { callKey, sessionId: 'page:exec' as SessionId });
  expect(await host.fromTab(1).findRun({ callKey })).toEqual({ ok: true, value: null });
  expect(await host.fromOwnPage().findRun({ callKey })).toMatchObject({ value: { isActive: true } });
});

test('a page session goes on under its conversation id: files, marks, engine, runs', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const [from, to] = ['chat:x' as SessionId, CONVERSATION];
  await door.addFile({ sessionId: from, name: 'a.csv', bytes: new Uint8Array([1]) });
  const early = await start(door, { sessionId: from });
  expect(await door.adoptSession({ from, to })).toEqual({ ok: true, value: { adopted: true } });
  expect(await door.adoptSession({ from, to })).toEqual({ ok: true, value: { adopted: true } });
  expect(await door.readFile({ sessionId: to, path: 'a.csv' })).toMatchObject({ ok: true });
  expect(await host.fromTab(2).sessionFacts({ sessionId: to })).toMatchObject({ value: { hasPrivateFiles: true } });
  await start(door, { sessionId: to });
  (await host.runner.begun(1)).finish();
  await watch(door, early).end;
  await host.runner.begun(2);
  expect(host.runner.opened).toEqual([from]);
  expect(await door.status({})).toMatchObject({ value: { sessions: [{ sessionId: to }] } });
  const recent = await host.fromOwnPage().recentRuns({ most: 10 });
  expect(recent.ok && recent.value.map(({ sessionId }) => sessionId)).toEqual([to, to]);
});

test('a session that was used is not given to another; names of others are refused', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const from = 'chat:x' as SessionId;
  const adopted = (to: string) => door.adoptSession({ from, to: to as SessionId });
  const kept = { ok: true, value: { adopted: false } };
  await door.addFile({ sessionId: 'files' as SessionId, name: 'a', bytes: new Uint8Array(1) });
  expect(await adopted('files')).toEqual(kept);
  await start(door, { sessionId: 'running' as SessionId });
  expect(await adopted('running')).toEqual(kept);
  await host.records.setMark('past' as SessionId, 'variables', true);
  expect(await adopted('past')).toEqual(kept);
  await host.engineFromOwnPage().allowHosts({ sessionId: 'allowed' as SessionId, hosts: ['example.org'] });
  expect(await adopted('allowed')).toEqual(kept);
  await door.choose({ sessionId: 'chosen' as SessionId, raise: 'runTimeMs' });
  expect(await adopted('chosen')).toEqual(kept);
  const refused = { ok: false, error: { code: 'door/forbidden' } };
  expect(await adopted('chat:y')).toMatchObject(refused);
  expect(await adopted('page:exec')).toMatchObject(refused);
  const foreign = { from: 'someone' as SessionId, to: 'mine' as SessionId };
  expect(await door.adoptSession(foreign)).toMatchObject(refused);
  expect(await door.adoptSession({ ...foreign, from: 'page:exec' as SessionId })).toMatchObject(refused);
  await door.adoptSession({ from, to: 'taken' as SessionId });
  expect(await door.adoptSession({ from: 'chat:z' as SessionId, to: 'taken' as SessionId })).toEqual(kept);
});

test('a file that a person added marks its session before its bytes are written', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const sessionId = CONVERSATION;
  expect(await door.sessionFacts({ sessionId })).toMatchObject({ ok: true, value: { hasPrivateFiles: false } });
  await door.addFile({ sessionId, name: 'a', bytes: new Uint8Array(1) });
  await door.removeFile({ sessionId, path: 'a' });
  expect(await host.fromOwnPage().sessionFacts({ sessionId })).toMatchObject({
    ok: true,
    value: { hasPrivateFiles: true },
  });
  host.records.setMark = () => Promise.reject(new Error('disk'));
  const unmarked = 'other' as SessionId;
  expect(await door.addFile({ sessionId: unmarked, name: 'a', bytes: new Uint8Array(1) })).toMatchObject({
    error: { code: 'host/unavailable' },
  });
  expect(await door.listFiles({ sessionId: unmarked })).toEqual({ ok: true, value: [] });
});

test('a call that cannot start for want of room is told what takes it', async () => {
  const host = hostInMemory(ending.signal);
  host.claims.get = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  expect(await host.fromTab(1).start(request({ trigger: 'auto', callKey: 'c|m' as CallKey }))).toMatchObject({
    ok: false,
    error: { code: 'host/no-room', detail: 'What is kept.' },
  });
});

test('without a database a press runs, and nothing is said about private files', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  host.records.storedAs = () => Promise.reject(new Error('disk'));
  await start(door);
  await host.runner.begun(1);
  const unavailable = { ok: false, error: { code: 'host/unavailable' } };
  expect(await door.sessionFacts({ sessionId: CONVERSATION })).toMatchObject(unavailable);
  expect(await door.addFile({ sessionId: CONVERSATION, name: 'a', bytes: new Uint8Array(1) })).toMatchObject(
    unavailable,
  );
});

test('tabs that were silent longest are forgotten', async () => {
  const host = hostInMemory(ending.signal);
  const runId = await start(host.fromTab(1));
  await host.runner.begun(1);
  for (let tab = 2; tab <= LIMITS.tabsRemembered.standard; tab += 1) {
    await host.fromTab(tab).listFiles({ sessionId: CONVERSATION });
  }
  expect(await host.fromTab(1).status({})).toMatchObject({ value: { activeRuns: [runId] } });
  await host.fromTab(0).listFiles({ sessionId: CONVERSATION });
  expect(await host.fromTab(1).status({})).toMatchObject({ value: { activeRuns: [] } });
  await host.fromTab(1).listFiles({ sessionId: CONVERSATION });
  expect(await host.fromTab(1).stop({ runId })).toMatchObject({ ok: true });
});

doorContract('host', () => {
  const host = hostInMemory(ending.signal);
  return {
    door: RUNS_PORT,
    connect: (sender) => host.board.connect(RUNS_PORT, sender),
    good: { method: 'start', body: request() },
    forbiddenForSite: 'recentRuns',
    handled: () => host.history.size,
  };
});
