import type { Outcome } from '../../src/contracts/outcome.ts';
import { outcomeOf, type RunsClient, runRequest, textOf } from '../../tests/support/runs-client/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { inBrowser } from './in-browser.ts';

const LIMIT_MS = 1_000;
/** Over at the limit plus this much. */
const MOST_LATE_MS = 2_000;
/** The next run is right within this long. */
const MOST_NEXT_MS = 10_000;

/** Programs that never end by themselves, each in its own way: only the limit is their end. */
const ENDLESS: readonly string[] = [
  'while True: pass',
  'import time\ntime.sleep(600)',
  'import asyncio\nasync def main():\n    while True: await asyncio.sleep(0)\nasyncio.run(main())',
  'import re\nre.match("(a+)+$", "a" * 60 + "b")',
  'def f(): f()\nwhile True:\n    try: f()\n    except RecursionError: pass',
  'while True:\n    try:\n        while True: pass\n    except BaseException: pass',
  'class E:\n    def __repr__(self):\n        while True: pass\nE()',
  'class D:\n    def __del__(self):\n        while True: pass\nd = D()\ndel d',
  'import itertools\nsum(itertools.count())',
  'x = 7 ** (7 ** 9)',
  'import numpy as np\na = np.random.rand(2500, 2500)\nwhile True: a = a @ a',
  'import signal, time\nsignal.signal(signal.SIGINT, lambda *_: None)\nwhile True: time.sleep(1)',
  'import sys\nwhile True: sys.stdout.write("")',
];

/** Waits for what cannot come: Python refuses to, and says so, before the limit. */
const STUCK = 'import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\nwhile True: pass';

/** Whether it ended as such a program may: one that is back at once has not run. */
function isRightEnd(code: string, outcome: Outcome | null): boolean {
  if (code === STUCK) return outcome?.kind === 'completed' && outcome.error !== null;
  return outcome?.kind === 'timedOut';
}

async function endAtLimit(client: RunsClient, code: string): Promise<{ lateMs: number; nextMs: number }> {
  const limits = { timeMs: LIMIT_MS, memoryMB: 512 };
  // Without the start of its engine: only the program has the limit.
  await client.run(runRequest('1', 'limits'));
  const run = await client.run(runRequest(code, 'limits', { limits }));
  const isOver = isRightEnd(code, outcomeOf(run));
  const next = await client.run(runRequest('print(6 * 7)', 'limits'));
  const isRight = textOf(next, 'stdout') === '42\n' && outcomeOf(next)?.kind === 'completed';
  return {
    lateMs: isOver ? Math.max(0, run.endedMs - LIMIT_MS) : Number.NaN,
    nextMs: isRight ? next.endedMs : Number.NaN,
  };
}

/** Every endless program is over soon after its limit, and the next run is right. */
export async function* limits(): AsyncGenerator<BenchRow> {
  const seen = await inBrowser(async (client) => {
    const ends: { lateMs: number; nextMs: number }[] = [];
    for (const code of [...ENDLESS, STUCK]) ends.push(await endAtLimit(client, code));
    return ends;
  });
  yield benchRow({
    name: `reliability: over after its limit, ${String(ENDLESS.length + 1)} endless programs`,
    unit: 'ms',
    samples: seen.map(({ lateMs }) => lateMs),
    budget: { p95: MOST_LATE_MS },
  });
  yield benchRow({
    name: 'reliability: the next run is right',
    unit: 'ms',
    samples: seen.map(({ nextMs }) => nextMs),
    budget: { p95: MOST_NEXT_MS },
  });
}
