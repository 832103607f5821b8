import { expect, test } from 'vitest';
import { createScenarioRunner, type RunnerScenario } from '../../tests/support/runner-scenarios.ts';
import { runWorld } from '../../tests/support/run-world.ts';
import type { RunId } from '../contracts/ids.ts';

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
