import { setTimeout as pause } from 'node:timers/promises';
import { outcomeOf, type RunsClient, runRequest, textOf } from '../../tests/support/runs-client/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { inBrowser } from './in-browser.ts';

const KILLS = 50;
const TICKS = 60;

/** Output and a file grow by turns, so that a kill falls between any two steps; in the end the file is compared. */
const ticking = `import time
with open("/mnt/data/ticks.txt", "w") as kept:
    for tick in range(${String(TICKS)}):
        print(tick, flush=True)
        print(tick, file=kept, flush=True)
        time.sleep(0.05)
print(open("/mnt/data/ticks.txt").read() == "".join(f"{tick}\\n" for tick in range(${String(TICKS)})))`;
const allTicks = `${Array.from({ length: TICKS }, (_, tick) => `${String(tick)}\n`).join('')}True\n`;

async function tick(client: RunsClient, nth: number): Promise<boolean> {
  const started = await client.call('start', runRequest(ticking, `kills-${String(nth)}`));
  if (!started.ok) return false;
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  const run = await client.until(runId, 'ended');
  const isInOrder = run.events.every(({ n }, index) => n === index + 1);
  return run.lost === null && isInOrder && textOf(run, 'stdout') === allTicks && outcomeOf(run)?.kind === 'completed';
}

/** The service worker is stopped at random moments of runs that follow each other, and of the rests between them. */
export async function* kills(): AsyncGenerator<BenchRow> {
  const { faults, wakesMs } = await inBrowser(async (client, chromium) => {
    const spoilt: boolean[] = [];
    const wakes: number[] = [];
    let isOver = false;
    const runs = (async () => {
      for (let nth = 0; !isOver; nth += 1) {
        spoilt.push(!(await tick(client, nth)));
        await pause(Math.random() * 1_000);
      }
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
