import { setTimeout as pause } from 'node:timers/promises';
import { outcomeOf, runRequest } from '../../tests/support/runs-client/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { inBrowser } from './in-browser.ts';

const FLUSHES = 1_000_000;

/** A million flushes; the page hears of few, and the host answers meanwhile. */
export async function* flushes(): AsyncGenerator<BenchRow> {
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
