import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { bundleScript } from '../../tests/support/bundle-script.ts';
import { launchChromium, launchFirefox } from '../../tests/support/browsers/index.ts';
import { type Site, startSite } from '../../tests/support/site/index.ts';
import type { StartTimes } from './box-script.ts';

export type { StartTimes };

export type BrowserName = 'chromium' | 'firefox';

export interface BenchBrowser extends AsyncDisposable {
  readonly site: Site;
  /** Of the browser's own process. */
  readonly pid: number;
  /** `chrome-extension://…` or `moz-extension://…`. */
  readonly extensionOrigin: string;
  newChatPage(): Promise<Page>;
  popupPage(): Promise<Page>;
  /** Any page of the extension, by its path. */
  extensionPage(path: string): Promise<Page>;
  /** A page of the extension that runs nothing of it: the host sleeps until somebody asks. */
  quietPage(): Promise<Page>;
  /** A page that is nobody's. */
  blankPage(): Promise<Page>;
  /** Rejects with how the browser ended where nobody here closed it. */
  close(): Promise<void>;
}

const MOST_CLOSING_MS = 5000;
const open = new Set<Promise<BenchBrowser>>();

/** A browser that was just started, with the built extension and the stand-in. */
export function startBrowser(name: BrowserName): Promise<BenchBrowser> {
  const starting = launchWithSite(name, () => open.delete(starting));
  open.add(starting);
  return starting;
}

/** Ends what is still open, so that whoever waits for it goes on. */
export async function closeBrowsers(): Promise<void> {
  const left = [...open];
  open.clear();
  for (const starting of left) {
    const browser = await starting.catch(() => null); // one that did not start was reported by whoever started it
    await browser?.close().catch(() => undefined); // and so is one that was lost
  }
}

async function launchWithSite(name: BrowserName, onClosed: () => void): Promise<BenchBrowser> {
  const site = await startSite({ renderer: 'app', transport: 'inline', speed: 'instant' });
  const under =
    name === 'chromium'
      ? await launchChromium({ extension: 'extension/chrome-mv3', site })
      : await launchFirefox({ extension: 'extension/firefox-mv3', site });
  const own = under.browser.process();
  if (own === null) throw new Error(`${name} was started and has no process`);
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    own.kill('SIGKILL');
  };
  const ended = new Promise<string>((settle) => own.once('exit', (code, by) => settle(by ?? `code ${String(code)}`)));
  let closing: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    onClosed();
    const late = setTimeout(kill, MOST_CLOSING_MS);
    // Any question does; what the driver calls connected outlives the connection to Firefox.
    const isLost = await under.browser.cookies().then(
      () => false,
      () => !isKilled,
    );
    try {
      await under.close();
    } catch {
      if (!isLost) kill(); // it did not end by itself
    }
    const how = isLost ? await ended : null;
    clearTimeout(late);
    await site[Symbol.asyncDispose]();
    // A driver only says that its target is closed, whether the browser crashed, was ended by somebody else or cut it off.
    if (how !== null)
      throw new Error(`${name} was lost: ${isKilled ? 'its connection broke' : `it ended with ${how}`}`);
  };
  const close = (): Promise<void> => (closing ??= end());
  return {
    site,
    pid: own.pid ?? Number.NaN,
    extensionOrigin: 'extensionId' in under ? `chrome-extension://${under.extensionId}` : under.extensionOrigin,
    newChatPage: () => under.newChatPage(),
    popupPage: () => under.popupPage(),
    extensionPage: (path) => under.extensionPage(path),
    blankPage: () => under.newPage(),
    quietPage: () => under.extensionPage(name === 'chromium' ? 'vendor/python/LICENCES.txt' : 'box.html'),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface InPage {
  readonly benchBox: {
    startAndRun(start: string, code: string, fromSpare: boolean): Promise<StartTimes>;
    loadPlainPyodide(script: string): Promise<number>;
    warmSpare(start: string): Promise<boolean>;
    rest(): Promise<void>;
  };
}

export interface BoxBench {
  startAndRun(start: 'cold' | 'base' | 'science', code: string, fromSpare?: boolean): Promise<StartTimes>;
  /** Pyodide's own `loadPyodide` in a box of the same kind, and a `print`; milliseconds to its line. */
  loadPlainPyodide(): Promise<number>;
  warmSpare(start: 'base' | 'science'): Promise<void>;
  /** Waits until what is kept ahead of need stands again. */
  rest(): Promise<void>;
}

/** The product's box and runner in a page of the extension, without its host. */
export async function loadBoxBench(page: Page): Promise<BoxBench> {
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'box-script.ts')));
  return {
    async startAndRun(start, code, fromSpare = false) {
      const times = await page.evaluate(
        (a, b, c) => (globalThis as unknown as InPage).benchBox.startAndRun(a, b, c),
        start,
        code,
        fromSpare,
      );
      if (times.outcome !== 'completed 0') throw new Error(`a measured run ended ${times.outcome}`);
      return times;
    },
    async loadPlainPyodide() {
      const script = await bundleScript(join(import.meta.dirname, 'plain-pyodide-script.ts'));
      return page.evaluate((a) => (globalThis as unknown as InPage).benchBox.loadPlainPyodide(a), script);
    },
    async warmSpare(start) {
      const isReady = await page.evaluate((a) => (globalThis as unknown as InPage).benchBox.warmSpare(a), start);
      if (!isReady) throw new Error(`no spare of ${start} within its time`);
    },
    rest: () => page.evaluate(() => (globalThis as unknown as InPage).benchBox.rest()),
  };
}

export async function repeat<T>(times: number, once: (turn: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let turn = 0; turn < times; turn += 1) results.push(await once(turn));
  return results;
}
