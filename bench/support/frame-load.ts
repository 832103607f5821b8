import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { burstFrame, startHookSite } from '../../tests/browser/support/hook-site.ts';
import { launchChromium } from '../../tests/support/browsers/index.ts';
import { pageReport } from './page-report.ts';

const FRAMES_PER_SECOND = 10_000;
/** A batch of frames that waits is read within this, and far more of them. */
const ON_ITS_WAY_MS = 500;

/** Small: what draws has no graphics card here, and shares the page's processors. */
const VIEWPORT = { width: 412, height: 732 };

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

/**
 * Runs in a page: opens the one that takes the burst, as the site does (parses each frame), and notes what it costs there. The
 * opened page is its own, since the tools that steer a page are told of each frame that reaches it, which costs more than we do.
 */
async function takeBurst(address: string): Promise<Pick<FrameLoad, 'frames' | 'longTasks' | 'drawnPerSecond'>> {
  const view = window.open('/') as (Window & typeof globalThis) | null;
  if (view === null) throw new Error('The page for the burst was not opened.');
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const isThere = view.location.href !== 'about:blank' && view.document.readyState === 'complete';
      if (isThere) resolve();
      else setTimeout(look, 20);
    };
    look();
  });
  const longTasks: number[] = [];
  const observer = new view.PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasks.push(entry.duration);
  });
  observer.observe({ type: 'longtask' });
  let frames = 0;
  let drawn = 0;
  let isOver = false;
  const socket = new view.WebSocket(address);
  const startedAtMs = performance.now();
  const draw = (): void => {
    drawn += 1;
    if (!isOver) view.requestAnimationFrame(draw);
  };
  view.requestAnimationFrame(draw);
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

/** Characters that a burst is of. */
function sizeOfBurst(frames: number): number {
  let size = 0;
  for (let index = 0; index < frames; index += 1) size += burstFrame(index).length;
  return size;
}

/** Frames that the content script did not get, or could not read; where pieces of frames are missing, at least one. */
async function missedOf(tools: Page, { frames }: Pick<FrameLoad, 'frames'>): Promise<number> {
  const size = sizeOfBurst(frames);
  for (let before = -1; ; ) {
    const { frames: read, problems, unknownShapes } = (await pageReport(tools)).health;
    const unread = read.blocked + read.failed + unknownShapes + Object.values(problems).reduce((a, b) => a + b, 0);
    if (read.size === size) return unread;
    // What is still on its way comes; where nothing more does, the rest is lost.
    if (read.size === before) return Math.max(unread, 1, Math.round(((size - read.size) / size) * frames));
    before = read.size;
    await pause(ON_ITS_WAY_MS);
  }
}

/** 10,000 frames a second for so long, to the product as it ships. One browser at a time, so that neither takes the other's processor. */
export async function measureFrameLoad(seconds: number, hasExtension: boolean): Promise<FrameLoad> {
  const asked = FRAMES_PER_SECOND * seconds;
  const address = `wss://ws.chatgpt.com/p1/burst?n=${asked}&rate=${FRAMES_PER_SECOND}`;
  const site = await startHookSite();
  try {
    await using under = await launchChromium({
      extension: hasExtension ? 'extension/chrome-mv3' : null,
      hasProbe: false,
      viewport: VIEWPORT,
      site: { ...site, origin: 'https://chatgpt.com' },
    });
    const tools = hasExtension ? await under.extensionPage('vendor/python/LICENCES.txt') : null;
    const page = await under.newPage();
    await page.goto('https://chatgpt.com/', { waitUntil: 'load' });
    const load = await page.evaluate(takeBurst, address);
    return { ...load, asked, missed: tools === null ? 0 : await missedOf(tools, load) };
  } finally {
    await site.close();
  }
}
