import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runWorld as world } from '../../tests/support/run-world.ts';
import { recordsInMemory } from '../../tests/support/records-in-memory.ts';
import { completed, createScriptedRunner } from '../../tests/support/scripted-runner.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
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
  records.hasMark = () => Promise.reject(new Error('disk'));
  records.setMark = () => Promise.reject(new Error('disk'));
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

test('restart of one language leaves another’s variables, and what runs in it', async () => {
  const python = createScriptedRunner();
  const lua = createScriptedRunner();
  const ofLua = { ...lua, manifest: { ...lua.manifest, id: 'lua', languages: ['lua'] as const } };
  const { service, start, ended, outcomes, records } = world(new Map(), recordsInMemory(), {
    runners: [python, ofLua],
  });
  const first = await start('s');
  (await python.begun(1)).finish();
  await ended(first);
  const second = await start('s', { language: 'lua' });
  const running = await lua.begun(1);
  service.restartSession('s' as SessionId, 'python');
  expect([python.disposed, lua.disposed]).toEqual([['s'], []]);
  expect([running.signal.aborted, outcomes(second)]).toEqual([false, []]);
  expect(await records.hasMark('s' as SessionId, 'variables')).toBe(true);
  service.restartSession('s' as SessionId, 'lua');
  expect([running.signal.aborted, lua.disposed]).toEqual([true, ['s']]);
  expect(await records.hasMark('s' as SessionId, 'variables')).toBe(false);
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
