import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { type Browser, type CDPSession, launch, type Page, type Target, type WebWorker } from 'puppeteer-core';
import type { Site } from '../site/index.ts';
import { browserProgram, chromiumPrograms, extensionFolder } from './extension-under-test.ts';
import { createProblems, type PageProblems, watchPage } from './page-problems.ts';
import { probeFolder } from './probe-page.ts';
import { chooseSmallStart } from './small-start.ts';

export interface ChromiumOptions {
  /** Folder below the repository, `extension/chrome-mv3`; null starts without one. */
  readonly extension: string | null;
  readonly site: Pick<Site, 'origin' | 'port' | 'spki'>;
  readonly headless?: boolean;
  readonly viewport?: {
    readonly width: number;
    readonly height: number;
    readonly isMobile?: boolean;
    readonly hasTouch?: boolean;
    readonly deviceScaleFactor?: number;
  };
  readonly darkMode?: boolean;
  /** Leaves the service worker alone: with a debugger attached, stopping and reviving it can hang. */
  readonly leavesServiceWorkerAlone?: boolean;
  readonly userDataDir?: string;
  /** The tests' own add-on that reads closed cards stands beside ours; false leaves it out. */
  readonly hasProbe?: boolean;
  /** Without what costs the machine most and shows nothing; else as a person has it. */
  readonly isCalm?: boolean;
  /** Python begins without the packages of science and Linux is the small one, as where memory is short; else as a person has it. */
  readonly startsSmall?: boolean;
  readonly args?: readonly string[];
}

/** Chromium with the extension, on the stand-in; every other host does not exist for it. */
export interface ChromiumUnderTest extends AsyncDisposable {
  readonly browser: Browser;
  readonly extensionId: string;
  readonly problems: PageProblems;
  /** A page of the site, ready to be typed into. */
  newChatPage(path?: string): Promise<Page>;
  newPage(): Promise<Page>;
  /** A page of the extension as a tab, for example `popup.html`. */
  extensionPage(name: string): Promise<Page>;
  popupPage(): Promise<Page>;
  /** The offscreen document, once it exists. */
  hostPage(timeoutMs?: number): Promise<Page>;
  hasHost(): boolean;
  /** Ends the offscreen document as it ends itself, and waits until it is gone; the next use opens another. */
  endHost(): Promise<void>;
  serviceWorker(): Promise<WebWorker>;
  /** Stops the extension's service worker, as the browser does when it is idle. */
  stopServiceWorker(): Promise<void>;
  close(): Promise<void>;
}

/** WebAssembly is not optimised, and no graphics card is emulated: what costs most and no test looks at (decisions 0107, 0165). */
export const CALM = ['--js-flags=--liftoff-only', '--disable-gpu'];

export async function launchChromium(options: ChromiumOptions): Promise<ChromiumUnderTest> {
  const { site } = options;
  const folder = options.extension === null ? null : extensionFolder(options.extension);
  const hasProbe = options.hasProbe ?? true;
  const mapped = ['chatgpt.com', '*.chatgpt.com', 'chat.openai.com', '*.oaiusercontent.com'].map(
    (host) => `MAP ${host} 127.0.0.1:${String(site.port)}`,
  );
  const isRoot = process.getuid?.() === 0;
  const browser = await launch({
    executablePath: browserProgram('CHROMIUM', chromiumPrograms, 'chromium'),
    headless: options.headless ?? true,
    pipe: true,
    // A person at a window needs no notes about automation and flags.
    ...(options.headless === false ? { ignoreDefaultArgs: ['--enable-automation'] } : {}),
    ...(folder === null ? {} : { enableExtensions: hasProbe ? [folder, probeFolder] : [folder] }),
    ...(options.userDataDir === undefined ? {} : { userDataDir: options.userDataDir }),
    defaultViewport: options.viewport ?? (options.headless === false ? null : { width: 1280, height: 900 }),
    ...(options.leavesServiceWorkerAlone === true
      ? { targetFilter: (target: Target) => target.type() !== 'service_worker' }
      : {}),
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      ...(options.headless === false ? ['--test-type'] : []),
      '--disable-dev-shm-usage',
      // Puppeteer switches this default of Chrome off, which would put the box into the host's process.
      '--enable-features=IsolateSandboxedIframes',
      '--no-first-run',
      '--no-default-browser-check',
      `--host-resolver-rules=${[...mapped, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
      `--ignore-certificate-errors-spki-list=${site.spki}`,
      ...(options.isCalm === true ? CALM : []),
      ...(options.args ?? []),
    ],
  });
  const problems = createProblems();
  const extensionId = folder === null ? '' : await extensionStarted(browser, folder);
  const newPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    watchPage(page, problems);
    if (options.darkMode !== undefined) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: options.darkMode ? 'dark' : 'light' }]);
    }
    return page;
  };
  const extensionPage = async (name: string): Promise<Page> => {
    const page = await newPage();
    await page.goto(`chrome-extension://${extensionId}/${name}`);
    return page;
  };
  if (options.startsSmall === true) {
    // A page that runs nothing of the extension; no host has begun before a page of the site asks for one.
    const page = await extensionPage('vendor/python/LICENCES.txt');
    await chooseSmallStart(page);
    await page.close();
  }
  const isHost = (target: Target): boolean =>
    target.type() === 'background_page' && target.url().startsWith(`chrome-extension://${extensionId}/`);
  const isServiceWorker = (target: Target): boolean =>
    target.type() === 'service_worker' && target.url().startsWith(`chrome-extension://${extensionId}/`);
  const close = async (): Promise<void> => {
    await browser.close();
  };
  const hostPage = async (timeoutMs = 60_000): Promise<Page> => {
    const target = await browser.waitForTarget(isHost, { timeout: timeoutMs });
    return await target.asPage();
  };
  return {
    browser,
    extensionId,
    problems,
    newPage,
    extensionPage,
    popupPage: () => extensionPage('popup.html'),
    async newChatPage(path = '/') {
      const page = await newPage();
      await page.goto(`${site.origin}${path}`, { waitUntil: 'domcontentloaded' });
      if (!path.startsWith('/share/')) await page.waitForSelector('html[data-hydrated]');
      return page;
    },
    hostPage,
    hasHost: () => browser.targets().some(isHost),
    async endHost() {
      const host = await hostPage();
      const gone = new Promise((resolve) => host.once('close', resolve));
      await host.evaluate(() => setTimeout(() => window.close()));
      await gone;
    },
    async serviceWorker() {
      const target = await browser.waitForTarget(isServiceWorker, { timeout: 60_000 });
      const worker = await target.worker();
      if (worker === null) throw new Error('the service worker went away while it was being attached');
      return worker;
    },
    stopServiceWorker: () => stopServiceWorker(browser, extensionId),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The id that Chromium gives an unpacked folder: the start of a hash of its path, written in a to p. */
function extensionIdOf(folder: string): string {
  const hex = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
  return [...hex].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}

/** Waits until something of the extension runs. */
async function extensionStarted(browser: Browser, folder: string): Promise<string> {
  const id = extensionIdOf(folder);
  const session = await browser.target().createCDPSession();
  try {
    await new Promise<void>((resolve) => {
      const look = ({ targetInfo }: { targetInfo: { url: string } }): void => {
        if (targetInfo.url.startsWith(`chrome-extension://${id}/`)) resolve();
      };
      session.on('Target.targetCreated', look);
      session.on('Target.targetInfoChanged', look);
      void session.send('Target.setDiscoverTargets', { discover: true, filter: [{}] });
    });
    return id;
  } finally {
    await session.detach();
  }
}

async function stopServiceWorker(browser: Browser, extensionId: string): Promise<void> {
  const page = await browser.newPage();
  const session: CDPSession = await page.createCDPSession();
  try {
    await page.goto(`chrome-extension://${extensionId}/manifest.json`);
    const stopped = new Promise<void>((resolve) => {
      session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
        if (versions.some((version) => version.scriptURL.includes(extensionId) && version.runningStatus === 'stopped'))
          resolve();
      });
    });
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    await stopped;
  } finally {
    await page.close();
  }
}
