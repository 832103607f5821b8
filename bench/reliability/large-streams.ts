import type { Page } from 'puppeteer-core';
import { finishedCard, sendMessage, turnEnded } from '../../tests/support/browsers/index.ts';
import { openHookBrowser } from '../../tests/browser/support/hook-browser.ts';
import { letters, sha256 } from '../../tests/browser/support/hook-site.ts';
import { sse } from '../../tests/support/envelope-sender.ts';
import type { Site, Step } from '../../tests/support/site/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { startBrowser } from '../support/extension-browser.ts';
import { pageReport } from '../support/page-report.ts';

const FRAGMENTS = 1_000_000;
const HUGE_BYTES = 64 * 1024 * 1024;

async function play(site: Site, chat: Page, steps: readonly Step[]): Promise<void> {
  site.scene({ name: 'large', prompt: 'large', title: 'Large', isShown: false, steps });
  await sendMessage(chat, site, 'x');
}

interface Captured {
  readonly calls: number;
  readonly refused: number;
  readonly sha256: string;
}

/** Runs in the page: reads the turn as the site does, and waits for what the isolated end says of it. */
async function takeTurn(address: string): Promise<string> {
  const response = await fetch(address, { method: 'POST', body: '{}' });
  await response.text();
  const element = document.documentElement;
  while (!element.hasAttribute('capture')) await new Promise((done) => setTimeout(done, 50));
  return element.getAttribute('capture') ?? '';
}

/** A message in a million fragments is right to the last letter, from the hook to the call. */
async function* fragments(): AsyncGenerator<BenchRow> {
  const opened = await openHookBrowser('chrome', { probe: './bench/support/capture-script.ts' });
  try {
    const page = await opened.open();
    const answer = await page.evaluate(takeTurn, `/backend-api/f/conversation?fragments=${String(FRAGMENTS)}`);
    const seen = JSON.parse(answer) as Captured;
    const isRight = seen.calls === 1 && seen.refused === 0 && seen.sha256 === sha256(Buffer.from(letters(FRAGMENTS)));
    yield benchRow({
      name: 'reliability: messages of a million fragments that came wrong',
      unit: 'messages',
      samples: [isRight ? 0 : 1],
      budget: { p95: 0 },
    });
  } finally {
    await opened.close();
  }
}

/** Bytes that the page and our script in it hold, after what nobody holds is gone. */
async function heapBytes(page: Page): Promise<number> {
  const session = await page.createCDPSession();
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** Asks until a problem is counted; what never comes ends with the row's own time. */
async function problemsWith(page: Page, name: string): Promise<Readonly<Record<string, number>>> {
  for (;;) {
    const { problems } = (await pageReport(page)).health;
    if (problems[name] !== undefined) return problems;
  }
}

const SMALL: Step = { kind: 'call', code: 'print(6 * 7)', form: 'whole', result: null };
const MOST_GROWTH_MB = 32;

/** A frame of 64 MB on the socket, and an event of 64 MB in a body: each counted, not kept, and the page and its calls go on. */
async function* huge(): AsyncGenerator<BenchRow> {
  await using started = await startBrowser('chromium');
  const tools = await started.quietPage();
  const chat = await started.newChatPage();
  await play(started.site, chat, [SMALL]);
  await finishedCard(chat);
  await turnEnded(chat);
  const before = await heapBytes(chat);
  started.site.broadcast({ huge: 'x'.repeat(HUGE_BYTES) });
  const afterFrame = await problemsWith(tools, 'hook_oversized');
  await play(started.site, chat, [{ kind: 'raw', text: sse(`"${'x'.repeat(HUGE_BYTES)}"`, 'delta') }, SMALL]);
  const card = await finishedCard(chat, 1);
  const afterEvent = await problemsWith(tools, 'oversized_event');
  yield benchRow({
    name: 'reliability: a frame and an event of 64 MB, each counted once',
    unit: 'missing or doubled',
    samples: [Math.abs((afterFrame['hook_oversized'] ?? 0) - 1), Math.abs((afterEvent['oversized_event'] ?? 0) - 1)],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'reliability: calls after those that did not run right',
    unit: 'calls',
    samples: [card.outcome === 'completed' && card.stdout.trim() === '42' ? 0 : 1],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'reliability: memory of the page that stays taken by those',
    unit: 'MB',
    samples: [((await heapBytes(chat)) - before) / 1e6],
    budget: { p95: MOST_GROWTH_MB },
  });
}

/** R6 beside the frames of `frames.ts`: a message of a million fragments, and frames of 64 MB. */
export async function* largeStreams(): AsyncGenerator<BenchRow> {
  yield* fragments();
  yield* huge();
}
