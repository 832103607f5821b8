import { setTimeout as pause } from 'node:timers/promises';
import { connectRunsClient, runRequest } from '../tests/support/runs-client/index.ts';
import { finishedCard, sendMessage } from '../tests/support/browsers/index.ts';
import type { BenchGroup, BenchRow, RowSamples } from './bench-row.ts';
import {
  type BenchBrowser,
  type BoxBench,
  type BrowserName,
  loadBoxBench,
  repeat,
  startBrowser,
  type StartTimes,
} from './support/extension-browser.ts';
import { measured } from './support/measured.ts';
import { growthRow } from './support/memory.ts';
import { stopRows } from './support/stop.ts';

const IMPORTS = 'import numpy, pandas, matplotlib.pyplot\nprint(1)';
/** The site keeps the last six turns of a chat on the page. */
const TURNS_SHOWN = 6;
/** People start programs seconds apart: by then what is kept ahead of need stands and has compiled all that it keeps. */
const BETWEEN_STARTS_MS = 4_000;
const LOADED = 'loadPyodide in the same box';
const toOutput = (runs: readonly StartTimes[]): number[] => runs.map((run) => run.firstOutputMs);
const toEnd = (runs: readonly StartTimes[]): number[] => runs.map((run) => run.endedMs);
const label = (browser: BrowserName): string => (browser === 'firefox' ? ' (Firefox)' : '');

/** The engine in a browser that was just started: the door is asked at once, nothing was warmed. */
async function coldStart(browser: BrowserName): Promise<RowSamples> {
  const ours = await repeat(5, async () => {
    await using started = await startBrowser(browser);
    const client = await connectRunsClient(await started.quietPage());
    const run = await client.run(runRequest('print(1)', 'cold'));
    return run.firstOutputMs ?? Number.NaN;
  });
  const peer = await repeat(2, async () => {
    await using started = await startBrowser(browser);
    const box = await loadBoxBench(await started.quietPage());
    return (await box.startAndRun('cold', 'print(1)')).firstOutputMs;
  });
  return {
    samples: ours,
    peer: { name: LOADED, samples: peer },
    budget: browser === 'firefox' ? { median: 900 } : { median: 700, ratio: 0.6 },
  };
}

interface Fresh {
  readonly start: 'base' | 'science';
  readonly code: string;
  readonly peerName: string;
  readonly medianMs: number;
  /** A second after the start before, when the begun box has its files but no interpreter yet; told, not judged. */
  readonly isHurried?: boolean;
}

/** A fresh worker where the browser has run one before; nothing is shared but the bytes in the host. */
async function freshWorker(browser: BrowserName, fresh: Fresh): Promise<RowSamples> {
  await using started = await startBrowser(browser);
  const box = await loadBoxBench(await started.popupPage());
  await box.startAndRun(fresh.start, fresh.code);
  const ours = fresh.isHurried
    ? await repeat(4, () => nextRun(box, fresh.start, fresh.code))
    : await restedRuns(box, 8, fresh.start, fresh.code);
  const peer = await repeat(2, () => box.startAndRun('cold', fresh.code));
  return {
    samples: toOutput(ours),
    peer: { name: fresh.peerName, samples: toOutput(peer) },
    budget: fresh.isHurried ? {} : { median: fresh.medianMs },
  };
}

/** A start as soon as the begun box has been sent what it gets. */
async function nextRun(box: BoxBench, start: 'base' | 'science', code: string): Promise<StartTimes> {
  await box.rest();
  return box.startAndRun(start, code);
}

/** Starts as they come from people, not in a row. */
function restedRuns(box: BoxBench, times: number, start: 'base' | 'science', code: string): Promise<StartTimes[]> {
  return repeat(times, async () => {
    await box.rest();
    await pause(BETWEEN_STARTS_MS);
    return box.startAndRun(start, code);
  });
}

async function fromSpare(browser: BrowserName): Promise<RowSamples> {
  await using started = await startBrowser(browser);
  const box = await loadBoxBench(await started.popupPage());
  const runs = await repeat(8, async () => {
    await box.warmSpare('science');
    return box.startAndRun('science', 'print(1)', true);
  });
  return { samples: toOutput(runs), budget: { median: 60 } };
}

async function* starts(browser: BrowserName): AsyncGenerator<BenchRow> {
  const named = label(browser);
  yield await measured(`cold start to first stdout${named}`, 'ms', () => coldStart(browser));
  yield await measured(`fresh worker, base heap${named}`, 'ms', () =>
    freshWorker(browser, { start: 'base', code: 'print(1)', peerName: LOADED, medianMs: 200 }),
  );
  yield await measured(`fresh worker, base heap, a second after another${named}`, 'ms', () =>
    freshWorker(browser, { start: 'base', code: 'print(1)', peerName: LOADED, medianMs: 200, isHurried: true }),
  );
  yield await measured(`fresh worker, numpy pandas pyplot imported${named}`, 'ms', () =>
    freshWorker(browser, {
      start: 'science',
      code: IMPORTS,
      peerName: 'loadPyodide and ordinary imports',
      medianMs: 400,
    }),
  );
  yield await measured(`session from the warm spare${named}`, 'ms', () => fromSpare(browser));
}

/** From the call on the wire to the card in the page; the first of each chat starts its session and does not count. */
async function printInCard(): Promise<RowSamples> {
  await using started = await startBrowser('chromium');
  const chats = await repeat(3, async () => {
    const page = await started.newChatPage();
    const readings = await repeat(TURNS_SHOWN, async (turn) => {
      started.site.scene({
        name: 'print',
        prompt: 'print',
        title: 'Print',
        isShown: false,
        steps: [{ kind: 'call', code: 'print(1)', form: 'whole', result: null }],
      });
      await sendMessage(page, started.site, 'x');
      return finishedCard(page, turn, 20_000);
    });
    await page.close();
    return readings.slice(1).map((card) => card.firstOutputMs ?? Number.NaN);
  });
  return { samples: chats.flat(), budget: { median: 25, p95: 60 } };
}

const CHART = `import io
import pandas as pd, matplotlib.pyplot as plt
frame = pd.read_csv(io.StringIO("month,region,sales\\n" + "\\n".join(f"{m},{r},{m * 7 % 11 + len(r)}" for m in range(1, 13) for r in ("north", "south"))))
table = frame.groupby("region")["sales"].sum()
table.plot.bar(); plt.title("Sales")
buffer = io.BytesIO(); plt.savefig(buffer, format="png"); plt.close("all")
print(len(buffer.getvalue()) > 1000)`;

async function chartInCard(started: BenchBrowser, turns: number): Promise<number[]> {
  const page = await started.newChatPage();
  return repeat(turns, async (turn) => {
    await sendMessage(page, started.site, 'chart');
    return (await finishedCard(page, turn, 20_000)).figureMs ?? Number.NaN;
  });
}

/** The chart scene: read a table, group it, one figure. */
async function* charts(): AsyncGenerator<BenchRow> {
  yield await measured('chart scene, browser just started, to figure', 'ms', async () => {
    const samples = await repeat(3, async () => {
      await using started = await startBrowser('chromium');
      return await chartInCard(started, 1);
    });
    return { samples: samples.flat(), budget: { median: 1500 } };
  });
  yield await measured('chart scene, warm host, to figure in the card', 'ms', async () => {
    await using started = await startBrowser('chromium');
    const samples = await chartInCard(started, TURNS_SHOWN);
    return { samples: samples.slice(1), budget: { median: 400 } };
  });
  yield await measured('chart program in a fresh worker', 'ms', async () => {
    await using started = await startBrowser('chromium');
    const box = await loadBoxBench(await started.popupPage());
    await box.startAndRun('science', CHART);
    const ours = await restedRuns(box, 5, 'science', CHART);
    const peer = await repeat(3, () => box.startAndRun('cold', CHART));
    return {
      samples: toEnd(ours),
      peer: { name: 'the same with ordinary imports', samples: toEnd(peer) },
      budget: { ratio: 0.4 },
    };
  });
}

/** Starts, runs, cards, Stop and memory of Python. */
export const run: BenchGroup = async function* () {
  yield* starts('chromium');
  yield* starts('firefox');
  yield await measured('warm print(1), call seen to stdout in the card', 'ms', printInCard);
  yield* charts();
  yield* stopRows('chromium');
  yield* stopRows('firefox');
  yield await growthRow();
};
