import { expect, test } from 'vitest';
import { createScenarioRunner, type RunnerScenario } from '../../tests/support/runner-scenarios.ts';
import { runWorld } from '../../tests/support/run-world.ts';
import { noBoxes, noFiles } from '../../tests/support/scripted-runner.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import type { Language, RunEvent } from '../contracts/run.ts';

function world(scenario: RunnerScenario = {}) {
  const played = createScenarioRunner(scenario);
  const around = runWorld(undefined, undefined, { runners: [played] });
  const run = async (code: string, session = 's') => around.ended(await around.start(session, { code }));
  const printed = (runId: RunId) =>
    (around.events.get(runId) ?? []).map((event) => (event.kind === 'output' ? event.text : '')).join('');
  return { ...around, played, run, printed };
}

test('programs end as their scenario says, each held to its limits', async () => {
  const { run, played } = world({
    programs: {
      value: { prints: ['a'], result: '42' },
      error: { raises: 'ValueError' },
      slow: { takesMs: 60_000 },
      large: { takesMB: 4_000 },
    },
  });
  expect(await run('value')).toMatchObject({ kind: 'completed', exitCode: 0, result: '42' });
  expect(await run('error')).toMatchObject({ kind: 'completed', exitCode: 1, error: { title: 'ValueError' } });
  expect(await run('slow')).toMatchObject({ kind: 'timedOut', limitMs: 5_000 });
  expect(await run('large')).toMatchObject({ kind: 'completed', error: { code: 'python/memory' } });
  expect(played.calls.filter(({ kind }) => kind === 'open')).toHaveLength(1);
});

test('a lost engine is followed by a new one', async () => {
  const { run, played } = world({ programs: { die: { ends: 'worker-dies' } } });
  expect(await run('die')).toMatchObject({ kind: 'crashed', code: 'runner/killed', sessionLost: true });
  expect(await run('on')).toMatchObject({ kind: 'completed', exitCode: 0 });
  expect(played.calls.map(({ kind }) => kind)).toEqual(['open', 'execute', 'dispose', 'open', 'execute']);
});

test('an engine that does not start is tried once more, and then said to have failed', async () => {
  const once = world({ openings: ['runner/start-failed', 'opens'] });
  expect(await once.run('on')).toMatchObject({ kind: 'completed', exitCode: 0 });
  const never = world({ openings: ['box/self-test-failed'] });
  expect(await never.run('on')).toMatchObject({ kind: 'crashed', code: 'box/self-test-failed' });
  expect(never.played.calls.map(({ kind }) => kind)).toEqual(['open']);
});

test('a bug of a runner ends its run, and no other', async () => {
  const { run } = world({ programs: { throw: { ends: 'bug' } } });
  expect(await run('throw')).toMatchObject({ kind: 'crashed', code: 'runner/crashed' });
  expect(await run('on')).toMatchObject({ kind: 'completed', exitCode: 0 });
});

test('what goes on is stopped, and what asks is answered', async () => {
  const { service, start, ended, events, printed } = world({
    programs: { spin: { ends: 'stop' }, ask: { asks: 'Name? ' } },
  });
  const spinning = await start('s', { code: 'spin' });
  await expect.poll(() => service.status(spinning)?.state, { timeout: 60_000 }).toBe('running');
  service.stop(spinning);
  expect(await ended(spinning)).toMatchObject({ kind: 'cancelled', by: 'person' });
  const asking = await start('s', { code: 'ask' });
  await expect.poll(() => events.get(asking)?.some(({ kind }) => kind === 'input'), { timeout: 60_000 }).toBe(true);
  expect(service.answerInput(asking, 'Ada').ok).toBe(true);
  expect(await ended(asking)).toMatchObject({ kind: 'completed' });
  expect(printed(asking)).toBe('Ada');
});

test('languages are those of the scenario, and what they can do is told', async () => {
  const { service, request } = world({ id: 'lua', languages: ['lua'], capabilities: { readsInput: false } });
  expect(service.capabilities()).toMatchObject([{ language: 'lua', runner: 'lua', readsInput: false, memoryMB: 128 }]);
  expect(await service.start(request('s', { language: 'python' }))).toMatchObject({
    ok: false,
    error: { code: 'run/language-unavailable' },
  });
});

test('a program lasts as long as the test says, and Stop ends it before', async () => {
  const gate = Promise.withResolvers<void>();
  const slow = { prints: ['begun'], waitsFor: gate.promise, result: 'through' };
  const { service, start, ended, outcomes, printed, played } = world({ programs: { slow } });
  const first = await start('s', { code: 'slow' });
  const stopped = await start('other', { code: 'slow' });
  for (const runId of [first, stopped]) await expect.poll(() => printed(runId)).toBe('begun');
  service.stop(stopped);
  expect(await ended(stopped)).toMatchObject({ kind: 'cancelled', by: 'person' });
  expect(outcomes(first)).toEqual([]);
  gate.resolve();
  expect(await ended(first)).toMatchObject({ kind: 'completed', result: 'through' });
  expect(played.calls.filter(({ kind }) => kind === 'stop')).toEqual([
    { kind: 'stop', sessionId: 'other', code: 'slow' },
  ]);
});

test('whatever a run can tell is told as the scenario has it, in its order', async () => {
  const tells = [
    { kind: 'output', stream: 'stderr', text: 'careful\n' },
    { kind: 'notice', text: 'a notice' },
    { kind: 'display', display: { id: 'd', data: { 'text/plain': 'shown' }, table: null, artifact: null } },
    { kind: 'network', bytes: 7 },
  ] as const satisfies readonly RunEvent[];
  const { start, ended, events } = world({ programs: { talk: { prints: ['first'], tells } } });
  const runId = await start('s', { code: 'talk' });
  await ended(runId);
  const told = (events.get(runId) ?? []).filter(({ kind }) => kind !== 'state' && kind !== 'ended');
  expect(told).toEqual([{ kind: 'output', stream: 'stdout', text: 'first' }, ...tells]);
});

test('an engine opens when the test says, and one that is not to be had says why', async () => {
  const gate = Promise.withResolvers<void>();
  const late = world({ openings: [gate.promise] });
  const runId = await late.start('s', { code: 'on' });
  await expect.poll(() => late.played.calls.map(({ kind }) => kind)).toEqual(['open']);
  expect(late.outcomes(runId)).toEqual([]);
  gate.resolve();
  expect(await late.ended(runId)).toMatchObject({ kind: 'completed' });

  const none = world({ languages: ['shell'], openings: ['linux/not-built'], cannot: ['reach the network'] });
  expect(none.played.manifest.cannot).toEqual(['reach the network']);
  const refused = await none.start('s', { code: 'on', language: 'shell' });
  expect(await none.ended(refused)).toMatchObject({ kind: 'crashed', code: 'linux/not-built' });
  expect(none.played.calls.map(({ kind }) => kind)).toEqual(['open']);
});

test.each<[Language, string, string, string]>([
  ['python', 'python/exception', 'python/memory', 'python/syntax-error'],
  ['javascript', 'js/exception', 'js/memory', 'js/syntax-error'],
  ['typescript', 'js/exception', 'js/memory', 'js/syntax-error'],
  ['lua', 'lua/error', 'lua/memory', 'lua/syntax-error'],
  ['wasm', 'wasm/trap', 'wasm/memory', 'wasm/bad-module'],
  ['shell', 'shell/syntax-error', 'shell/memory', 'shell/syntax-error'],
])('programs of %s end with its codes', async (language, raised, full, broken) => {
  const { start, ended } = world({
    languages: [language],
    programs: { error: { raises: 'Wrong' }, large: { takesMB: 4_000 }, unread: { isBroken: true } },
  });
  const endsWith = async (code: string) => ended(await start('s', { code, language }));
  expect(await endsWith('error')).toMatchObject({ exitCode: 1, error: { code: raised, title: 'Wrong' } });
  expect(await endsWith('large')).toMatchObject({ exitCode: 1, error: { code: full } });
  expect(await endsWith('unread')).toMatchObject({ exitCode: 1, error: { code: broken, line: 1 } });
});

test('an error may be said whole', async () => {
  const { run } = world({ programs: { import: { raises: { code: 'python/package-unavailable', line: 3 } } } });
  expect(await run('import')).toMatchObject({ error: { code: 'python/package-unavailable', title: 'Error', line: 3 } });
});

test('what is asked of a runner beside its runs is kept too', async () => {
  const { played } = world({ programs: { unread: { isBroken: true } } });
  played.warm(noBoxes);
  const { signal } = new AbortController();
  const limits = { timeMs: 1, memoryMB: 1 };
  const sessionId = 's' as SessionId;
  const opened = await played.openSession({ sessionId, boxes: noBoxes, files: noFiles, limits, signal });
  if (!opened.ok) throw new Error(opened.error.code);
  expect(await opened.value.validate('fine', 'python')).toEqual({ ok: true, value: null });
  expect(await opened.value.validate('unread', 'python')).toMatchObject({ error: { code: 'python/syntax-error' } });
  expect(played.calls).toEqual([
    { kind: 'warm' },
    { kind: 'open', sessionId },
    { kind: 'validate', sessionId, code: 'fine', language: 'python' },
    { kind: 'validate', sessionId, code: 'unread', language: 'python' },
  ]);
});
