import { setTimeout as pause } from 'node:timers/promises';
import { connectRunsClient, runRequest, type RunsClient } from '../../tests/support/runs-client/index.ts';
import type { BenchRow } from '../bench-row.ts';
import { type BenchBrowser, type BrowserName, repeat, startBrowser } from './extension-browser.ts';
import { finished } from './finished.ts';
import { measured } from './measured.ts';
import { restingMegabytes } from './memory.ts';
import { browserMegabytes, processorSeconds } from './processes.ts';

const MEMORY_MS = 360_000;
/** A machine that nobody uses stands still after two minutes. */
const RESTS_AFTER_MS = 125_000;
/**
 * Three looks are taken at an idle machine, and in Chromium three at one that stands (decision 0171). In Firefox they end before it is
 * saved, fifteen seconds after its last use (decision 0102). There is no look at one that stands: Firefox collects the memory of the
 * save then, at times a whole second of ten, and ends the host.
 */
const LOOK_MS = { chromium: 20_000, firefox: 3_000 };
/** From the last program on. */
const IDLE_AFTER_MS = { chromium: 5_000, firefox: 3_000 };
/** What the host makes ahead of need after a start is there by then, also on a slow device. */
const SETTLED_MS = 20_000;
const STANDS_MS = 1_000;
const RESTING_MS = 400_000;

/** Per cent of one core, over so many milliseconds. */
async function share(started: BenchBrowser, forMs: number): Promise<number> {
  const [before, atMs] = [processorSeconds(started.pid), performance.now()];
  await pause(forMs);
  return ((processorSeconds(started.pid) - before) * 100_000) / (performance.now() - atMs);
}

/** Of the whole browser: what a machine takes may lie in any of its processes. */
const memoryRow = (browser: BrowserName, named: string): Promise<BenchRow> =>
  measured(
    `memory of a working full machine, all processes of the browser${named}`,
    'MB',
    async () => {
      const samples = await repeat(3, async () => {
        await using started = await startBrowser(browser);
        const client = await connectRunsClient(await started.quietPage());
        await client.call('status', {});
        const before = await restingMegabytes(started.pid, browserMegabytes);
        await finished(
          client,
          'git --version; python3 -c "print(1)"; for n in {1..20}; do ls /usr/bin | wc -l; done',
          'memory',
        );
        return browserMegabytes(started.pid) - before;
      });
      return { samples, budget: { median: 450 } };
    },
    MEMORY_MS,
  );

/** From a command for a machine that stands still to its first output. */
const backAfter = async (client: RunsClient): Promise<number> =>
  (await finished(client, 'echo back', 'rest')).firstOutputMs ?? Number.NaN;

async function* resting(browser: BrowserName, named: string): AsyncGenerator<BenchRow> {
  const shares: { idle: number[]; stopped: number[]; back: number[] } = { idle: [], stopped: [], back: [] };
  yield await measured(
    `processor share of an idle machine${named}`,
    '% of a core',
    async () => {
      await using started = await startBrowser(browser);
      const client = await connectRunsClient(await started.quietPage());
      await finished(client, 'true', 'rest');
      await pause(SETTLED_MS);
      await finished(client, 'true', 'rest');
      await pause(IDLE_AFTER_MS[browser]);
      shares.idle.push(...(await repeat(3, () => share(started, LOOK_MS[browser]))));
      if (browser === 'chromium') {
        await pause(RESTS_AFTER_MS);
        shares.stopped.push(...(await repeat(3, () => share(started, LOOK_MS[browser]))));
        shares.back.push(await backAfter(client));
      }
      shares.back.push(
        ...(await repeat(5, async () => {
          // Saved by hand it stands still too.
          const saved = await client.call('saveMachine', { sessionId: runRequest('', 'rest').sessionId });
          if (!saved.ok) throw new Error(saved.error.code);
          // It answers once it is saved, and stands once it has read again what a shell begins with.
          await pause(STANDS_MS);
          return backAfter(client);
        })),
      );
      return { samples: shares.idle, budget: { median: 5 } };
    },
    RESTING_MS,
  );
  const kept = (name: string, unit: string, samples: number[], median: number): Promise<BenchRow> =>
    measured(`${name}${named}`, unit, async () => ({
      samples: samples.length > 0 ? samples : [Number.NaN],
      budget: { median },
    }));
  if (browser === 'chromium')
    yield await kept('processor share after two idle minutes', '% of a core', shares.stopped, 0.5);
  yield await kept('back from standing still to first output', 'ms', shares.back, 150);
}

/** What a machine costs the browser: memory at work, the processor at rest, and the way back from standing still. */
export async function* costRows(browser: BrowserName, named: string): AsyncGenerator<BenchRow> {
  yield await memoryRow(browser, named);
  yield* resting(browser, named);
}
