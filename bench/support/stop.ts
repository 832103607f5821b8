import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserName, repeat, startBrowser } from './extension-browser.ts';
import type { Language } from '../../src/contracts/run.ts';
import type { BenchRow } from '../bench-row.ts';
import { finished } from './finished.ts';
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
  /** How long after that it surely is there; at once where nothing is said. */
  readonly settlesMs?: number;
}

const KEPT: Bar = { p95: 100, isLost: false };

/** Programs of a language that are stopped, and how it is seen what they leave. */
interface Stopped {
  readonly cases: readonly Case[];
  /** Leaves something in the session, and in a file. */
  readonly keep: (turn: number) => string;
  readonly look: string;
  readonly left: (turn: number, isLost: boolean) => string;
}

const PYTHON_CASES: readonly Case[] = [
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

/** In Linux a program is stopped by the agent beside it, in both browsers. Forty times: two of them may be longer than the p95. */
const SHELL_CASES: readonly Case[] = [
  { name: 'endless loop', code: 'echo go; while :; do :; done' },
  // The shell is about to start it: what the guest needs for that counts too.
  { name: 'sleep', code: 'echo go; sleep 60' },
  { name: 'sleep that has begun', code: 'echo go; sleep 60', settlesMs: 300 },
  { name: 'flood of output', code: 'yes' },
].map(({ name, ...one }) => ({
  ...one,
  name: `${name} of the shell`,
  times: 40,
  stands: 'output',
  chromium: KEPT,
  firefox: KEPT,
}));

const STOPPED = {
  python: {
    cases: PYTHON_CASES,
    keep: (turn) => `kept = ${turn}\nwith open("/mnt/data/kept.txt", "w") as f: f.write("${turn}")`,
    look: 'print(open("/mnt/data/kept.txt").read(), globals().get("kept"))',
    left: (turn, isLost) => `${turn} ${isLost ? 'None' : turn}\n`,
  },
  shell: {
    cases: SHELL_CASES,
    keep: (turn) => `mkdir -p /tmp/${turn}; cd /tmp/${turn}; echo ${turn} >/mnt/data/kept.txt`,
    look: 'cat /mnt/data/kept.txt; pwd',
    left: (turn) => `${turn}\n/tmp/${turn}\n`,
  },
} as const satisfies Partial<Readonly<Record<Language, Stopped>>>;

/** What the program printed; throws where it did not end well. */
const printed = async (client: RunsClient, code: string, session: string, language: Language): Promise<string> =>
  textOf(await finished(client, code, session, { language }), 'stdout');

/** From the press to the end, once the program stands; throws where more or less is left afterwards than is said. */
async function stopOnce(
  client: RunsClient,
  language: keyof typeof STOPPED,
  one: Case,
  isLost: boolean,
  turn: number,
): Promise<number> {
  const { keep, look, left }: Stopped = STOPPED[language];
  const session = `stop ${one.name}`;
  await printed(client, keep(turn), session, language);
  const started = await client.call('start', runRequest(one.code, session, { stdin: null, language }));
  if (!started.ok) throw new Error(started.error.code);
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  await client.until(runId, one.stands);
  if (one.settlesMs !== undefined) await pause(one.settlesMs);
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
  const found = await printed(client, look, session, language);
  if (found !== left(turn, isLost)) throw new Error(`left after Stop in ${one.name}: ${found}`);
  return tookMs;
}

/** How long Stop takes in programs that do not want to stop. */
export async function* stopRows(browser: BrowserName, language: keyof typeof STOPPED): AsyncGenerator<BenchRow> {
  const named = browser === 'firefox' ? ' (Firefox)' : '';
  const { cases }: Stopped = STOPPED[language];
  for (const one of cases) {
    yield await measured(`Stop in ${one.name}${named}`, 'ms', async () => {
      await using started = await startBrowser(browser);
      const client = await connectRunsClient(await started.popupPage());
      const { p95, isLost } = one[browser];
      // Where Firefox has to end the worker each turn waits for a start: half as often.
      const times = browser === 'firefox' && isLost ? Math.ceil(one.times / 2) : one.times;
      const samples = await repeat(times, (turn) => stopOnce(client, language, one, isLost, turn));
      return { samples, budget: { p95 } };
    });
  }
}
