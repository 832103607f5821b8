import { expect, test } from 'vitest';
import { recordsInMemory } from '../../tests/support/records-in-memory.ts';
import { estimatesInMemory } from '../../tests/support/run-records-in-memory.ts';
import { runWorld as world } from '../../tests/support/run-world.ts';
import { completed } from '../../tests/support/scripted-runner.ts';
import type { CallKey, RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { ownerOfFiles } from './index.ts';

const failed: Outcome = {
  ...completed,
  kind: 'completed',
  exitCode: 1,
  result: null,
  error: {
    code: 'python/exception',
    title: 'ValueError',
    message: 'no',
    traceback: null,
    line: 3,
    column: null,
    suggestions: [],
  },
};

test('a thousand queued runs end with no loss and no order mistake', async () => {
  const { runner, start, ended } = world();
  const runIds: RunId[] = [];
  for (let n = 0; n < 1_000; n += 1) runIds.push(await start(`s${n % 7}`, { code: String(n) }));
  const all = Promise.all(runIds.map(ended));
  for (let n = 1; n <= 1_000; n += 1) (await runner.begun(n)).finish();
  expect((await all).every(({ kind }) => kind === 'completed')).toBe(true);
  expect(runner.executions).toHaveLength(1_000);
  for (let session = 0; session < 7; session += 1) {
    const codes = runner.executions.filter(({ sessionId }) => sessionId === `s${session}`);
    const order = codes.map(({ request }) => Number(request.code));
    expect(order).toEqual([...order].sort((one, other) => one - other));
  }
});

test('runs of a session keep the order asked for though the first has more to write down', async () => {
  const slow = Promise.withResolvers<undefined>();
  const { runner, service, request } = world(new Map(), recordsInMemory(), { claimsAfter: slow.promise });
  const starts = [
    service.start(request('s', { code: 'first', callKey: 'k' as CallKey })),
    service.start(request('s', { code: 'second' })),
  ];
  // Time enough for the second to go by, were it not held back.
  for (let turn = 0; turn < 20; turn += 1) await crypto.subtle.digest('SHA-256', new Uint8Array(1));
  expect(runner.executions).toEqual([]);
  slow.resolve(undefined);
  await Promise.all(starts);
  (await runner.begun(1)).finish();
  await runner.begun(2);
  expect(runner.executions.map(({ request: { code } }) => code)).toEqual(['first', 'second']);
});

test('code that waits is bounded in all', async () => {
  const { service, request, start } = world();
  const code = 'x'.repeat(LIMITS.codeUtf16.standard);
  await start('s', { code });
  for (let n = 0; n < 64; n += 1) await start('s', { code });
  expect(await service.start(request('s', { code }))).toMatchObject({ ok: false, error: { code: 'run/queue-full' } });
});

test('a run begins after those it depends on, and is refused when one of them fails', async () => {
  const { runner, start, ended } = world();
  const first = await start('a');
  const good = await start('b', { dependsOn: [first] });
  const bad = await start('c', { dependsOn: [good] });
  (await runner.begun(1)).finish();
  (await runner.begun(2)).finish(failed);
  expect(await ended(good)).toEqual(failed);
  expect(await ended(bad)).toMatchObject({ kind: 'refused', code: 'run/dependency-failed', detail: good });
  expect(runner.executions).toHaveLength(2);
});

test('a dependency that failed before or that nobody knows refuses the start, and claims nothing', async () => {
  const { runner, service, request, start, ended, claims } = world();
  const first = await start('a');
  (await runner.begun(1)).finish(failed);
  await ended(first);
  for (const id of [first, 'nobody' as RunId]) {
    const asked = request('b', { dependsOn: [id], callKey: 'k' as CallKey, trigger: 'auto' });
    expect(await service.start(asked)).toMatchObject({ error: { code: 'run/dependency-failed', detail: id } });
  }
  expect(claims.size).toBe(0);
});

test('a run of an earlier host can be depended on', async () => {
  const { service, request, history, runner } = world();
  const row = { sessionId: 's' as SessionId, callKey: null, language: 'python', startedAtMs: 1 } as const;
  history.set('old' as RunId, { ...row, runId: 'old' as RunId, outcome: completed });
  history.set('lost' as RunId, { ...row, runId: 'lost' as RunId, outcome: failed });
  expect(await service.start(request('s', { dependsOn: ['old' as RunId] }))).toMatchObject({ ok: true });
  await runner.begun(1);
  expect(await service.start(request('s', { dependsOn: ['lost' as RunId] }))).toMatchObject({ ok: false });
});

test('concurrent runs of a session get engines of their own, which see its files and end with them', async () => {
  const { runner, start, ended, pool } = world();
  const own = await start('s');
  const beside = await start('s', { strategy: 'concurrent' });
  const execution = await runner.begun(2);
  expect(runner.opened[0]).toBe('s');
  expect(runner.opened[1]).not.toBe('s');
  expect(ownerOfFiles(runner.opened[1] as SessionId)).toBe('s');
  execution.finish();
  await ended(beside);
  expect(runner.disposed).toEqual([runner.opened[1]]);
  runner.executions[0]?.finish();
  await ended(own);
  expect(pool.all().map(({ sessionId }) => sessionId)).toEqual(['s']);
});

test('who waits is told, and status says where every run is', async () => {
  const { runner, service, start, events, ended } = world();
  const first = await start('s');
  const second = await start('s', { priority: 'background' });
  const execution = await runner.begun(1);
  expect(events.get(second)).toEqual([
    { kind: 'state', state: 'waiting' },
    { kind: 'queued', ahead: 0, waitsFor: 'turn' },
  ]);
  expect(service.status(first)).toMatchObject({
    state: 'running',
    language: 'python',
    beganAtMs: 1,
    memoryBytes: 1_000,
  });
  expect(service.status(second)).toMatchObject({ state: 'waiting', priority: 'background', beganAtMs: null });
  execution.emit({ kind: 'input', prompt: '?', isSecret: false });
  expect(service.status(first)?.state).toBe('asking');
  execution.emit({ kind: 'inputAnswered' });
  execution.finish();
  await ended(first);
  expect(service.status(first)).toBeNull();
});

test('limits that a person chose for a conversation count for its runs, and only for those', async () => {
  const { runner, start, choices } = world();
  await choices.choose('mine' as SessionId, { limits: { runTimeMs: 600_000, pythonMemoryMB: 20 } });
  await start('mine');
  await start('other');
  await runner.begun(2);
  expect(runner.executions.map(({ request: { limits } }) => limits)).toEqual([
    { timeMs: 600_000, memoryMB: LIMITS.pythonMemoryMB.smallest },
    { timeMs: 5_000, memoryMB: 256 },
  ]);
});

test('failures of all runners have one form, newest first; what a person stopped is none', async () => {
  const { runner, service, start, ended } = world();
  const outcomes: readonly Outcome[] = [
    failed,
    completed,
    { kind: 'timedOut', limitMs: 1, sessionLost: false, timeMs: 1, memoryBytes: 1 },
    { kind: 'crashed', code: 'runner/killed', detail: null, sessionLost: true, timeMs: 1, memoryBytes: 1 },
    { kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 1 },
  ];
  for (const [index, outcome] of outcomes.entries()) {
    const runId = await start();
    (await runner.begun(index + 1)).finish(outcome);
    await ended(runId);
  }
  expect(service.failures(10).map(({ code, title, line }) => [code, title, line])).toEqual([
    ['runner/killed', null, null],
    ['run/timed-out', null, null],
    ['python/exception', 'ValueError', 3],
  ]);
});

test('what a run took is learnt, and the next of the same code waits for so much memory', async () => {
  const estimates = estimatesInMemory();
  const { runner, start, ended } = world(new Map(), recordsInMemory(), { estimates });
  const big = { ...completed, memoryBytes: 1_000 + 250 * 1024 * 1024 };
  const first = await start('a', { code: 'big' });
  (await runner.begun(1)).finish(big);
  await ended(first);
  await expect.poll(() => [...estimates.rows.values()]).toMatchObject([{ count: 1, timeMs: 1, memoryMB: 250 }]);
  await start('a', { code: 'small' });
  const again = await start('b', { code: 'big' });
  await runner.begun(2);
  expect(runner.executions.map(({ request: { code } }) => code)).toEqual(['big', 'small']);
  runner.executions[1]?.finish();
  (await runner.begun(3)).finish(big);
  await ended(again);
});

test('a run beside others is admitted by what its code says, and those at work are read then', async () => {
  const read: string[] = [];
  const { runner, start, ended, events } = world(new Map(), recordsInMemory(), {
    read: async (code) => {
      read.push(code);
      const memoryMB = Number(code.split(' ')[1] ?? 0);
      const estimate = {
        memoryMB: memoryMB + 40,
        engineMB: 40,
        memoryClass: 'small',
        seconds: 1,
        timeClass: 'short',
      } as const;
      return { kind: code, estimate: { ...estimate, basis: [] } };
    },
  });
  const first = await start('a', { code: 'first 150' });
  await runner.begun(1);
  expect(read).toEqual([]);
  const second = await start('b', { code: 'second 150' });
  expect(read).toEqual(['first 150', 'second 150']);
  const third = await start('c', { code: 'third 80' });
  await runner.begun(2);
  expect(runner.executions.map(({ request: { code } }) => code)).toEqual(['first 150', 'third 80']);
  expect(events.get(second)?.findLast(({ kind }) => kind === 'queued')).toMatchObject({ waitsFor: 'memory' });
  runner.executions[0]?.finish();
  (await runner.begun(3)).finish();
  runner.executions[1]?.finish();
  await Promise.all([first, second, third].map(ended));
});

test('programs alike that ran here say what the next of their kind needs', async () => {
  const estimate = {
    memoryMB: 240,
    engineMB: 40,
    memoryClass: 'medium',
    seconds: 1,
    timeClass: 'short',
    basis: [],
  } as const;
  const read = async () => ({ kind: 'python numpy', estimate });
  const { runner, start, ended, events } = world(new Map(), recordsInMemory(), { read });
  for (let n = 1; n <= 20; n += 1) {
    const runId = await start('a', { code: `small ${n}` });
    (await runner.begun(n)).finish({ ...completed, memoryBytes: 1_000 });
    await ended(runId);
  }
  // 200 MB by the code alone: three would not fit.
  const ids = [
    await start('a', { code: 'one' }),
    await start('b', { code: 'two' }),
    await start('c', { code: 'three' }),
  ];
  for (const id of ids) expect(events.get(id)?.map(({ kind }) => kind)).not.toContain('queued');
  for (const n of [21, 22, 23]) await runner.begun(n);
  for (const { finish } of runner.executions.slice(20)) finish();
  await Promise.all(ids.map(ended));
});
