import { clickPart, finishedCard, sendMessage, turnEnded } from '../../tests/support/browsers/index.ts';
import type { Renderer } from '../../tests/support/site/options.ts';
import type { BenchRow } from '../bench-row.ts';
import { type BenchBrowser, repeat, startBrowser } from './extension-browser.ts';
import { type HeldTask, heldTasks, TRACED } from './held-thread.ts';
import { measuredHere } from './measured.ts';

const BAR = 'chatgpt-companion-run';
/** Bars of the scene `code` whose blocks run here, last first: a press replaces a bar by a card. */
const BLOCKS = [5, 3, 2, 1, 0];
const FLOOD = 'for n in range(30000): print(n, "x" * 60)';
const TABLE = `import pandas as pd
pd.DataFrame({"n": range(300), "square": [n * n for n in range(300)]})`;
const ROUNDS = 5;

/** One chat from its loading on: code blocks that run, a chart, a table and a flood of lines. */
async function chat(started: BenchBrowser): Promise<HeldTask[]> {
  const { site } = started;
  const scripts = `${started.extensionOrigin}/content-scripts/`;
  const page = await started.blankPage();
  await page.tracing.start({ categories: TRACED });
  await page.goto(`${site.origin}/`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('html[data-hydrated]');
  await sendMessage(page, site, 'code');
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, BAR);
  for (const index of BLOCKS) {
    await clickPart(page, '[data-action="run-block"]', { host: BAR, index });
    await finishedCard(page);
  }
  await sendMessage(page, site, 'chart');
  await finishedCard(page, BLOCKS.length);
  for (const [at, code] of [TABLE, FLOOD].entries()) {
    site.scene({
      name: 'held',
      prompt: 'held',
      title: 'Held',
      isShown: false,
      steps: [{ kind: 'call', code, form: 'whole', result: null }],
    });
    await sendMessage(page, site, 'x');
    await finishedCard(page, BLOCKS.length + 1 + at);
  }
  const trace = await page.tracing.stop();
  await page.close();
  if (!trace) throw new Error('no trace');
  return heldTasks(new TextDecoder().decode(trace), (address) => address.startsWith(scripts));
}

/** How long scripts of ours hold the site's main thread at a stretch, in the two designs of the page. */
export async function* heldRows(): AsyncGenerator<BenchRow> {
  for (const renderer of ['legacy', 'app'] as const satisfies readonly Renderer[]) {
    await using started = await startBrowser('chromium');
    started.site.set({ renderer, codeBlocks: 'mixed' });
    const name = `page: longest that we hold the main thread, blocks and cards (${renderer} design)`;
    yield await measuredHere(
      name,
      'ms',
      async () => {
        const chats = await repeat(ROUNDS, () => chat(started));
        for (const { ms, longest } of chats.flatMap((tasks) => tasks.slice(0, 3)))
          process.stderr.write(`${renderer}: ${Math.round(ms * 10) / 10} ms, longest in ${longest}\n`);
        return { samples: chats.map((tasks) => tasks[0]?.ms ?? Number.NaN), budget: { p95: 16 } };
      },
      240_000,
    );
  }
}
