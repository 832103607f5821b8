import type { Page } from 'puppeteer-core';
import { LIMITS } from '../../src/contracts/limits.ts';
import type { RunSummary } from '../../src/contracts/run.ts';
import { finishedCard, partsOf, sendMessage } from '../../tests/support/browsers/index.ts';
import {
  connectRunsClient,
  outcomeOf,
  type RunsClient,
  runRequest,
  textOf,
} from '../../tests/support/runs-client/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { startBrowser } from '../support/extension-browser.ts';

const BYTES = 100 * 1024 * 1024;
/** 100 MB in lines of 64 bytes. */
const FLOOD = `import sys
lines = ('x' * 63 + '\\n') * 1024
for _ in range(${String(BYTES / 65_536)}): sys.stdout.write(lines)`;
/** How large what was not shown became; the card names the place. */
const SIZE = `import pathlib
print(sum(path.stat().st_size for path in pathlib.Path('/mnt/data/.output').rglob('output.txt')))`;

interface Sampled {
  answersMs?: number[];
}

/** Runs in the page, until it is gone: how long the page needs from being asked to its next picture, again and again. */
function sampleAnswers(): void {
  const answersMs: number[] = [];
  (globalThis as Sampled).answersMs = answersMs;
  const ask = (): void => {
    const askedAtMs = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () =>
      requestAnimationFrame(() => {
        answersMs.push(performance.now() - askedAtMs);
        setTimeout(ask, 20);
      });
    port2.postMessage(null);
  };
  ask();
}

const takeAnswers = (page: Page) => page.evaluate(() => (globalThis as Sampled).answersMs?.splice(0) ?? []);

/** The run that a chat has just started. */
async function runOf(client: RunsClient): Promise<RunSummary> {
  for (;;) {
    const answer = await client.call('recentRuns', { most: 1 });
    const [run] = answer.ok ? (answer.value as readonly RunSummary[]) : [];
    if (run !== undefined) return run;
  }
}

/** A call that prints 100 MB: the chat answers meanwhile, hears of few events, and little is kept, which the card says. */
export async function* output(): AsyncGenerator<BenchRow> {
  await using started = await startBrowser('chromium');
  const client = await connectRunsClient(await started.quietPage());
  const chat = await started.newChatPage();
  started.site.scene({
    name: 'large output',
    prompt: 'large output',
    title: 'Large output',
    isShown: false,
    steps: [{ kind: 'call', code: FLOOD, form: 'whole', result: null }],
  });
  await chat.evaluate(sampleAnswers);
  await sendMessage(chat, started.site, 'x');
  await takeAnswers(chat);
  const { runId, sessionId } = await runOf(client);
  await client.watch(runId, 0);
  const run = await client.until(runId, 'ended');
  const card = await finishedCard(chat);
  const answersMs = await takeAnswers(chat);
  const outcome = outcomeOf(run);
  if (outcome?.kind !== 'completed' || outcome.error !== null) throw new Error(`it ended ${JSON.stringify(outcome)}`);
  const measured = await client.run({ ...runRequest(SIZE, ''), sessionId });
  const said = await partsOf(chat, '[data-part="truncated"]');
  const keptBytes = new TextEncoder().encode(textOf(run, 'stdout')).length;
  const filedBytes = Number(textOf(measured, 'stdout'));
  const beyond = (bytes: number, most: number): number => Math.max(0, bytes - most);
  yield benchRow({
    name: 'reliability: the chat answers while a call prints 100 MB',
    unit: 'ms',
    samples: answersMs,
    budget: { p95: 200 },
  });
  yield benchRow({
    name: 'reliability: events a second to the page in those 100 MB',
    unit: 'events/s',
    samples: [(run.events.at(-1)?.n ?? Number.NaN) / (outcome.timeMs / 1_000)],
    budget: { p95: 60 },
  });
  yield benchRow({
    name: 'reliability: bytes of those 100 MB kept beyond the bounds of card and file',
    unit: 'bytes',
    samples: [
      beyond(keptBytes, LIMITS.outputShownBytes.standard) + beyond(filedBytes, LIMITS.outputFileBytes.standard),
    ],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'reliability: of those 100 MB neither shown nor in the file',
    unit: 'bytes',
    samples: [Math.abs(BYTES - keptBytes - filedBytes)],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'reliability: those 100 MB cut without a word',
    unit: 'cards',
    samples: [said.length === 1 && card.outcome === 'completed' ? 0 : 1],
    budget: { p95: 0 },
  });
}
