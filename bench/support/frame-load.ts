import type { Page } from 'puppeteer-core';
import { askProbe, openHookBrowser } from '../../tests/browser/support/hook-browser.ts';
import { BURST_PER_MESSAGE } from '../../tests/browser/support/hook-site.ts';

const FRAMES_PER_SECOND = 10_000;

/** What a burst of frames did to a page. */
export interface FrameLoad {
  readonly asked: number;
  /** Frames that reached the page. */
  readonly frames: number;
  /** Of those, how many the content script did not get or could not read. */
  readonly missed: number;
  /** Milliseconds each. */
  readonly longTasks: readonly number[];
  /** Pictures a second that the page could draw meanwhile. */
  readonly drawnPerSecond: number;
}

/** Runs in the page: takes a burst as the site does (parses each frame) and notes what it costs. */
async function takeBurst(address: string): Promise<Pick<FrameLoad, 'frames' | 'longTasks' | 'drawnPerSecond'>> {
  const longTasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasks.push(entry.duration);
  });
  observer.observe({ type: 'longtask' });
  let frames = 0;
  let drawn = 0;
  let isOver = false;
  const socket = new WebSocket(address);
  const startedAtMs = performance.now();
  const draw = (): void => {
    drawn += 1;
    if (!isOver) requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  await new Promise<void>((resolve) => {
    socket.onmessage = (event) => {
      JSON.parse(event.data as string);
      frames += 1;
    };
    socket.onclose = () => resolve();
  });
  isOver = true;
  for (const entry of observer.takeRecords()) longTasks.push(entry.duration);
  observer.disconnect();
  return { frames, longTasks, drawnPerSecond: (drawn * 1_000) / (performance.now() - startedAtMs) };
}

/** What the end in `load-script.ts` says it read. */
interface Decoded {
  readonly last: { readonly text: string } | null;
  readonly unknownShapes: number;
  readonly problems: Readonly<Record<string, number>>;
}

/** Frames of the burst's last message that are not in what was read of it: each appends a word of its own, in order. */
async function unread(page: Page, frames: number): Promise<number> {
  const text = await page.evaluate(() => document.documentElement.getAttribute('decoded') ?? '');
  const { last, unknownShapes, problems } = JSON.parse(text) as Decoded;
  if (unknownShapes > 0 || Object.keys(problems).length > 0) throw new Error(`not read: ${text.slice(0, 300)}`);
  const words = last?.text.trim().split(' ') ?? [];
  const first = Math.floor((frames - 1) / BURST_PER_MESSAGE) * BURST_PER_MESSAGE;
  const want = Array.from({ length: frames - 1 - first }, (_, index) => `word${first + index + 1}`);
  return want.filter((word, index) => words[index] !== word).length;
}

/** 10,000 frames a second for so long, read by the hook, the channel and the decoder. One browser at a time, so that neither takes the other's processor. */
export async function measureFrameLoad(seconds: number, hasExtension: boolean): Promise<FrameLoad> {
  const asked = FRAMES_PER_SECOND * seconds;
  const address = `wss://ws.chatgpt.com/p1/burst?n=${asked}&rate=${FRAMES_PER_SECOND}`;
  const opened = await openHookBrowser('chrome', { hasExtension, probe: './bench/support/load-script.ts' });
  try {
    const page = await opened.open();
    const load = await page.evaluate(takeBurst, address);
    if (!hasExtension) return { ...load, asked, missed: 0 };
    const seen = await askProbe(page, { frames: load.frames });
    const missed = load.frames - seen.frameCount + (seen.counts['missing'] ?? 0);
    return { ...load, asked, missed: missed + (await unread(page, load.frames)) };
  } finally {
    await opened.close();
  }
}
