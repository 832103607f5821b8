import { join } from 'node:path';
import { bundleScript } from '../../tests/support/bundle-script.ts';
import { inputOf, selectionCases } from '../../tests/support/selection-cases.ts';
import { type BenchGroup, benchRow } from '../bench-row.ts';
import { repeat, startBrowser } from '../support/extension-browser.ts';
import type { benchExecution } from './execution-script.ts';

interface InPage {
  readonly benchExecution: typeof benchExecution;
}

const RUNS = 1_000;

/**
 * The run service without an engine: deciding, queueing, recording. In a page of the extension, over its database. Only the queue has
 * a peer on npm: nothing there decides where a program should run, or runs one and keeps a record of it.
 */
export const executionRows: BenchGroup = async function* () {
  await using started = await startBrowser('chromium');
  const page = await started.quietPage();
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'execution-script.ts')));

  const inputs = selectionCases.map(inputOf);
  yield benchRow({
    name: `selection, each of ${inputs.length} labelled programs`,
    unit: 'ms',
    samples: await page.evaluate((all) => (globalThis as unknown as InPage).benchExecution.decisions(all, 50), inputs),
    budget: { p95: 5 },
  });

  const alone = await page.evaluate(() => (globalThis as unknown as InPage).benchExecution.alone(200));
  yield benchRow({
    name: 'run service, asked to outcome of a run that does nothing',
    unit: 'ms',
    samples: alone,
    budget: { median: 5 },
  });

  const ours = await repeat(5, () =>
    page.evaluate((n) => (globalThis as unknown as InPage).benchExecution.queued(n), RUNS),
  );
  const peer = await repeat(5, () =>
    page.evaluate((n) => (globalThis as unknown as InPage).benchExecution.peer(n), RUNS),
  );
  yield benchRow({
    name: `each of ${RUNS} runs queued at once, recorded on disk`,
    unit: 'ms',
    samples: ours.map(({ ms }) => ms / RUNS),
    peer: { name: 'p-queue, jobs that do nothing', samples: peer.map((ms) => ms / RUNS) },
    budget: { median: 5 },
  });
  yield benchRow({
    name: `of ${RUNS} queued runs lost or out of order`,
    unit: 'runs',
    samples: ours.map(({ lost, misplaced }) => lost + misplaced),
    budget: { p95: 0 },
  });
};
