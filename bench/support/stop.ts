import { type BrowserName, repeat, startBrowser } from './extension-browser.ts';
import type { BenchRow } from '../bench-row.ts';
import { measured } from './measured.ts';
import {
  connectRunsClient,
  outcomeOf,
  runRequest,
  type RunsClient,
  textOf,
} from '../../tests/support/runs-client/index.ts';

/** What Stop may cost in one browser: milliseconds, and the variables where the worker has to be ended. */
interface Bar {
  readonly p95: number;
  readonly isLost: boolean;
}

interface Case extends Readonly<Record<BrowserName, Bar>> {
  readonly name: string;
  readonly code: string;
  readonly times: number;
  /** Of the first event that shows that the program is where it is to be stopped. */
  readonly stands: 'output' | 'input';
}

const KEPT: Bar = { p95: 100, isLost: false };

const CASES: readonly Case[] = [
  {
    name: 'while True',
    code: 'print("go")\nwhile True: pass',
    times: 20,
    stands: 'output',
    chromium: KEPT,
    firefox: { p95: 500, isLost: true },
  },
  {
    name: 'time.sleep',
    code: 'import time\nprint("go")\ntime.sleep(60)',
    times: 20,
    stands: 'output',
    chromium: KEPT,
    firefox: KEPT,
  },
  {
    name: 'input',
    code: 'input("?")',
    times: 20,
    stands: 'input',
    chromium: KEPT,
    firefox: KEPT,
  },
  {
    name: 'flood of output',
    code: 'while True: print("x" * 80)',
    times: 10,
    stands: 'output',
    chromium: KEPT,
    firefox: { p95: 500, isLost: true },
  },
  {
    name: 'one long numpy call',
    code: 'import numpy as np\na = np.random.rand(3000, 3000)\nprint("go")\nfor _ in range(9): a = a @ a',
    times: 4,
    stands: 'output',
    chromium: { p95: 1500, isLost: true },
    firefox: { p95: 1500, isLost: true },
  },
];

/** What the program printed; throws where it did not end well. */
async function printed(client: RunsClient, code: string, session: string): Promise<string> {
  const run = await client.run(runRequest(code, session));
  const outcome = outcomeOf(run);
  if (outcome?.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(`${code}: ${JSON.stringify(outcome)}`);
  return textOf(run, 'stdout');
}

/** From the press to the end, once the program stands; throws where more or less is left afterwards than is said. */
async function stopOnce(client: RunsClient, one: Case, isLost: boolean, turn: number): Promise<number> {
  const session = `stop ${one.name}`;
  await printed(client, `kept = ${turn}\nwith open("/mnt/data/kept.txt", "w") as f: f.write("${turn}")`, session);
  const started = await client.call('start', runRequest(one.code, session, { stdin: null }));
  if (!started.ok) throw new Error(started.error.code);
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  await client.until(runId, one.stands);
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
  if (outcome.sessionLost !== isLost) throw new Error(`variables were ${isLost ? 'kept' : 'lost'} in ${one.name}`);
  const left = await printed(client, 'print(open("/mnt/data/kept.txt").read(), globals().get("kept"))', session);
  if (left !== `${turn} ${isLost ? 'None' : turn}\n`) throw new Error(`left after Stop in ${one.name}: ${left}`);
  return tookMs;
}

/** How long Stop takes in programs that do not want to stop. */
export async function* stopRows(browser: BrowserName): AsyncGenerator<BenchRow> {
  const named = browser === 'firefox' ? ' (Firefox)' : '';
  for (const one of CASES) {
    yield await measured(`Stop in ${one.name}${named}`, 'ms', async () => {
      await using started = await startBrowser(browser);
      const client = await connectRunsClient(await started.popupPage());
      const { p95, isLost } = one[browser];
      // A worker that has to be ended (Firefox) takes a start each time.
      const times = browser === 'firefox' ? Math.ceil(one.times / 2) : one.times;
      const samples = await repeat(times, (turn) => stopOnce(client, one, isLost, turn));
      return { samples, budget: { p95 } };
    });
  }
}
