import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { browserProgram, chromiumPrograms, firefoxPrograms } from '../../support/browsers/extension-under-test.ts';
import { CALM } from '../../support/browsers/launch-chromium.ts';
import { writeHookExtension } from './hook-extension.ts';
import { startHookSite, type HookSite } from './hook-site.ts';
import type { ProbeAnswer, ProbeQuestion } from './probe.ts';

export type BrowserName = 'chrome' | 'firefox';

export interface HookBrowser {
  readonly browser: Browser;
  readonly site: HookSite;
  /** A page of the site with the hook in it; `bare` waits for nothing. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

export interface HookBrowserOptions {
  readonly first?: 'hook' | 'probe';
  /** Another isolated end, from the root of the repository. */
  readonly probe?: string;
  /** False: the same browser and site without the extension, to compare with. */
  readonly hasExtension?: boolean;
}

const HOSTS = ['chatgpt.com', 'ws.chatgpt.com'];

async function launch(name: BrowserName, site: HookSite, folder: string | null): Promise<Browser> {
  if (name === 'chrome') {
    const rules = HOSTS.map((host) => `MAP ${host} 127.0.0.1:${site.port}`).join(', ');
    return puppeteer.launch({
      executablePath: browserProgram('CHROMIUM', chromiumPrograms, 'chromium'),
      headless: true,
      pipe: true,
      ...(folder === null ? {} : { enableExtensions: [folder] }),
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--no-first-run',
        ...CALM,
        `--host-resolver-rules=${rules}, MAP * ~NOTFOUND`,
        `--ignore-certificate-errors-spki-list=${site.spki}`,
      ],
    });
  }
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: browserProgram('FIREFOX', firefoxPrograms, 'firefox-esr'),
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      'network.dns.forceResolve': '127.0.0.1',
      'network.socket.forcePort': `443=${site.port}`,
      'xpinstall.signatures.required': false,
    },
  });
  if (folder !== null) await browser.installExtension(folder);
  return browser;
}

/** Starts the site and a browser with the hook's extension in it. */
export async function openHookBrowser(name: BrowserName, options: HookBrowserOptions = {}): Promise<HookBrowser> {
  const { first, probe, hasExtension = true } = options;
  const extension = hasExtension ? await writeHookExtension(name, first, probe) : null;
  const site = await startHookSite();
  const browser = await launch(name, site, extension?.folder ?? null);
  return {
    browser,
    site,
    async open() {
      const page = await browser.newPage();
      await page.goto('https://chatgpt.com/', { waitUntil: 'load' });
      return page;
    },
    async close() {
      await browser.close();
      await site.close();
      await extension?.remove();
    },
  };
}

/** Asks the isolated end what it saw, as soon as it saw as much as the question wants. */
export async function askProbe(page: Page, question: ProbeQuestion = {}): Promise<ProbeAnswer> {
  const text = await page.evaluate(
    (asked) =>
      new Promise<string>((resolve) => {
        const element = document.documentElement;
        const done = (): void => resolve(element.getAttribute('probe-answer') ?? '');
        document.addEventListener('probe-answered', done, { once: true });
        element.setAttribute('probe-question', asked);
        document.dispatchEvent(new Event('probe-ask'));
      }),
    JSON.stringify(question),
  );
  return JSON.parse(text) as ProbeAnswer;
}
