import { execFileSync } from 'node:child_process';
import { type BenchRow, benchRow } from '../bench-row.ts';
import { connectRunsClient, runRequest } from '../../tests/support/runs-client/index.ts';
import { launchChromium } from '../../tests/support/browsers/index.ts';
import { startSite } from '../../tests/support/site/index.ts';

const RUNS = 200;

/** Resident memory in MB of all renderers below a browser process: host, boxes and the page that asks. */
export function rendererMegabytes(browserPid: number): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  }).split('\n');
  const rows = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((match) => match !== null);
  const family = new Set([browserPid]);
  for (let depth = 0; depth < 4; depth += 1) {
    for (const row of rows) if (family.has(Number(row[2]))) family.add(Number(row[1]));
  }
  const renderers = rows.filter((row) => family.has(Number(row[1])) && (row[4] ?? '').includes('--type=renderer'));
  return renderers.reduce((sum, row) => sum + Number(row[3]), 0) / 1024;
}

/** What 200 runs in one session leave behind, after the tenth. */
export async function growthRow(): Promise<BenchRow> {
  await using site = await startSite({ renderer: 'app', transport: 'inline', speed: 'instant' });
  await using chrome = await launchChromium({ extension: 'extension/chrome-mv3', site });
  const client = await connectRunsClient(await chrome.popupPage());
  const pid = chrome.browser.process()?.pid;
  if (pid === undefined) throw new Error('the browser has no process of its own');
  const code = 'import pandas as pd\nprint(pd.DataFrame({"a": range(1000)}).describe().loc["mean", "a"])';
  let atTenth = Number.NaN;
  for (let turn = 1; turn <= RUNS; turn += 1) {
    await client.run(runRequest(code, 'growth'));
    if (turn === 10) atTenth = rendererMegabytes(pid);
  }
  return benchRow({
    name: `growth of host and box over ${RUNS} runs`,
    unit: 'MB',
    samples: [rendererMegabytes(pid) - atTenth],
    budget: { median: 50 },
  });
}
