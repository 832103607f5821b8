import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordsInMemory } from '../../tests/support/records-in-memory.ts';
import { completed, createScriptedRunner, noBoxes, noFiles } from '../../tests/support/scripted-runner.ts';
import type { CallKey, RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { RunEvent, RunRequest, RunSummary } from '../contracts/run.ts';
import { RunService } from './run-service.ts';
import { SessionPool } from './session-pool.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function world(claims = new Map<CallKey, RunId>(), records = recordsInMemory()) {
  const runner = createScriptedRunner();
  const events = new Map<RunId, RunEvent[]>();
  const history = new Map<RunId, RunSummary>();
  const busy: boolean[] = [];
  const waiting = new Set<() => void>();
  const pool = new SessionPool({ boxes: noBoxes, filesOf: () => noFiles, records });
  let lastId = 0;
  const service = new RunService({
    runners: [runner],
    pool,
    claims: {
      claim: async (key, runId) => {
        const earlier = claims.get(key) ?? null;
        if (earlier === null) claims.set(key, runId);
        return earlier;
      },
    },
    history: {
      started: async (summary) => void history.set(summary.runId, summary),
      ended: async (runId, outcome) => {
        const row = history.get(runId);
        if (row) history.set(runId, { ...row, outcome });
      },
      recent: async () => [...history.values()],
      endAbandoned: async () => 0,
    },
    onAdmitted: (runId) => events.set(runId, []),
    onEvent: (runId, event) => {
      events.get(runId)?.push(event);
      for (const look of waiting) look();
    },
    onBusy: (isBusy) => busy.push(isBusy),
    now: () => 1,
    createRunId: () => `run-${(lastId += 1)}` as RunId,
  });
  const request = (session = 's', changes: Partial<RunRequest> = {}): RunRequest => ({
    sessionId: session as SessionId,
    language: 'python',
    code: 'x',
    callKey: null,
    trigger: 'press',
    limits: { timeMs: 5_000, memoryMB: 256 },
    stdin: null,
    ...changes,
  });
  const start = async (session?: string, changes?: Partial<RunRequest>): Promise<RunId> => {
    const started = await service.start(request(session, changes));
    if (!started.ok) throw new Error(started.error.code);
    return started.value.runId;
  };
  const outcomes = (runId: RunId) =>
    (events.get(runId) ?? []).flatMap((event) => (event.kind === 'ended' ? [event.outcome] : []));
  const ended = (runId: RunId) =>
    new Promise<Outcome>((resolve) => {
      const look = () => {
        const [outcome] = outcomes(runId);
        if (outcome !== undefined) resolve(outcome);
      };
      waiting.add(look);
      look();
    });
  return { runner, pool, service, request, start, events, outcomes, ended, history, busy, claims, records };
}

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
  expect(await service.start(request('s', { callKey }))).toMatchObject({ ok: true });
});

test('one run at a time in a session, in order; at most three at once', async () => {
  const { runner, start } = world();
  for (const session of ['a', 'a', 'b', 'c', 'd']) await start(session);
  await runner.begun(3);
  expect(runner.executions.map(({ sessionId }) => sessionId)).toEqual(['a', 'b', 'c']);
  runner.executions[0]?.finish();
  await runner.begun(4);
  expect(runner.executions[3]?.sessionId).toBe('a');
  runner.executions[1]?.finish();
  await runner.begun(5);
  expect(runner.executions[4]?.sessionId).toBe('d');
});

test('the queue has an end', async () => {
  const { service, start, request } = world();
  for (let count = 0; count <= LIMITS.runsWaiting.standard; count += 1) await start();
  expect(await service.start(request())).toMatchObject({ ok: false, error: { code: 'run/queue-full' } });
});

test('starts whose claims are being written count in the queue', async () => {
  const { service, request } = world();
  const started = await Promise.all(
    Array.from({ length: LIMITS.runsWaiting.standard * 2 }, (_, n) =>
      service.start(request('s', { callKey: `k${n}` as CallKey })),
    ),
  );
  expect(started.filter((answer) => answer.ok)).toHaveLength(LIMITS.runsWaiting.standard);
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

test('a session keeps its variables between runs, until it is idle too long', async () => {
  const { runner, start, ended, events } = world();
  const first = await start();
  (await runner.begun(1)).finish();
  await ended(first);
  const second = await start();
  (await runner.begun(2)).finish();
  await ended(second);
  expect(runner.opened).toEqual(['s']);
  await vi.advanceTimersByTimeAsync(LIMITS.sessionIdleMs.standard + 1);
  expect(runner.disposed).toEqual(['s']);
  const third = await start();
  await runner.begun(3);
  expect(runner.opened).toEqual(['s', 's']);
  expect(events.get(third)?.some((event) => event.kind === 'notice')).toBe(true);
});

test('after the end of the host the first run says that variables are gone, once', async () => {
  const notices = (of: ReturnType<typeof world>, runId: RunId) =>
    (of.events.get(runId) ?? []).filter((event) => event.kind === 'notice').length;
  const run = async (of: ReturnType<typeof world>, count: number) => {
    const runId = await of.start();
    (await of.runner.begun(count)).finish();
    await of.ended(runId);
    return notices(of, runId);
  };
  const first = world();
  expect(await run(first, 1)).toBe(0);
  first.pool.endAll();
  const second = world(new Map(), first.records);
  expect(await run(second, 1)).toBe(1);
  expect(await run(second, 2)).toBe(0);
  second.service.restartSession('s' as SessionId);
  const third = world(new Map(), first.records);
  expect(await run(third, 1)).toBe(0);
});

test('a run goes on though it cannot be noted what the session has', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { runner, start, ended, records } = world();
  records.hasMark = records.setMark = () => Promise.reject(new Error('disk'));
  const runId = await start();
  (await runner.begun(1)).finish();
  expect(await ended(runId)).toEqual(completed);
  warn.mockRestore();
});

test('with too many sessions the one unused longest is ended, never one at work', async () => {
  const { runner, start, ended } = world();
  await start('busy');
  await runner.begun(1);
  for (const [index, session] of ['a', 'b', 'c', 'd'].entries()) {
    const runId = await start(session);
    (await runner.begun(index + 2)).finish();
    await ended(runId);
  }
  expect(runner.disposed).toEqual(['a']);
});

test('restart stops the session and forgets it; others go on', async () => {
  const { runner, service, start, ended, outcomes } = world();
  const mine = await start('mine');
  const other = await start('other');
  await runner.begun(2);
  service.restartSession('mine' as SessionId);
  expect(runner.disposed).toEqual(['mine']);
  await vi.advanceTimersByTimeAsync(LIMITS.stopGraceMs.standard + 501);
  expect(await ended(mine)).toMatchObject({ kind: 'cancelled' });
  expect(outcomes(other)).toEqual([]);
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
