import { connectRunsClient, runRequest } from '../tests/support/runs-client/index.ts';
import { finishedCard, sendMessage } from '../tests/support/browsers/index.ts';
import { type BenchGroup, benchRow } from './bench-row.ts';
import { type BoxBench, type BrowserName, loadBoxBench, repeat, startBrowser } from './support/extension-browser.ts';
import { growthRow } from './support/memory.ts';
import { stopRows } from './support/stop.ts';

const IMPORTS = 'import numpy, pandas, matplotlib.pyplot\nprint(1)';
const ordinary = (samples: readonly { firstOutputMs: number }[]): number[] =>
  samples.map((sample) => sample.firstOutputMs);
const label = (browser: BrowserName): string => (browser === 'firefox' ? ' (Firefox)' : '');

/** Starts come from people, not in a row: the box that the last one used up has begun again. */
async function rested<T>(box: BoxBench, once: () => Promise<T>): Promise<T> {
  await box.rest();
  return once();
}

/** The engine in a browser that was just started: the door is asked at once, nothing was warmed. */
async function* coldStarts(browser: BrowserName) {
  const ours = await repeat(5, async () => {
    await using started = await startBrowser(browser);
    const client = await connectRunsClient(await started.quietPage());
    const run = await client.run(runRequest('print(1)', 'cold'));
    return run.firstOutputMs ?? Number.NaN;
  });
  const peer = await repeat(3, async () => {
    await using started = await startBrowser(browser);
    const box = await loadBoxBench(await started.quietPage());
    return (await box.startAndRun('cold', 'print(1)')).firstOutputMs;
  });
  yield benchRow({
    name: `cold start to first stdout${label(browser)}`,
    unit: 'ms',
    samples: ours,
    peer: { name: 'loadPyodide in the same box', samples: peer },
    budget: browser === 'firefox' ? { median: 900 } : { median: 700, ratio: 0.6 },
  });
}

/** A fresh worker where the browser has run one before; nothing is shared but the bytes in the host. */
async function* freshWorkers(browser: BrowserName) {
  await using started = await startBrowser(browser);
  const box = await loadBoxBench(await started.popupPage());
  await box.startAndRun('science', IMPORTS);
  const base = await repeat(10, () => rested(box, () => box.startAndRun('base', 'print(1)')));
  const cold = await repeat(3, () => box.startAndRun('cold', 'print(1)'));
  yield benchRow({
    name: `fresh worker, base heap${label(browser)}`,
    unit: 'ms',
    samples: ordinary(base),
    peer: { name: 'loadPyodide in the same box', samples: ordinary(cold) },
    budget: { median: 200 },
  });
  const science = await repeat(10, () => rested(box, () => box.startAndRun('science', IMPORTS)));
  const imports = await repeat(3, () => box.startAndRun('cold', IMPORTS));
  yield benchRow({
    name: `fresh worker, numpy pandas pyplot imported${label(browser)}`,
    unit: 'ms',
    samples: ordinary(science),
    peer: { name: 'loadPyodide and ordinary imports', samples: ordinary(imports) },
    budget: { median: 400 },
  });
  const spare = await repeat(8, async () => {
    await box.warmSpare('science');
    return box.startAndRun('science', 'print(1)', true);
  });
  yield benchRow({
    name: `session from the warm spare${label(browser)}`,
    unit: 'ms',
    samples: ordinary(spare),
    budget: { median: 60 },
  });
}

/** From the call on the wire to the card in the page. */
async function* cards() {
  await using started = await startBrowser('chromium');
  const page = await started.newChatPage();
  // The site keeps the last six turns of a chat on the page.
  const readings = await repeat(6, async (turn) => {
    started.site.scene({
      name: 'print',
      prompt: 'print',
      title: 'Print',
      isShown: false,
      steps: [{ kind: 'call', code: 'print(1)', form: 'whole', result: null }],
    });
    await sendMessage(page, started.site, 'x');
    return finishedCard(page, turn);
  });
  yield benchRow({
    name: 'warm print(1), call seen to stdout in the card',
    unit: 'ms',
    samples: readings.slice(1).map((card) => card.firstOutputMs ?? Number.NaN),
    budget: { median: 25, p95: 60 },
  });
}

const CHART = `import io
import pandas as pd, matplotlib.pyplot as plt
frame = pd.read_csv(io.StringIO("month,region,sales\\n" + "\\n".join(f"{m},{r},{m * 7 % 11 + len(r)}" for m in range(1, 13) for r in ("north", "south"))))
table = frame.groupby("region")["sales"].sum()
table.plot.bar(); plt.title("Sales")
buffer = io.BytesIO(); plt.savefig(buffer, format="png"); plt.close("all")
print(len(buffer.getvalue()) > 1000)`;

/** The chart scene: read a table, group it, one figure. */
async function* charts() {
  const cold = await repeat(3, async () => {
    await using started = await startBrowser('chromium');
    const page = await started.newChatPage();
    await sendMessage(page, started.site, 'chart');
    return (await finishedCard(page)).figureMs ?? Number.NaN;
  });
  yield benchRow({
    name: 'chart scene, browser just started, to figure',
    unit: 'ms',
    samples: cold,
    budget: { median: 1500 },
  });
  await using started = await startBrowser('chromium');
  const page = await started.newChatPage();
  const warm = await repeat(8, async (turn) => {
    await sendMessage(page, started.site, 'chart');
    return (await finishedCard(page, turn)).figureMs ?? Number.NaN;
  });
  const box = await loadBoxBench(await started.popupPage());
  const ours = await repeat(5, () => rested(box, () => box.startAndRun('science', CHART)));
  const peer = await repeat(3, () => box.startAndRun('cold', CHART));
  yield benchRow({
    name: 'chart scene, warm host, to figure in the card',
    unit: 'ms',
    samples: warm.slice(1),
    budget: { median: 400 },
  });
  yield benchRow({
    name: 'chart program in a fresh worker',
    unit: 'ms',
    samples: ours.map((run) => run.endedMs),
    peer: { name: 'the same with ordinary imports', samples: peer.map((run) => run.endedMs) },
    budget: { ratio: 0.4 },
  });
}

/** Starts, runs, cards, Stop and memory of Python. */
export const run: BenchGroup = async function* () {
  for (const browser of ['chromium', 'firefox'] as const) {
    yield* coldStarts(browser);
    yield* freshWorkers(browser);
  }
  yield* cards();
  yield* charts();
  yield* stopRows('chromium');
  yield* stopRows('firefox');
  yield await growthRow();
};
