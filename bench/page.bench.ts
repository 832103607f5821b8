import type { Page } from 'puppeteer-core';
import { askProbe, type HookBrowser, openHookBrowser } from '../tests/browser/support/hook-browser.ts';
import { eventChunks, sha256 } from '../tests/browser/support/hook-site.ts';
import { readInStyle } from '../tests/browser/support/read-styles.ts';
import { benchRow, type BenchRow } from './bench-row.ts';
import { blockRows } from './support/block-costs.ts';
import { decoding } from './support/decoding.ts';
import { measureFrameLoad } from './support/frame-load.ts';
import { heldRows } from './support/held.ts';

const TURN = '/backend-api/f/conversation';
const SECONDS = 10;
/** Streams read before the first that counts: both browsers compile their code in them. */
const WARM_UPS = 3;

/** Runs in the page: reads one stream and returns how long that took, in ms. */
async function timeStream(address: string): Promise<number> {
  const startedAtMs = performance.now();
  const response = await fetch(address, { method: 'POST', body: '{}' });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  while (!(await reader.read()).done);
  return performance.now() - startedAtMs;
}

/** Runs in the page: when each frame reached the page. */
async function noteTimes(address: string): Promise<number[]> {
  const timesMs: number[] = [];
  const socket = new WebSocket(address);
  await new Promise<void>((resolve) => {
    socket.onmessage = () => void timesMs.push(performance.now());
    socket.onclose = () => resolve();
  });
  return timesMs;
}

async function repeat(count: number, measure: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) samples.push(await measure());
  return samples;
}

async function* streams(page: Page, plainPage: Page): AsyncGenerator<BenchRow> {
  // Ten times an answer of usual length: below that the cost is less than the noise of two browsers.
  const address = `${TURN}?n=15000&gap=0`;
  const hooked: number[] = [];
  const plain: number[] = [];
  // Taken in turns, so that what else the machine does falls on both.
  for (let index = -WARM_UPS; index < 20; index += 1) {
    const hookedMs = await page.evaluate(timeStream, address);
    const plainMs = await plainPage.evaluate(timeStream, address);
    if (index < 0) continue;
    hooked.push(hookedMs);
    plain.push(plainMs);
  }
  yield benchRow({
    name: 'page: 15,000-piece stream, cost of the hook',
    unit: 'ms',
    samples: hooked,
    peer: { name: 'same browser without extension', samples: plain },
    // Pieces without a pause are the worst there is; two browsers side by side differ by a tenth between runs.
    budget: { ratio: 1.25 },
  });
  const want = sha256(Buffer.concat(eventChunks(400)));
  const differing = await repeat(5, async () =>
    (await page.evaluate(readInStyle, 'getReader', `${TURN}?n=400&gap=0`)) === want ? 0 : 1,
  );
  yield benchRow({
    name: 'page: streams with differing bytes',
    unit: 'streams',
    samples: differing,
    budget: { p95: 0 },
  });
}

async function* delay(hooked: HookBrowser): AsyncGenerator<BenchRow> {
  const page = await hooked.open();
  const seenMs = await page.evaluate(noteTimes, 'wss://ws.chatgpt.com/p1/burst?n=2000&rate=200');
  const { frameTimesMs } = await askProbe(page, { frames: 2_000 });
  const samples = seenMs.map((atMs, index) => Math.max(0, (frameTimesMs[index] ?? Number.NaN) - atMs));
  yield benchRow({ name: 'page: tap delay, page sees → content script sees', unit: 'ms', samples, budget: { p95: 1 } });
  await page.close();
}

async function* load(): AsyncGenerator<BenchRow> {
  const ours = await measureFrameLoad(SECONDS, true);
  yield benchRow({
    name: 'page: frames lost or not read, of 10,000/s for 10 s',
    unit: 'frames',
    samples: [ours.asked - ours.frames + ours.missed],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'page: long tasks over 50 ms in that load, whosever',
    unit: 'tasks',
    samples: [ours.longTasks.length],
    budget: { p95: 0 },
  });
}

/** The page: what watching and decoding cost it. Chromium, the hook as it ships, on loopback. */
export async function* run(): AsyncGenerator<BenchRow> {
  yield* decoding();
  const hooked = await openHookBrowser('chrome');
  const plain = await openHookBrowser('chrome', { hasExtension: false });
  try {
    const [page, plainPage] = [await hooked.open(), await plain.open()];
    yield* streams(page, plainPage);
    yield* delay(hooked);
  } finally {
    await hooked.close();
    await plain.close();
  }
  yield* load();
  yield* heldRows();
  yield* blockRows();
}
