import { beforeAll, expect, test } from 'vitest';
import type { ActiveRun } from '../../src/contracts/doors/engine.ts';
import type { RunSummary } from '../../src/contracts/run.ts';
import type { Selection } from '../../src/contracts/selection.ts';
import { chooseSettings } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';

const world = siteInChromium({ speed: 'instant' });
let client: RunsClient;

beforeAll(async () => {
  client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
});

const ENDLESS = 'while True: pass';

async function ask<T>(method: Parameters<RunsClient['call']>[0], request: unknown): Promise<T> {
  const answer = await client.call(method, request);
  if (!answer.ok) throw new Error(`${method}: ${answer.error.code} ${answer.error.detail ?? ''}`);
  return answer.value as T;
}

test('forty runs of three conversations asked for at once all end, each conversation in its order', async () => {
  const runs = await Promise.all(
    Array.from({ length: 40 }, (_, n) => client.run(runRequest(`print(${n})`, `queue-${n % 3}`))),
  );
  expect(runs.map((run) => textOf(run, 'stdout'))).toEqual(runs.map((_, n) => `${n}\n`));
  for (let session = 0; session < 3; session += 1) {
    const ends = runs.filter((_, n) => n % 3 === session).map(({ events }) => events.at(-1)?.atMs ?? 0);
    expect(ends).toEqual([...ends].sort((one, other) => one - other));
  }
  expect(runs.some(({ events }) => events.some(({ event }) => event.kind === 'queued'))).toBe(true);
});

test('a run waits for the one it depends on, and is refused when that fails', async () => {
  const start = (code: string, session: string, dependsOn: readonly string[] = []) =>
    ask<{ runId: string }>('start', runRequest(code, session, { dependsOn: dependsOn as never }));
  const broken = await start('1 / 0', 'broken');
  const second = await start('print(1)', 'second', [broken.runId]);
  await client.watch(second.runId, 0);
  const refused = outcomeOf(await client.until(second.runId, 'ended'));
  expect(refused).toMatchObject({ kind: 'refused', code: 'run/dependency-failed', detail: broken.runId });
});

test('what code is and where it should run is answered by the host, with the true reasons', async () => {
  const select = (label: string, code: string) =>
    ask<Selection>('select', { sessionId: 'page:select', language: null, label, code });
  expect(await select('python', 'import numpy\nprint(1)')).toMatchObject({
    language: 'python',
    decision: { place: 'onDevice', canRunHere: true },
  });
  expect(await select('rb', 'puts 1')).toMatchObject({
    language: 'ruby',
    decision: { place: 'remote', canRunHere: false },
  });
  const { decision } = await select('py', 'import torch');
  expect(decision.place).toBe('remote');
  expect(decision.reasons[0]).toContain('torch is not available here.');
});

test('what was chosen for a conversation and what ran outlive the host', async () => {
  await ask('choose', {
    sessionId: 'page:kept',
    place: { language: 'python', place: 'remote' },
    limits: { runTimeMs: 1_000 },
  });
  const run = await client.run(runRequest(ENDLESS, 'kept'));
  expect(outcomeOf(run)).toMatchObject({ limitMs: 1_000 });
  const lastRun = async () => (await ask<RunSummary[]>('runHistory', { sessionId: 'page:kept', most: 5 }))[0];
  // The end of a run is told at once, and written down beside that.
  await expect.poll(lastRun).toMatchObject({ outcome: { kind: 'timedOut' } });
  await world.chromium.endHost();
  expect(await ask('sessionChoices', { sessionId: 'page:kept' })).toMatchObject({
    places: { python: 'remote' },
    limits: { runTimeMs: 1_000 },
  });
  expect(await lastRun()).toMatchObject({ language: 'python', priority: 'interactive', outcome: { kind: 'timedOut' } });
});

test('a bound that is set reaches the host that runs already', async () => {
  await chooseSettings(client.page, { runsAtOnce: 1 });
  // Three that end by Stop only: how many of them have begun when all were admitted?
  const begun = async () => {
    const runs = await Promise.all(
      [1, 2, 3].map((n) => ask<{ runId: string }>('start', runRequest(ENDLESS, `bound-${crypto.randomUUID()}-${n}`))),
    );
    const active = await ask<ActiveRun[]>('activeRuns', {});
    for (const { runId } of runs) {
      await client.watch(runId, 0);
      await ask('stop', { runId });
      await client.until(runId, 'ended');
    }
    return active.filter(({ state }) => state !== 'waiting').length;
  };
  // The way of the message has no sign of its arrival but what it does.
  await expect.poll(begun, { timeout: 60_000 }).toBe(1);
});
