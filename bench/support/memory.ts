import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchRow } from '../bench-row.ts';
import { connectRunsClient, outcomeOf, runRequest } from '../../tests/support/runs-client/index.ts';
import { startBrowser } from './extension-browser.ts';
import { measured } from './measured.ts';

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

const LOOK_EVERY_MS = 1000;
const MOST_LOOKS = 30;
/** Two looks that differ by less than this are the same. */
const STILL_MB = 3;

/**
 * The same once it stands still: what the host makes ahead of need after a start (a spare, a begun box) is there then, and
 * counts on both sides.
 */
export async function restingMegabytes(
  browserPid: number,
  megabytes: (browserPid: number) => number = rendererMegabytes,
): Promise<number> {
  let last = megabytes(browserPid);
  for (let look = 0, still = 0; look < MOST_LOOKS && still < 4; look += 1) {
    await pause(LOOK_EVERY_MS);
    const now = megabytes(browserPid);
    still = Math.abs(now - last) < STILL_MB ? still + 1 : 0;
    last = now;
  }
  return last;
}

/** After these runs memory is looked at; the first is the tenth, by which everything is loaded. */
const LOOK_AFTER = [10, 60, 110, 160, RUNS];
/** The runs, and five looks of up to 30 s. */
const MOST_MS = 300_000;

/**
 * What 200 runs in one session leave behind, after the tenth: from the lowest look on to the last, as what was held for the
 * start may go between two looks and would hide what stays.
 */
export function growthRow(): Promise<BenchRow> {
  return measured(
    `growth of host and box over ${RUNS} runs`,
    'MB',
    async () => {
      await using chrome = await startBrowser('chromium');
      const client = await connectRunsClient(await chrome.popupPage());
      const code = 'import pandas as pd\nprint(pd.DataFrame({"a": range(1000)}).describe().loc["mean", "a"])';
      const looks: number[] = [];
      for (let turn = 1; turn <= RUNS; turn += 1) {
        const outcome = outcomeOf(await client.run(runRequest(code, 'growth')));
        if (outcome?.kind !== 'completed') throw new Error(`run ${turn} ended ${outcome?.kind ?? 'never'}`);
        if (LOOK_AFTER.includes(turn)) looks.push(await restingMegabytes(chrome.pid));
      }
      return { samples: [(looks.at(-1) ?? Number.NaN) - Math.min(...looks)], budget: { median: 50 } };
    },
    MOST_MS,
  );
}
