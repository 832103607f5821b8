import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runWorld as world } from '../../tests/support/run-world.ts';
import { completed } from '../../tests/support/scripted-runner.ts';
import type { CallKey } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunEvent, RunRequest } from '../contracts/run.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a run goes through its states, passes its events on and ends once', async () => {
  const { runner, start, events, ended, history, busy } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  execution.emit({ kind: 'state', state: 'running' });
  execution.emit({ kind: 'output', stream: 'stdout', text: 'hi' });
  execution.emit({ kind: 'ended', outcome: completed });
  execution.finish();
  await ended(runId);
  execution.emit({ kind: 'output', stream: 'stdout', text: 'late' });
  expect(events.get(runId)).toEqual([
    { kind: 'state', state: 'waiting' },
    { kind: 'state', state: 'starting' },
    { kind: 'state', state: 'running' },
    { kind: 'output', stream: 'stdout', text: 'hi' },
    { kind: 'ended', outcome: completed },
  ]);
  expect(history.get(runId)?.outcome).toEqual(completed);
  expect(busy).toEqual([true, false]);
});

test('refuses what cannot be run, and starts nothing', async () => {
  const { service, request, runner } = world();
  const code = async (changes: Partial<RunRequest>) => {
    const started = await service.start(request('s', changes));
    return started.ok ? null : started.error.code;
  };
  expect(await code({ language: 'lua' })).toBe('run/language-unavailable');
  expect(await code({ code: 'x'.repeat(LIMITS.codeUtf16.standard + 1) })).toBe('run/code-too-large');
  expect(runner.opened).toEqual([]);
});

test('a call starts by itself once: not again, not by two at once, not after a press, not after a restart', async () => {
  const callKey = 'key' as CallKey;
  const first = world();
  const both = await Promise.all(
    [1, 2].map(() => first.service.start(first.request('s', { callKey, trigger: 'auto' }))),
  );
  expect(both.map((answer) => answer.ok).sort()).toEqual([false, true]);
  const second = world(first.claims);
  const again = await second.service.start(second.request('s', { callKey, trigger: 'auto' }));
  expect(again).toMatchObject({ ok: false, error: { code: 'run/already-started', detail: 'run-1' } });
  const pressed = 'pressed' as CallKey;
  await second.start('t', { callKey: pressed });
  expect(await second.service.start(second.request('t', { callKey: pressed, trigger: 'auto' }))).toMatchObject({
    ok: false,
  });
  await second.start('t', { callKey: pressed });
});

test('nothing starts by itself when that cannot be written down; a press does', async () => {
  const { service, request, claims } = world();
  claims.get = () => {
    throw new Error('disk');
  };
  const callKey = 'key' as CallKey;
  expect(await service.start(request('s', { callKey, trigger: 'auto' }))).toMatchObject({
    ok: false,
    error: { code: 'host/unavailable' },
  });
  claims.get = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const second = request('s', { callKey: 'another' as CallKey, trigger: 'auto' });
  expect(await service.start(second)).toMatchObject({ ok: false, error: { code: 'host/no-room' } });
  expect(await service.start(request('s', { callKey }))).toMatchObject({ ok: true });
});

test('one run at a time in a session, at most three at once, the session that waited longest first', async () => {
  const { runner, start } = world();
  for (const session of ['a', 'a', 'b', 'c', 'd']) await start(session);
  await runner.begun(3);
  expect(runner.executions.map(({ sessionId }) => sessionId)).toEqual(['a', 'b', 'c']);
  runner.executions[0]?.finish();
  await runner.begun(4);
  expect(runner.executions[3]?.sessionId).toBe('d');
  runner.executions[1]?.finish();
  await runner.begun(5);
  expect(runner.executions[4]?.sessionId).toBe('a');
});

test('the queue has an end', async () => {
  const { service, start, request } = world();
  for (let count = 0; count <= LIMITS.runsQueued.standard; count += 1) await start();
  expect(await service.start(request())).toMatchObject({ ok: false, error: { code: 'run/queue-full' } });
});

test('starts whose claims are being written count in the queue', async () => {
  const { service, request } = world();
  const started = await Promise.all(
    Array.from({ length: LIMITS.runsQueued.standard * 2 }, (_, n) =>
      service.start(request('s', { callKey: `k${n}` as CallKey })),
    ),
  );
  expect(started.filter((answer) => answer.ok)).toHaveLength(LIMITS.runsQueued.standard);
});

test('Stop takes a waiting run out; it never begins', async () => {
  const { runner, service, start, outcomes } = world();
  await start();
  const second = await start();
  const execution = await runner.begun(1);
  expect(service.stop(second)).toEqual({ ok: true, value: null });
  expect(outcomes(second)).toMatchObject([{ kind: 'cancelled', by: 'person', timeMs: 0 }]);
  execution.finish();
  await vi.advanceTimersByTimeAsync(1);
  expect(runner.executions).toHaveLength(1);
  expect(service.stop(second)).toMatchObject({ ok: false, error: { code: 'run/not-found' } });
});

test('Stop while the engine starts ends the run at once', async () => {
  const { runner, service, start, ended } = world();
  runner.nextOpening = 'never';
  const runId = await start();
  await vi.advanceTimersByTimeAsync(10);
  service.stop(runId);
  expect(await ended(runId)).toMatchObject({ kind: 'cancelled' });
});

test('Stop is passed on; a runner that obeys keeps its session', async () => {
  const { runner, service, start, ended, pool } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  service.stop(runId);
  expect(execution.signal.aborted).toBe(true);
  execution.finish({ kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 1 });
  expect(await ended(runId)).toMatchObject({ kind: 'cancelled', sessionLost: false });
  expect(pool.all()).toHaveLength(1);
});

test('a runner that ignores Stop is ended by force', async () => {
  const { runner, service, start, ended } = world();
  const runId = await start();
  await runner.begun(1);
  service.stop(runId);
  await vi.advanceTimersByTimeAsync(LIMITS.stopGraceMs.standard + 501);
  expect(await ended(runId)).toMatchObject({ kind: 'cancelled', sessionLost: true });
  expect(runner.disposed).toEqual(['s']);
});

test('a runner that ignores its limit is ended within two seconds of it, and the next run works', async () => {
  const { runner, start, ended } = world();
  const runId = await start();
  await runner.begun(1);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await ended(runId)).toMatchObject({ kind: 'timedOut', limitMs: 5_000, sessionLost: true });
  expect(runner.disposed).toEqual(['s']);
  const next = await start();
  (await runner.begun(2)).finish();
  expect(await ended(next)).toEqual(completed);
});

test('the time in which a person is asked does not count', async () => {
  const { runner, service, start, outcomes, ended } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  execution.emit({ kind: 'input', prompt: '?', isSecret: false });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(outcomes(runId)).toEqual([]);
  service.answerInput(runId, 'yes');
  expect(runner.answers).toEqual(['yes']);
  execution.emit({ kind: 'inputAnswered' });
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await ended(runId)).toMatchObject({ kind: 'timedOut' });
});

test('a run that waits for a person gives its place away; only so many do', async () => {
  const { runner, start } = world();
  const most = LIMITS.runsAtOnce.standard + LIMITS.runsAskingAtOnce.standard;
  for (let n = 0; n < most + 2; n += 1) await start(`s${n}`);
  for (let n = 1; n <= most; n += 1) {
    (await runner.begun(n)).emit({ kind: 'input', prompt: '?', isSecret: false });
  }
  await vi.advanceTimersByTimeAsync(1);
  expect(runner.executions).toHaveLength(most);
  runner.executions[0]?.finish();
  await runner.begun(most + 1);
  expect(runner.executions).toHaveLength(most + 1);
});

test('an input that nobody answers is closed after half an hour', async () => {
  const { runner, start, events, ended } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  execution.emit({ kind: 'input', prompt: '?', isSecret: false });
  await vi.advanceTimersByTimeAsync(LIMITS.inputWaitMs.standard - 1);
  expect(runner.answers).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(runner.answers).toEqual([null]);
  expect(events.get(runId)?.some((event) => event.kind === 'notice')).toBe(true);
  execution.emit({ kind: 'inputAnswered' });
  execution.finish();
  await ended(runId);
  execution.emit({ kind: 'input', prompt: 'after the end', isSecret: false });
  expect(vi.getTimerCount()).toBe(1); // the idle session's
});

test.each([
  ['fails', 'box/self-test-failed'],
  ['throws', 'runner/start-failed'],
] as const)('an engine whose start %s ends the run as crashed', async (opening, code) => {
  const { runner, start, ended } = world();
  runner.nextOpening = opening;
  expect(await ended(await start())).toMatchObject({ kind: 'crashed', code });
  runner.nextOpening = 'opens';
  const next = await start();
  (await runner.begun(1)).finish();
  expect(await ended(next)).toEqual(completed);
});

test('an engine that never starts is given up', async () => {
  const { runner, start, ended } = world();
  runner.nextOpening = 'never';
  const runId = await start();
  await vi.advanceTimersByTimeAsync(LIMITS.sessionStartMs.standard + 1);
  expect(await ended(runId)).toMatchObject({ kind: 'crashed', code: 'runner/start-failed' });
});

test('a runner that throws crashed; its session is thrown away', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { runner, start, ended } = world();
  const runId = await start();
  (await runner.begun(1)).throwError(new Error('bug'));
  expect(await ended(runId)).toMatchObject({ kind: 'crashed', code: 'runner/crashed', sessionLost: true });
  expect(runner.disposed).toEqual(['s']);
  error.mockRestore();
});

test('a flood of output, displays or artifacts is cut and said once', async () => {
  const { runner, start, events, ended } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  const text = 'x'.repeat(1024 * 1024);
  for (let count = 0; count < 40; count += 1) execution.emit({ kind: 'output', stream: 'stdout', text });
  const artifact = { id: '1', kind: 'file', name: 'a', path: '/mnt/data/a', mime: 'x/y', bytes: 1 } as const;
  for (let count = 0; count < 500; count += 1) execution.emit({ kind: 'artifact', artifact });
  execution.finish();
  await ended(runId);
  const kinds = (events.get(runId) ?? []).map((event) => event.kind);
  const count = (kind: RunEvent['kind']) => kinds.filter((one) => one === kind).length;
  expect(count('output')).toBe(16);
  expect(count('truncated')).toBe(1);
  expect(count('artifact')).toBe(LIMITS.artifactCount.standard);
});

test('tables count as what they hold', async () => {
  const { runner, start, events, ended } = world();
  const runId = await start();
  const execution = await runner.begun(1);
  const row = Array.from({ length: 100 }, () => 'x'.repeat(4_000));
  const rows = Array.from({ length: 100 }, () => row);
  const table = { title: null, columns: [], types: [], rows, index: null, totalRows: 1, totalColumns: 1 };
  for (let count = 0; count < 4; count += 1) {
    execution.emit({ kind: 'display', display: { id: String(count), data: {}, table, artifact: null } });
  }
  execution.finish();
  await ended(runId);
  const kinds = (events.get(runId) ?? []).map((event) => event.kind);
  expect(kinds.filter((kind) => kind === 'display')).toHaveLength(1);
  expect(kinds).toContain('truncated');
});

test('when the host ends, everything ends', async () => {
  const { runner, service, start, outcomes } = world();
  const running = await start('a');
  const waiting = await start('a');
  await runner.begun(1);
  service.stopAll();
  await vi.advanceTimersByTimeAsync(LIMITS.stopGraceMs.standard + 501);
  expect(outcomes(running)).toMatchObject([{ kind: 'cancelled', by: 'world' }]);
  expect(outcomes(waiting)).toMatchObject([{ kind: 'cancelled', by: 'world' }]);
  expect(runner.disposed).toEqual(['a']);
  expect(vi.getTimerCount()).toBe(0);
});
