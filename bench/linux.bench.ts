import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { connectRunsClient, runRequest, type RunsClient, textOf } from '../tests/support/runs-client/index.ts';
import { chooseSmallStart, lineWith, prompt, typeLine } from '../tests/support/browsers/index.ts';
import { WRITE_LIVE_SITE } from '../tests/support/preview/live-site.ts';
import type { BenchGroup, BenchRow, RowSamples } from './bench-row.ts';
import { openPeers } from './engine/peers/open-peers.ts';
import { type BenchBrowser, type BrowserName, repeat, startBrowser } from './support/extension-browser.ts';
import { finished, SHELL } from './support/finished.ts';
import { fromFirstWorker } from './support/from-worker.ts';
import { costRows } from './support/machine-costs.ts';
import { measured, measuredHere } from './support/measured.ts';
import { savingRows } from './support/saving.ts';
import { stopRows } from './support/stop.ts';

const label = (browser: BrowserName): string => (browser === 'firefox' ? ' (Firefox)' : '');
const MOST_MS = 120_000;
/** A machine is restored and has compiled what starts a shell within this, also on a slow device. */
const AHEAD_MS = 4_000;
const PAUSE_MS = 200;
/** A second or two of a processor; the last word is its only line. */
const COUNTS = 'for ((n = 0; n < 60000; n++)); do :; done; echo done';

/** The number that a program prints. */
async function numberOf(client: RunsClient, code: string): Promise<number> {
  return Number(textOf(await finished(client, code, 'linux'), 'stdout'));
}

/** Milliseconds between two moments that bash counts itself, so that no process is started for it. */
const timed = (code: string): string =>
  `began=\${EPOCHREALTIME/./}\n${code}\nended=\${EPOCHREALTIME/./}\necho $(((ended - began) / 1000))`;

type ImageName = 'full' | 'small';

/** Rejects where programs of that session run in the other image: only the full one has git. */
async function ensureImage(client: RunsClient, image: ImageName, session: string): Promise<void> {
  await finished(client, `${image === 'full' ? '' : '! '}command -v git`, session);
}

/** Milliseconds from the call of the door to the first output. */
async function fromCall(client: RunsClient): Promise<number> {
  return (await finished(client, 'echo 1', 'first')).firstOutputMs ?? Number.NaN;
}

/** What of a start is Linux's own (decision 0175): the host and the frame of its first box are there. Chromium alone tells when. */
const fromWorker = (client: RunsClient): Promise<number> => fromFirstWorker(client.page, () => fromCall(client));

/** What `measure` counts of the first program in a browser of its own. */
async function oneJustStarted(browser: BrowserName, image: ImageName, measure = fromCall): Promise<number> {
  await using started = await startBrowser(browser);
  const page = await started.quietPage();
  if (image === 'small') await chooseSmallStart(page);
  const client = await connectRunsClient(page);
  const tookMs = await measure(client);
  await ensureImage(client, image, 'first');
  return tookMs;
}

const workerRow = (image: ImageName, named: string): Promise<BenchRow> =>
  measured(`worker of the first box to first output, browser just started${named}`, 'ms', async () => ({
    samples: await repeat(5, () => oneJustStarted('chromium', image, fromWorker)),
  }));

async function justStarted(browser: BrowserName): Promise<RowSamples> {
  return { samples: await repeat(5, () => oneJustStarted(browser, 'full')), budget: { median: 900 } };
}

/** The small image beside bare v86, which is handed the same state unpacked and in memory; by turns, each in its own browser. */
async function smallJustStarted(browser: BrowserName): Promise<RowSamples> {
  const ours: number[] = [];
  const bare = await repeat(5, async () => {
    ours.push(await oneJustStarted(browser, 'small'));
    await using started = await startBrowser(browser);
    const peers = await openPeers(await started.blankPage(), ['v86']);
    return await peers.once('v86', 'echo 1');
  });
  return { samples: ours, peer: { name: 'v86', samples: bare }, budget: { median: 500 } };
}

/** A session from its first call to its first output; nothing of it is left then. */
async function oneSession(client: RunsClient, image: ImageName, session: string): Promise<number> {
  const { firstOutputMs } = await finished(client, 'echo 1', session);
  await ensureImage(client, image, session);
  await client.call('restartSession', { sessionId: runRequest('', session).sessionId });
  return firstOutputMs ?? Number.NaN;
}

/** Another session where one has run before. */
async function nextSession(client: RunsClient, image: ImageName = 'full'): Promise<RowSamples> {
  await oneSession(client, image, 'before');
  const samples = await repeat(5, (turn) => oneSession(client, image, `next-${turn}`));
  return { samples, budget: { median: 400 } };
}

/** The same of the small image, by turns with another worker of bare v86, which is handed the same state unpacked and in memory. */
async function nextSmallSession(client: RunsClient, started: BenchBrowser): Promise<RowSamples> {
  const page = await started.blankPage();
  const peers = await openPeers(page, ['v86']);
  await peers.once('v86', 'echo 1');
  await oneSession(client, 'small', 'before');
  const bare: number[] = [];
  const samples = await repeat(5, async (turn) => {
    bare.push(await peers.once('v86', 'echo 1'));
    return oneSession(client, 'small', `next-${turn}`);
  });
  await page.close();
  return { samples, peer: { name: 'v86', samples: bare } };
}

/** A machine that was made ahead of need, where a pointer came near to Run a while before. */
async function fromAhead(client: RunsClient, image: ImageName = 'full'): Promise<RowSamples> {
  const samples = await repeat(5, async (turn) => {
    await client.call('warm', { language: 'shell' });
    await pause(AHEAD_MS);
    return oneSession(client, image, `ahead-${turn}`);
  });
  return { samples, budget: { median: 400 } };
}

/** From the call of the door to the end of the run; the first ones compile the guest's code. */
async function shortest(client: RunsClient): Promise<RowSamples> {
  const runs = await repeat(60, () => finished(client, 'true', 'linux'));
  return { samples: runs.slice(20).map((run) => run.endedMs), budget: { median: 20 } };
}

/** The same of one that sets a variable, which is kept. */
async function shortestThatIsKept(client: RunsClient): Promise<RowSamples> {
  const runs = await repeat(60, () => finished(client, 'a=1', 'linux'));
  return { samples: runs.slice(20).map((run) => run.endedMs), budget: { median: 40 } };
}

/** The same as a person or a model has it: something comes between two programs, and the next bash waits. */
async function shortestAfterPause(client: RunsClient): Promise<RowSamples> {
  const runs = await repeat(25, async () => {
    await pause(PAUSE_MS);
    return finished(client, 'true', 'linux');
  });
  return { samples: runs.slice(5).map((run) => run.endedMs), budget: { median: 20 } };
}

/** What is shown of short lines; what a program prints of them costs it more than the way here. */
async function shortLines(client: RunsClient): Promise<RowSamples> {
  const lines = (to: string): string => `for n in {1..2000}; do echo $n; done ${to}`;
  const [shown, kept] = [lines(''), lines('>/tmp/lines')];
  await finished(client, shown, 'linux');
  const times = async (code: string): Promise<number[]> =>
    (await repeat(5, () => finished(client, code, 'linux'))).map((run) => run.endedMs);
  const [samples, peer] = [await times(shown), await times(kept)];
  return { samples, peer: { name: 'the same into a file', samples: peer }, budget: { ratio: 2 } };
}

/** What is shown of 20 MB of lines; the rest goes to a file, as everywhere. */
async function printing(client: RunsClient): Promise<RowSamples> {
  await finished(client, 'yes "$(printf %1023s x)" | head -c 20M >/tmp/lines', 'linux');
  const runs = await repeat(4, () => finished(client, 'cat /tmp/lines', 'linux'));
  return { samples: runs.slice(1).map((run) => run.endedMs), budget: { median: 2_000 } };
}

const WAITS = (name: string): string =>
  `echo waiting\nuntil [ -e /mnt/data/${name} ]; do :; done\necho \${EPOCHREALTIME/./}`;

/** A Python program makes a file while a shell program waits for it; both read the same clock. */
async function seenInLinux(client: RunsClient, name: string): Promise<number> {
  const started = await client.call('start', runRequest(WAITS(name), 'linux', SHELL));
  if (!started.ok) throw new Error(started.error.code);
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  await client.until(runId, 'output');
  const code = `import time\nopen('/mnt/data/${name}', 'w').close()\nprint(int(time.time() * 1e6))`;
  const made = await finished(client, code, 'linux', { strategy: 'concurrent' });
  const seen = textOf(await client.until(runId, 'ended'), 'stdout').split('\n')[1];
  return Math.max(0, (Number(seen) - Number(textOf(made, 'stdout'))) / 1000);
}

async function fromPython(client: RunsClient): Promise<RowSamples> {
  await finished(client, 'print(1)', 'linux', {});
  return { samples: await repeat(6, (turn) => seenInLinux(client, `seen${turn}`)), budget: { median: 100 } };
}

async function smallFiles(client: RunsClient): Promise<RowSamples> {
  const write = (turn: number): string =>
    timed(`mkdir /mnt/data/small${turn}; for n in {1..200}; do echo $n >/mnt/data/small${turn}/$n; done`);
  return { samples: await repeat(4, (turn) => numberOf(client, write(turn))), budget: { median: 1_500 } };
}

const copy = (from: string, to: string) => timed(`dd if=${from} of=${to} bs=256k 2>/dev/null`);

async function written(client: RunsClient): Promise<RowSamples> {
  await finished(client, 'head -c 10M /dev/urandom >/tmp/ten', 'linux');
  const samples = await repeat(5, (turn) => numberOf(client, copy('/tmp/ten', `/mnt/data/ten${turn}`)));
  return { samples, budget: { median: 167 } };
}

async function readBack(client: RunsClient): Promise<RowSamples> {
  return { samples: await repeat(5, (turn) => numberOf(client, copy(`/mnt/data/ten${turn}`, '/tmp/back'))) };
}

/** Rows of one session after another in one browser. */
async function* inOneBrowser(browser: BrowserName): AsyncGenerator<BenchRow> {
  const named = label(browser);
  await using started = await startBrowser(browser);
  const client = await connectRunsClient(await started.popupPage());
  const row = (name: string, measure: (client: RunsClient) => Promise<RowSamples>): Promise<BenchRow> =>
    measuredHere(`${name}${named}`, 'ms', () => measure(client), MOST_MS);
  yield await row('another session to first output', nextSession);
  yield await row('a machine made ahead of need to first output', fromAhead);
  yield await row('true, call of the door to the end', shortest);
  yield await row('set a variable, call of the door to the end', shortestThatIsKept);
  yield await row('true after a pause, call of the door to the end', shortestAfterPause);
  yield await row('print 2000 short lines', shortLines);
  yield await row(`print 20 MB, 10 MB/s is 2000 ms`, printing);
  yield await row('a file made in Python is seen in Linux', fromPython);
  yield await row('write 200 small files in /mnt/data', smallFiles);
  yield await row('write 10 MB in /mnt/data, 60 MB/s is 167 ms', written);
  yield await row('read 10 MB in /mnt/data', readBack);
  yield* savingRows(client, named);
}

/** In the page: milliseconds from a press on Reload until the server's page has loaded and says its title. */
const reloaded = (): Promise<number> =>
  new Promise((settle) => {
    const said = document.querySelector('[data-part="preview-said"]');
    const reload = document.querySelector<HTMLElement>('[data-action="preview-reload"]');
    if (!said || !reload) throw new Error('no preview');
    const observer = new MutationObserver(() => {
      if (!/^(Home|Heard)/.test(said.textContent)) return;
      observer.disconnect();
      settle(performance.now() - beganMs);
    });
    let beganMs = Number.NaN;
    const begin = (): void => {
      beganMs = performance.now();
      observer.observe(said, { childList: true, characterData: true, subtree: true });
    };
    reload.addEventListener('click', begin, { capture: true, once: true });
  });

/** A press as the driver makes it: the button hears no other. */
async function reloadedIn(page: Page): Promise<number> {
  const tookMs = page.evaluate(reloaded);
  await page.click('[data-action="preview-reload"]');
  return tookMs;
}

/** A small page with a style sheet, a script and an image of a server that Python runs in the guest. */
const previewed = (browser: BrowserName): Promise<BenchRow> =>
  measured(`page of a server in Preview${label(browser)}`, 'ms', async () => {
    await using started = await startBrowser(browser);
    const page = await started.extensionPage('ide.html?session=page%3Apreviewed');
    await prompt(page);
    await finished(await connectRunsClient(page), WRITE_LIVE_SITE, 'previewed');
    await typeLine(page, 'python3 site.py');
    await lineWith(page, /^listens$/);
    await page.click('[data-part="place-preview"]');
    await page.waitForSelector('[data-part="preview"][data-shown="page"]');
    const samples = await repeat(12, () => reloadedIn(page));
    return { samples: samples.slice(2), budget: { median: 300 } };
  });

async function* withSmallImage(browser: BrowserName): AsyncGenerator<BenchRow> {
  const named = ` (small image)${label(browser)}`;
  yield await measured(
    `browser just started to first output${named}`,
    'ms',
    () => smallJustStarted(browser),
    MOST_MS * 2,
  );
  if (browser === 'chromium') yield await workerRow('small', named);
  await using started = await startBrowser(browser);
  const page = await started.popupPage();
  await chooseSmallStart(page);
  const client = await connectRunsClient(page);
  const row = (name: string, most: number, measure: (client: RunsClient) => Promise<RowSamples>): Promise<BenchRow> =>
    measuredHere(
      `${name}${named}`,
      'ms',
      async () => ({ ...(await measure(client)), budget: { median: most } }),
      MOST_MS,
    );
  yield await row('another session to first output', 250, (asked) => nextSmallSession(asked, started));
  yield await row('a machine made ahead of need to first output', 250, (asked) => fromAhead(asked, 'small'));
  yield await row('true, call of the door to the end', 20, shortest);
  yield await row('true after a pause, call of the door to the end', 20, shortestAfterPause);
  yield await measuredHere(`a second of computing${named}`, 'ms', () => computing(client, started), MOST_MS * 2);
}

/** Both are warm: the first times compile the guest's code. */
async function computing(client: RunsClient, started: BenchBrowser): Promise<RowSamples> {
  const runs = await repeat(8, () => finished(client, COUNTS, 'computing'));
  const peers = await openPeers(await started.blankPage(), ['v86']);
  const bare = await peers.each('v86', repeated(8, COUNTS));
  return {
    samples: runs.slice(3).map((run) => run.endedMs),
    peer: { name: 'v86', samples: bare.slice(3) },
    budget: { ratio: 1.1 },
  };
}

const repeated = (times: number, code: string): string[] => Array.from({ length: times }, () => code);

/** Linux: starts, short programs, output, files, Stop, pages of servers, memory, rest. */
export const run: BenchGroup = async function* () {
  for (const browser of ['chromium', 'firefox'] as const) {
    yield await measured(`browser just started to first output${label(browser)}`, 'ms', () => justStarted(browser));
    if (browser === 'chromium') yield await workerRow('full', '');
    yield* inOneBrowser(browser);
    yield* stopRows(browser, 'shell');
    yield await previewed(browser);
    yield* withSmallImage(browser);
    yield* costRows(browser, label(browser));
  }
};
