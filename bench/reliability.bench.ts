import { setTimeout as pause } from 'node:timers/promises';
import { type ChromiumUnderTest, launchChromium } from '../tests/support/browsers/index.ts';
import {
  connectRunsClient,
  outcomeOf,
  type RunsClient,
  runRequest,
  textOf,
} from '../tests/support/runs-client/index.ts';
import { startSite } from '../tests/support/site/index.ts';
import { benchRow, type BenchRow } from './bench-row.ts';
import { rendererMegabytes } from './support/memory.ts';

const KILLS = 50;
const TICKS = 60;
const FLUSHES = 1_000_000;
const BOMBS = 10;
/** Memory that was taken must be back within this long. */
const FREED_MS = 30_000;

const ticking = `import time
for tick in range(${TICKS}):
    print(tick, flush=True)
    time.sleep(0.05)`;
const allTicks = Array.from({ length: TICKS }, (_, tick) => `${String(tick)}\n`).join('');

async function inBrowser<T>(use: (client: RunsClient, chromium: ChromiumUnderTest) => Promise<T>): Promise<T> {
  await using site = await startSite({ speed: 'instant' });
  await using chromium = await launchChromium({
    extension: 'extension/chrome-mv3',
    site,
    leavesServiceWorkerAlone: true,
  });
  return await use(await connectRunsClient(await chromium.extensionPage('popup.html')), chromium);
}

async function tick(client: RunsClient, nth: number): Promise<boolean> {
  const started = await client.call('start', runRequest(ticking, `kills-${String(nth)}`));
  if (!started.ok) return false;
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  const run = await client.until(runId, 'ended');
  const isInOrder = run.events.every(({ n }, index) => n === index + 1);
  return run.lost === null && isInOrder && textOf(run, 'stdout') === allTicks && outcomeOf(run)?.kind === 'completed';
}

/** The service worker is stopped at random moments of runs that follow each other. */
async function* kills(): AsyncGenerator<BenchRow> {
  const { faults, wakesMs } = await inBrowser(async (client, chromium) => {
    const spoilt: boolean[] = [];
    const wakes: number[] = [];
    let isOver = false;
    const runs = (async () => {
      for (let nth = 0; !isOver; nth += 1) spoilt.push(!(await tick(client, nth)));
    })();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pause(Math.random() * 300);
      await chromium.stopServiceWorker();
      const askedAtMs = performance.now();
      const status = await client.call('status', {});
      wakes.push(status.ok ? performance.now() - askedAtMs : Number.POSITIVE_INFINITY);
    }
    isOver = true;
    await runs;
    return { faults: spoilt.filter(Boolean).length, wakesMs: wakes };
  });
  yield benchRow({
    name: `reliability: runs with lost or wrong output, ${String(KILLS)} kills of the service worker`,
    unit: 'runs',
    samples: [faults],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'reliability: the true state told after such a kill',
    unit: 'ms',
    samples: wakesMs,
    budget: { p95: 2_000 },
  });
}

/** A million flushes; the page hears of few, and the host answers meanwhile. */
async function* flushes(): AsyncGenerator<BenchRow> {
  const seen = await inBrowser(async (client) => {
    const code = `import sys\nfor n in range(${String(FLUSHES)}):\n    print(n, flush=True)`;
    const limits = { timeMs: 300_000, memoryMB: 512 };
    const started = await client.call('start', runRequest(code, 'flushes', { limits }));
    if (!started.ok) throw new Error(`the run was refused: ${started.error.code}`);
    const { runId } = started.value as { runId: string };
    const startedAtMs = performance.now();
    await client.watch(runId, 0);
    let isOver = false;
    const ended = client.until(runId, 'ended').finally(() => {
      isOver = true;
    });
    const answersMs: number[] = [];
    while (!isOver) {
      const askedAtMs = performance.now();
      await client.call('status', {});
      answersMs.push(performance.now() - askedAtMs);
      await pause(100);
    }
    const run = await ended;
    const outcome = outcomeOf(run);
    if (outcome?.kind !== 'completed' || outcome.error !== null)
      throw new Error(`the flood ended ${String(outcome?.kind)}`);
    const isSaid = run.events.some(({ event }) => event.kind === 'truncated');
    return { answersMs, isSaid, perSecond: run.events.length / ((performance.now() - startedAtMs) / 1_000) };
  });
  yield benchRow({
    name: 'reliability: the host answers during a million flushes',
    unit: 'ms',
    samples: seen.answersMs,
    budget: { p95: 200 },
  });
  yield benchRow({
    name: 'reliability: events a second to the page in that flood',
    unit: 'events/s',
    samples: [seen.perSecond],
    budget: { p95: 60 },
  });
  yield benchRow({
    name: 'reliability: that flood cut without a word',
    unit: 'runs',
    samples: [seen.isSaid ? 0 : 1],
    budget: { p95: 0 },
  });
}

/** Programs that take all the memory they get; what all renderers hold more than before, at most and 30 s after. */
async function* bombs(): AsyncGenerator<BenchRow> {
  const { most, left } = await inBrowser(async (client, chromium) => {
    const pid = chromium.browser.process()?.pid;
    if (pid === undefined) throw new Error('the browser has no process of its own');
    await client.run(runRequest('print(1)', 'before'));
    const before = rendererMegabytes(pid);
    let highest = 0;
    const watch = setInterval(() => {
      highest = Math.max(highest, rendererMegabytes(pid) - before);
    }, 200);
    for (let nth = 0; nth < BOMBS; nth += 1) {
      const session = `bomb-${String(nth)}`;
      await client.run(runRequest('held = []\nwhile True:\n    held.append(bytearray(10_000_000))', session));
      await client.call('restartSession', { sessionId: `page:${session}` });
    }
    clearInterval(watch);
    const until = performance.now() + FREED_MS;
    let rest = rendererMegabytes(pid) - before;
    while (rest > 100 && performance.now() < until) {
      await pause(500);
      rest = rendererMegabytes(pid) - before;
    }
    return { most: highest, left: rest };
  });
  yield benchRow({
    name: `reliability: most memory taken by ${String(BOMBS)} memory bombs`,
    unit: 'MB',
    samples: [most],
    budget: { p95: 1_024 },
  });
  yield benchRow({
    name: 'reliability: memory still taken 30 s after them',
    unit: 'MB',
    samples: [left],
    budget: { p95: 100 },
  });
}

/** The bars of reliability at their full counts; `npm test` holds smaller ones. Chromium, the built extension. */
export async function* run(): AsyncGenerator<BenchRow> {
  yield* kills();
  yield* flushes();
  yield* bombs();
}
