import { expect, test } from 'vitest';
import { recordsInMemory } from '../../../tests/support/records-in-memory.ts';
import { resultsInMemory } from '../../../tests/support/run-records-in-memory.ts';
import { runWorld } from '../../../tests/support/run-world.ts';
import { completed, type Execution } from '../../../tests/support/scripted-runner.ts';
import type { Purity } from '../../contracts/analysis.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunEvent, RunRequest } from '../../contracts/run.ts';
import { CachedRuns } from './cached-runs.ts';
import { openResultCache } from './open-result-cache.ts';

const PURITIES: Readonly<Record<string, Purity>> = {
  names: { isPure: true, leavesNames: true },
  impure: { isPure: false, because: ['prints the time'] },
};

/** A run service with a cache; what programs are is said by the first word of their code. */
function world(results = resultsInMemory(), version = '1') {
  const files = new Map<SessionId, string>();
  const settings = { isOn: true };
  const cached = new CachedRuns({
    cache: openResultCache(results, () => 1_000),
    purityOf: async (code) => PURITIES[code.split(' ')[0] ?? ''] ?? { isPure: true, leavesNames: false },
    filesStateOf: async (sessionId) => files.get(sessionId) ?? 'none',
    version: async () => version,
    isOn: () => settings.isOn,
  });
  const of = runWorld(new Map(), recordsInMemory(), { cached });
  let ran = 0;
  /** What the run printed, and whether it came from the cache. An engine prints a number that nobody else prints. */
  const run = async (
    code: string,
    session = 's',
    changes: Partial<RunRequest> = {},
    act: (execution: Execution) => Outcome = () => completed,
  ) => {
    const before = of.runner.executions.length;
    const runId = await of.start(session, { code, mayBeCached: true, ...changes });
    const ended = of.ended(runId);
    await Promise.race([ended, of.runner.begun(before + 1)]);
    const execution = of.runner.executions[before];
    if (execution !== undefined) {
      ran += 1;
      execution.emit({ kind: 'output', stream: 'stdout', text: `${ran}` });
      execution.finish(act(execution));
    }
    const outcome = await ended;
    const events = of.events.get(runId) ?? [];
    const text = events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
    return { text, isCached: outcome.kind === 'completed' && outcome.fromCache === true, outcome, events };
  };
  return { ...of, run, files, settings, results };
}

const ids = (session: string) => session as SessionId;

test('a pure program is answered from the cache: what it printed, how it ended, said as such', async () => {
  const { run, runner, history } = world();
  const first = await run('pure');
  const second = await run('pure');
  expect(first).toMatchObject({ text: '1', isCached: false });
  expect(second).toMatchObject({ text: '1', isCached: true, outcome: { exitCode: 0, memoryBytes: 0 } });
  expect(second.events.map(({ kind }) => kind)).toEqual(['state', 'state', 'output', 'ended']);
  expect(runner.executions).toHaveLength(1);
  expect([...history.values()].at(-1)?.outcome).toMatchObject({ fromCache: true });
});

test.each([
  ['is not proved to depend on nothing', 'impure', {}],
  ['leaves names in its session', 'names', {}],
  ['was not said to be repeatable by the caller', 'pure', { mayBeCached: false }],
] as const)('a program that %s runs each time, and nothing of it is kept', async (_, code, changes) => {
  const { run, results } = world();
  await run(code, 's', changes);
  expect(await run(code, 's', changes)).toMatchObject({ text: '2', isCached: false });
  expect(results.kept.size).toBe(0);
});

test('one that leaves names is answered where the engine ends with the run', async () => {
  const { run } = world();
  const beside = { strategy: 'concurrent' } as const;
  await run('names', 's', beside);
  expect(await run('names', 's', beside)).toMatchObject({ isCached: true });
});

test.each<[string, RunEvent]>([
  ['asks', { kind: 'input', prompt: '?', isSecret: false }],
  [
    'makes a file',
    { kind: 'artifact', artifact: { id: '1', kind: 'file', name: 'a', path: '/a', mime: 'x', bytes: 1 } },
  ],
  ['prints more than is shown', { kind: 'truncated', shownBytes: 1, path: null }],
  ['is told of something', { kind: 'notice', text: 'x' }],
])('a run that %s is one of a kind', async (_, event) => {
  const { run } = world();
  await run('pure', 's', {}, (execution) => {
    execution.emit(event);
    return completed;
  });
  expect(await run('pure')).toMatchObject({ isCached: false });
});

test('only what ended well is kept', async () => {
  const { run } = world();
  const timedOut: Outcome = { kind: 'timedOut', limitMs: 1, sessionLost: false, timeMs: 1, memoryBytes: 1 };
  await run('pure', 's', {}, () => timedOut);
  await run('pure', 's', {}, () => ({ ...completed, kind: 'completed', exitCode: 1, result: null, error: null }));
  expect(await run('pure')).toMatchObject({ text: '3', isCached: false });
});

test('other code, limits, input, files or a newer engine is another program', async () => {
  const first = world();
  await first.run('pure');
  expect(await first.run('pure2')).toMatchObject({ isCached: false });
  expect(await first.run('pure', 's', { limits: { timeMs: 6_000, memoryMB: 256 } })).toMatchObject({ isCached: false });
  expect(await first.run('pure', 's', { stdin: ['x'] })).toMatchObject({ isCached: false });
  first.files.set(ids('s'), 'math.py is there');
  expect(await first.run('pure')).toMatchObject({ isCached: false });
  first.files.delete(ids('s'));
  expect(await first.run('pure')).toMatchObject({ text: '1', isCached: true });
  expect(await world(first.results).run('pure')).toMatchObject({ text: '1', isCached: true });
  expect(await world(first.results, '2').run('pure')).toMatchObject({ isCached: false });
});

test('the setting turns it off', async () => {
  const { run, settings } = world();
  await run('pure');
  settings.isOn = false;
  expect(await run('pure')).toMatchObject({ isCached: false });
});

// Attacks: a program wants another to be answered with what it says.
test('a program that hides a builtin changes no answer but those of its own engine', async () => {
  const { run, service } = world();
  const honest = await run('pure');
  await run('impure hides print');
  const hidden = await run('pure');
  expect(hidden).toMatchObject({ isCached: false });
  expect(await run('pure')).toMatchObject({ text: hidden.text, isCached: true });
  // Once its engine is gone the honest answer counts again.
  service.restartSession(ids('s'));
  expect(await run('pure')).toMatchObject({ text: honest.text, isCached: true });
});

test('a run that nobody analysed counts as one that may have changed the engine', async () => {
  const { run } = world();
  await run('pure');
  await run('pure', 's', { mayBeCached: false });
  expect(await run('pure')).toMatchObject({ isCached: false });
});

test('no conversation is answered with what another one said, with files or without', async () => {
  const { run, files } = world();
  await run('pure', 'hostile');
  expect(await run('pure', 'victim')).toMatchObject({ isCached: false });
  files.set(ids('hostile'), 'same');
  files.set(ids('third'), 'same');
  await run('pure', 'hostile');
  expect(await run('pure', 'third')).toMatchObject({ isCached: false });
});

test('runs of a session keep their order, though one is answered at once', async () => {
  const { run, runner, start, ended, events } = world();
  await run('pure');
  const slow = await start('s', { code: 'impure', mayBeCached: true });
  const quick = await start('s', { code: 'pure', mayBeCached: true });
  const execution = await runner.begun(2);
  expect(events.get(quick)?.map(({ kind }) => kind)).toEqual(['state', 'queued']);
  execution.finish();
  await ended(slow);
  (await runner.begun(3)).finish();
  expect(await ended(quick)).not.toMatchObject({ fromCache: true });
});

test('Stop does not wait for the reading of the code', async () => {
  const cached = new CachedRuns({
    cache: openResultCache(resultsInMemory(), () => 1_000),
    purityOf: () => new Promise(() => undefined),
    filesStateOf: async () => 'none',
    version: async () => '1',
    isOn: () => true,
  });
  const { start, service, ended, runner } = runWorld(new Map(), recordsInMemory(), { cached });
  const runId = await start('s', { code: 'pure', mayBeCached: true });
  service.stop(runId);
  expect(await ended(runId)).toMatchObject({ kind: 'cancelled' });
  expect(runner.executions).toHaveLength(0);
});
