import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finishedCard, readCards, sendMessage } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';
import { idle, openScenarios, type ScenarioWorld, shows } from '../support/scenario-world.ts';
import { crossed, DESIGNS } from '../support/whole.ts';

const world = siteInChromium({ speed: 'instant' }, { leavesServiceWorkerAlone: true, startsSmall: true });
let client: RunsClient;

beforeAll(async () => {
  client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
});

test('its Python starts without the packages of science', async () => {
  const run = await client.run(runRequest("import sys; print('numpy' in sys.modules)", 'small'));
  expect(textOf(run, 'stdout')).toBe('False\n');
});

const TICKS = 40;
const ticking = `import time
for tick in range(${TICKS}):
    print(tick, flush=True)
    time.sleep(0.05)
'done'`;
const allTicks = Array.from({ length: TICKS }, (_, tick) => `${tick}\n`).join('');

async function start(code: string, session: string): Promise<string> {
  const started = await client.call('start', runRequest(code, session));
  if (!started.ok) throw new Error(started.error.code);
  return (started.value as { runId: string }).runId;
}

test('a run goes on without a gap while the service worker is killed again and again', async () => {
  const runId = await start(ticking, 'killed');
  await client.watch(runId, 0);
  await client.until(runId, 'output');
  for (let kill = 0; kill < 3; kill += 1) {
    await world.chromium.stopServiceWorker();
    expect(await client.call('status', {})).toMatchObject({ ok: true, value: { kind: 'offscreen' } });
  }
  const run = await client.until(runId, 'ended');
  expect(run.lost).toBeNull();
  expect(run.events.map(({ n }) => n)).toEqual(run.events.map((_, index) => index + 1));
  expect(textOf(run, 'stdout')).toBe(allTicks);
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', exitCode: 0 });
});

test('a page that reloads mid-run goes on at the next number, with the service worker dead', async () => {
  const runId = await start(ticking, 'reloaded');
  await client.watch(runId, 0);
  const before = await client.until(runId, 'output');
  const last = before.events.length;
  await world.chromium.stopServiceWorker();
  await client.page.reload();
  client = await connectRunsClient(client.page);
  await client.watch(runId, last);
  const after = await client.until(runId, 'ended');
  expect(after.events[0]?.n).toBe(last + 1);
  expect(textOf(before, 'stdout') + textOf(after, 'stdout')).toBe(allTicks);
});

test('a call claimed before the service worker died is not started again after it', async () => {
  const request = runRequest('1', 'claimed', { callKey: '["chatgpt","c","m"]' as never, trigger: 'auto' });
  const first = await client.run(request);
  expect(outcomeOf(first)).toMatchObject({ kind: 'completed' });
  await world.chromium.stopServiceWorker();
  const again = await client.call('start', request);
  expect(again).toMatchObject({ ok: false, error: { code: 'run/already-started' } });
});

test('variables and files are there after the service worker died', async () => {
  await client.run(runRequest("x = 7; _ = open('/mnt/data/kept.txt', 'w').write('kept')", 'kept'));
  await world.chromium.stopServiceWorker();
  const run = await client.run(runRequest("print(x, open('/mnt/data/kept.txt').read())", 'kept'));
  expect(textOf(run, 'stdout')).toBe('7 kept\n');
});

test('when the host itself dies its runs are said to be lost, and the next run works', async () => {
  const runId = await start(ticking, 'host');
  await client.watch(runId, 0);
  await client.until(runId, 'output');
  const session = await world.chromium.browser.target().createCDPSession();
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
  const host = targetInfos.find((target) => target.url.includes('/offscreen.html'));
  if (host === undefined) throw new Error('no host');
  await session.send('Target.closeTarget', { targetId: host.targetId });
  const run = await client.until(runId, 'ended');
  expect(run.lost).toBe('run/not-found');
  const next = await client.run(runRequest("print(open('/mnt/data/kept.txt').read())", 'kept'));
  expect(textOf(next, 'stdout')).toBe('kept\n');
  const recent = await client.call('recentRuns', { most: 50 });
  const rows = (recent.ok ? recent.value : []) as { runId: string; outcome: { kind: string; code?: string } | null }[];
  expect(rows.find((row) => row.runId === runId)?.outcome).toMatchObject({ kind: 'crashed', code: run.lost });
});

describe('while the page streams an answer', () => {
  let scenarios: ScenarioWorld;
  beforeAll(async () => {
    scenarios = await openScenarios({ leavesServiceWorkerAlone: true });
  });
  afterAll(() => scenarios.close());

  test.each(crossed(DESIGNS, ['in-call', 'after-call'] as const))(
    'in the %s design a service worker killed %s loses no call: each runs once',
    async (renderer, pause) => {
      const { site, chromium } = scenarios;
      await scenarios.withPage({ renderer, pauseAt: [pause] }, async (page) => {
        const runs = await scenarios.runsDuring(async () => {
          await sendMessage(page, site, 'two calls at once');
          for (const call of [0, 1]) {
            await site.until(() => site.pausedAt === pause);
            // Between two calls: the first has been seen whole, and has run.
            if (pause === 'after-call') await finishedCard(page, call);
            await chromium.stopServiceWorker();
            await page.bringToFront();
            site.goOn();
          }
          await shows(page, 'formula needs no loop');
          await finishedCard(page, 1);
          await idle(page);
          await scenarios.playMarker(page);
        });
        const printed = (await readCards(page)).map(({ stdout }) => stdout);
        expect(printed).toEqual(['first: 500000500000\n', 'second: 500000500000\n', 'marker\n']);
        expect(runs.map(({ outcome }) => outcome?.kind)).toEqual(['completed', 'completed', 'completed']);
      });
    },
  );
});
