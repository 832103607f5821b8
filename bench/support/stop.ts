import { type BrowserName, repeat, startBrowser } from './extension-browser.ts';
import type { BenchRow, Budget } from '../bench-row.ts';
import { measured } from './measured.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient } from '../../tests/support/runs-client/index.ts';

interface Case {
  readonly name: string;
  readonly code: string;
  readonly times: number;
  readonly chromium: Budget;
  readonly firefox: Budget;
}

const CASES: readonly Case[] = [
  {
    name: 'while True',
    code: 'print("go")\nwhile True: pass',
    times: 20,
    chromium: { p95: 100 },
    firefox: { p95: 500 },
  },
  {
    name: 'time.sleep',
    code: 'import time\nprint("go")\ntime.sleep(60)',
    times: 20,
    chromium: { p95: 100 },
    firefox: { p95: 100 },
  },
  {
    name: 'flood of output',
    code: 'while True: print("x" * 80)',
    times: 10,
    chromium: { p95: 100 },
    firefox: { p95: 500 },
  },
  {
    name: 'one long numpy call',
    code: 'import numpy as np\na = np.random.rand(3000, 3000)\nprint("go")\nfor _ in range(9): a = a @ a',
    times: 4,
    chromium: { p95: 1500 },
    firefox: { p95: 1500 },
  },
];

/** From the press to the end, once the program has said that it runs. */
async function stopOnce(client: RunsClient, code: string, session: string): Promise<number> {
  const started = await client.call('start', runRequest(code, session));
  if (!started.ok) throw new Error(started.error.code);
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  await client.until(runId, 'output');
  const { tookMs, events } = await client.page.evaluate(async (id) => {
    const runs = (
      globalThis as unknown as {
        companionRuns: {
          call(method: string, request: unknown): Promise<unknown>;
          until(id: string, kind: string): Promise<{ events: unknown[] }>;
        };
      }
    ).companionRuns;
    const at = performance.now();
    void runs.call('stop', { runId: id });
    const ended = await runs.until(id, 'ended');
    return { tookMs: performance.now() - at, events: ended.events.slice(-1) };
  }, runId);
  const outcome = outcomeOf({ events: events as never });
  if (outcome?.kind !== 'cancelled') throw new Error(`a stopped run ended ${outcome?.kind ?? 'never'}`);
  return tookMs;
}

/** How long Stop takes in programs that do not want to stop. */
export async function* stopRows(browser: BrowserName): AsyncGenerator<BenchRow> {
  const named = browser === 'firefox' ? ' (Firefox)' : '';
  for (const one of CASES) {
    yield await measured(`Stop in ${one.name}${named}`, 'ms', async () => {
      await using started = await startBrowser(browser);
      const client = await connectRunsClient(await started.popupPage());
      const session = `stop ${one.name}`;
      await client.run(runRequest('1', session));
      // A worker that has to be ended (Firefox) takes a start each time.
      const times = browser === 'firefox' ? Math.ceil(one.times / 2) : one.times;
      const samples = await repeat(times, () => stopOnce(client, one.code, session));
      return { samples, budget: one[browser] };
    });
  }
}
