import { setTimeout as sleep } from 'node:timers/promises';
import { manyBlocks, type Site } from '../../tests/support/site/index.ts';
import type { Renderer } from '../../tests/support/site/options.ts';
import { type BenchRow, benchRow } from '../bench-row.ts';
import { type BenchBrowser, startBrowser } from './extension-browser.ts';
import { heldTasks, TRACED } from './held-thread.ts';

const BAR = 'chatgpt-companion-run';
/** All are mounted at once: the app design mounts some turns only. */
const TURNS = 4;
const BLOCKS = 200;
/** Of five that follow each other in these answers. */
const PROGRAMS = 3 / 5;
const ROUNDS = 12;
/** Longer than a block has to stand still before it is read, and than what follows from that. */
const SETTLED_MS = 2_000;

interface Held {
  readonly allMs: number;
  /** Once our scripts stand: their start is the same without blocks. */
  readonly longestMs: number;
}

/** Opens a conversation of the past and answers how long scripts of ours held the page's thread until all bars stood. */
async function open(started: BenchBrowser, site: Site, blocks: number): Promise<Held> {
  const { id } = site.remember('Blocks', manyBlocks(TURNS, blocks / TURNS));
  const scripts = `${started.extensionOrigin}/content-scripts/`;
  const page = await started.blankPage();
  await page.tracing.start({ categories: TRACED });
  await page.goto(`${site.origin}/c/${id}`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('html[data-hydrated]');
  const bars = blocks * PROGRAMS;
  await page.waitForFunction((tag, count) => document.querySelectorAll(tag).length >= count, {}, BAR, bars);
  await sleep(SETTLED_MS);
  const trace = await page.tracing.stop();
  await page.close();
  if (!trace) throw new Error('no trace');
  const tasks = heldTasks(new TextDecoder().decode(trace), (address) => address.startsWith(scripts));
  return {
    allMs: tasks.reduce((sum, { ms }) => sum + ms, 0),
    longestMs: tasks.find(({ isStart }) => !isStart)?.ms ?? Number.NaN,
  };
}

/** What a page of 200 blocks of code costs the site's main thread, in the designs that mount all of them. */
export async function* blockRows(): AsyncGenerator<BenchRow> {
  for (const renderer of ['legacy', 'app'] as const satisfies readonly Renderer[]) {
    await using started = await startBrowser('chromium');
    started.site.set({ renderer, historyLagMs: 0 });
    const extra: number[] = [];
    const longest: number[] = [];
    // By turns with the same page without blocks: its start is no cost of bars.
    for (let round = -1; round < ROUNDS; round += 1) {
      const without = await open(started, started.site, 0);
      const full = await open(started, started.site, BLOCKS);
      if (round < 0) continue;
      extra.push(full.allMs - without.allMs);
      longest.push(full.longestMs);
    }
    yield benchRow({
      name: `page: bars of ${BLOCKS} blocks, our time on the main thread (${renderer} design)`,
      unit: 'ms',
      samples: extra,
      budget: { median: 50 },
    });
    yield benchRow({
      name: `page: longest that we hold the main thread for them (${renderer} design)`,
      unit: 'ms',
      samples: longest,
      budget: { p95: 16 },
    });
  }
}
