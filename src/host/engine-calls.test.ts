import { afterEach, beforeEach, expect, test } from 'vitest';
import { doorContract } from '../../tests/support/door-contract.ts';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import { CHAT, pressed as request } from '../../tests/support/run-request.ts';
import { RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { type RunSummary, RUN_LIMITS } from '../contracts/run.ts';

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

const piece = { sessionId: CHAT, language: null, label: 'py', code: 'print(1)' } as const;

const ownRule = JSON.stringify({
  ownRules: [
    {
      id: 'no-print',
      languages: ['python'],
      match: { kind: 'call', names: ['print'] },
      severity: 'critical',
      title: 'Prints',
      why: 'Nobody wants it here.',
      suggestion: 'Return the value.',
    },
  ],
});

test('the page learns where a piece of code should run, and its choice counts for the conversation', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  expect(await door.select(piece)).toMatchObject({
    value: { language: 'python', isDetected: false, decision: { place: 'onDevice', canRunHere: true } },
  });
  expect(await door.select({ ...piece, label: 'rb' })).toMatchObject({
    value: { language: 'ruby', decision: { place: 'remote', canRunHere: false } },
  });
  expect(await door.select({ ...piece, once: 'remote' })).toMatchObject({ value: { decision: { place: 'remote' } } });
  await door.choose({ sessionId: CHAT, place: { language: 'all', place: 'remote' } });
  expect(await door.select(piece)).toMatchObject({ value: { decision: { place: 'remote' } } });
  expect(await door.select({ ...piece, sessionId: 'other' as SessionId })).toMatchObject({
    value: { decision: { place: 'onDevice' } },
  });
  expect(await host.engineFromOwnPage().sessionChoices({ sessionId: CHAT })).toMatchObject({
    value: { places: { all: 'remote' }, limits: {} },
  });
});

test('a page gets a fix for code that cannot be read, within the same bounds as a decision', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const broken = { sessionId: CHAT, language: 'python', code: 'print("a"\n' } as const;
  expect(await door.suggestFix(broken)).toMatchObject({
    ok: true,
    value: { code: 'print("a")\n', language: 'python', title: 'Close the bracket' },
  });
  expect(await door.suggestFix({ ...broken, code: 'print(1)' })).toEqual({ ok: true, value: null });
  expect(await door.suggestFix({ ...broken, sessionId: 'page:other' as SessionId })).toMatchObject({ ok: false });
  expect(await door.suggestFix({ ...broken, code: 'x'.repeat(LIMITS.codeUtf16.standard + 1) })).toMatchObject({
    error: { code: 'run/code-too-large' },
  });
  for (let asked = 0; asked < LIMITS.analysesPerMinuteFromPage.standard; asked++) await door.select(piece);
  expect(await door.suggestFix(broken)).toMatchObject({ error: { code: 'run/rate-limited' } });
});

test('what is set for a language and for this device counts', async () => {
  const host = hostInMemory(ending.signal);
  host.settings.places = { python: 'remote' };
  const answer = await host.fromTab(1).select(piece);
  expect(answer).toMatchObject({
    value: {
      decision: { place: 'remote', reasons: ['You chose to run Python elsewhere.'] },
    },
  });
});

test('a rule of one’s own counts for what is asked next; a bad one changes nothing', async () => {
  const host = hostInMemory(ending.signal);
  const [door, engine] = [host.fromTab(1), host.engineFromOwnPage()];
  const warnings = async () => {
    const answer = await door.select(piece);
    return answer.ok ? answer.value.decision.warnings : null;
  };
  expect(await warnings()).toEqual([]);
  expect(await engine.setAnalysisOptions({ json: ownRule })).toEqual({ ok: true, value: null });
  expect(await warnings()).toMatchObject([{ kind: 'securityRisk' }]);
  expect(await engine.setAnalysisOptions({ json: '{"ownRules": [{}]}' })).toMatchObject({
    error: { code: 'settings/bad-value', detail: expect.stringContaining('ownRules.0.id') },
  });
  expect(await engine.setAnalysisOptions({ json: '{"ownRules"' })).toMatchObject({
    error: { code: 'settings/bad-value', detail: expect.stringContaining('JSON') },
  });
  expect(await engine.analysisOptions({})).toEqual({ ok: true, value: { json: ownRule } });
  expect(await warnings()).toMatchObject([{ kind: 'securityRisk' }]);
  expect(await engine.setAnalysisOptions({ json: ' ' })).toEqual({ ok: true, value: null });
  expect(await warnings()).toEqual([]);
});

test('a page asks for so many decisions a minute, and not about code without end', async () => {
  const host = hostInMemory(ending.signal);
  const [door, other] = [host.fromTab(1), host.fromTab(2)];
  expect(await door.select({ ...piece, code: 'x'.repeat(LIMITS.codeUtf16.standard + 1) })).toMatchObject({
    error: { code: 'run/code-too-large' },
  });
  for (let n = 0; n < LIMITS.analysesPerMinuteFromPage.standard; n += 1) await door.select(piece);
  expect(await other.select(piece)).toMatchObject({ error: { code: 'run/rate-limited' } });
  expect(await host.fromOwnPage().select(piece)).toMatchObject({ ok: true });
});

test('limits chosen for a conversation count for its runs', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  await door.choose({ sessionId: CHAT, limits: { runTimeMs: 600_000, pythonMemoryMB: 1_024 } });
  await door.start(request());
  expect((await host.runner.begun(1)).request.limits).toEqual({ timeMs: 600_000, memoryMB: 1_024 });
});

test('a limit is doubled for one conversation and one kind of language, up to its bound, and nothing is set for all', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const before = { ...host.settings };
  const { largest } = LIMITS.otherMemoryMB;
  const own = async (sessionId = CHAT) => {
    const [facts, chosen] = await Promise.all([
      door.sessionFacts({ sessionId }),
      host.engineFromOwnPage().sessionChoices({ sessionId }),
    ]);
    return { raisable: facts.ok && facts.value.raisable, limits: chosen.ok && chosen.value.limits };
  };
  await door.choose({ sessionId: CHAT, raise: 'runTimeMs' });
  await door.choose({ sessionId: CHAT, raise: 'runTimeMs' });
  expect(await own()).toEqual({ raisable: RUN_LIMITS, limits: { runTimeMs: 4 * before.runTimeMs } });
  await door.choose({ sessionId: CHAT, limits: { otherMemoryMB: largest - 1 } });
  await door.choose({ sessionId: CHAT, raise: 'otherMemoryMB' });
  expect(await own()).toEqual({
    raisable: ['runTimeMs', 'pythonMemoryMB'],
    limits: { runTimeMs: 4 * before.runTimeMs, otherMemoryMB: largest },
  });
  expect(await own('other' as SessionId)).toEqual({ raisable: RUN_LIMITS, limits: {} });
  expect(host.settings).toEqual(before);
  expect(await door.choose({ sessionId: CHAT, limits: { otherMemoryMB: largest + 1 } })).toMatchObject({ ok: false });
});

test('the log of the network names conversations as their pages do, and is forgotten when its person says so', async () => {
  const host = hostInMemory(ending.signal);
  const engine = host.engineFromOwnPage();
  const from = 'chat:x' as SessionId;
  await host.fromTab(1).adoptSession({ from, to: CHAT });
  const entry = { atMs: 1, runner: 'python', method: 'GET', address: 'https://example.org/', status: 200 } as const;
  await host.egress.add({ ...entry, sessionId: from, bytesOut: 1, bytesIn: 2, outcome: 'passed' });
  expect(await engine.egressLog({ most: 5 })).toMatchObject({ value: [{ ...entry, sessionId: CHAT }] });
  expect(await engine.clearEgressLog({})).toEqual({ ok: true, value: null });
  expect(await engine.egressLog({ most: 5 })).toEqual({ ok: true, value: [] });
});

test('a page of the extension sees what can run, what runs, what ran and what failed', async () => {
  const host = hostInMemory(ending.signal);
  const [engine, door] = [host.engineFromOwnPage(), host.fromTab(1)];
  expect(await engine.capabilities({})).toMatchObject({
    value: [{ language: 'python', runner: 'scripted', keepsVariables: true }, { language: 'shell' }],
  });
  const started = await door.start(request());
  const runId = started.ok ? started.value.runId : null;
  const execution = await host.runner.begun(1);
  expect(await engine.activeRuns({})).toMatchObject({
    value: [{ runId, state: 'running', sessionId: CHAT, ahead: 0 }],
  });
  execution.finish({ kind: 'timedOut', limitMs: 1, sessionLost: false, timeMs: 2, memoryBytes: 3 });
  await expect
    .poll(async () => (await engine.activeRuns({})).ok && (await engine.activeRuns({})))
    .toMatchObject({ value: [] });
  expect(await engine.runHistory({ sessionId: CHAT, most: 5 })).toMatchObject({
    value: [{ runId, outcome: { kind: 'timedOut' }, priority: 'interactive' }],
  });
  expect(await engine.runFailures({ most: 5 })).toMatchObject({
    value: [{ runId, code: 'run/timed-out', runner: 'scripted' }],
  });
  expect(await engine.analyse({ code: 'print(1)', label: 'python' })).toMatchObject({ value: { language: 'python' } });
});

test('a pure program is answered from the cache, whose state and end are in the hands of the extension', async () => {
  const host = hostInMemory(ending.signal);
  const [door, engine] = [host.fromTab(1), host.engineFromOwnPage()];
  const pure = request({ code: 'print(sum([1, 2, 3]))', mayBeCached: true });
  const outcomeOf = async (runId: RunId) => {
    const find = async () =>
      (await host.engineFromOwnPage().runHistory({ most: 50 })) as { value: readonly RunSummary[] };
    await expect.poll(async () => (await find()).value.find((run) => run.runId === runId)?.outcome).toBeTruthy();
    return (await find()).value.find((run) => run.runId === runId)?.outcome;
  };
  const run = async (begun: number | null) => {
    const started = await door.start(pure);
    if (!started.ok) throw new Error(started.error.code);
    if (begun !== null) (await host.runner.begun(begun)).finish();
    return outcomeOf(started.value.runId);
  };
  expect(await run(1)).not.toHaveProperty('fromCache');
  expect(await run(null)).toMatchObject({ kind: 'completed', fromCache: true });
  const status = await engine.cacheStatus({});
  expect(status).toMatchObject({
    value: [{ name: 'memory', entries: 1, hits: 1 }, { name: 'storage' }, { name: 'persistent' }],
  });
  await engine.clearCache({});
  expect(await run(2)).not.toHaveProperty('fromCache');
});

test('a page may only depend on runs that it may follow', async () => {
  const host = hostInMemory(ending.signal);
  const own = await host.fromOwnPage().start(request({ sessionId: 'page:own' as SessionId }));
  const dependsOn = [own.ok ? own.value.runId : ('' as RunId)];
  const refused = { ok: false, error: { code: 'run/dependency-failed' } };
  expect(await host.fromTab(1).start(request({ dependsOn }))).toMatchObject(refused);
  expect(await host.fromTab(1).start(request({ dependsOn: ['guessed' as RunId] }))).toMatchObject(refused);
  expect(await host.fromOwnPage().start(request({ dependsOn }))).toMatchObject({ ok: true });
});

test('a page reaches nothing of the engine that is for pages of the extension', async () => {
  const engine = hostInMemory(ending.signal).engineFromTab(1);
  const refused = { ok: false, error: { code: 'door/forbidden' } };
  expect(await engine.capabilities({})).toMatchObject(refused);
  expect(await engine.activeRuns({})).toMatchObject(refused);
  expect(await engine.runHistory({ most: 1 })).toMatchObject(refused);
  expect(await engine.runFailures({ most: 1 })).toMatchObject(refused);
  expect(await engine.sessionChoices({ sessionId: CHAT })).toMatchObject(refused);
  expect(await engine.cacheStatus({})).toMatchObject(refused);
  expect(await engine.clearCache({})).toMatchObject(refused);
  expect(await engine.analyse({ code: '', label: null })).toMatchObject(refused);
  expect(await engine.analysisOptions({})).toMatchObject(refused);
  expect(await engine.setAnalysisOptions({ json: '' })).toMatchObject(refused);
});

doorContract('engine', () => {
  const host = hostInMemory(ending.signal);
  return {
    door: RUNS_PORT,
    connect: (sender) => host.board.connect(RUNS_PORT, sender),
    good: { method: 'select', body: piece },
    forbiddenForSite: 'runHistory',
    handled: () => host.analysed.length,
  };
});
