import { type Browser, launch, type Page } from 'puppeteer-core';
import type { Site } from '../site/index.ts';
import { browserProgram, extensionFolder, firefoxPrograms } from './extension-under-test.ts';
import { openUnreported } from './open-unreported.ts';
import { createProblems, type PageProblems, watchPage } from './page-problems.ts';
import { probeFolder } from './probe-page.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const fixedUuid = 'c0ffee00-1111-4222-8333-444444444444';

export interface FirefoxOptions {
  /** Folder below the repository, `extension/firefox-mv3`; null starts without one. */
  readonly extension: string | null;
  readonly site: Site;
  readonly headless?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly darkMode?: boolean;
  /** The tests' own add-on that reads closed cards stands beside ours; false leaves it out. */
  readonly hasProbe?: boolean;
  readonly extraPrefs?: Readonly<Record<string, unknown>>;
}

/** Firefox with the add-on, on the stand-in: every name and port 443 lead to it, and it logs foreign hosts. */
export interface FirefoxUnderTest extends AsyncDisposable {
  readonly browser: Browser;
  /** `moz-extension://<uuid>`. */
  readonly extensionOrigin: string;
  readonly problems: PageProblems;
  newChatPage(path?: string): Promise<Page>;
  newPage(): Promise<Page>;
  extensionPage(name: string): Promise<Page>;
  popupPage(): Promise<Page>;
  close(): Promise<void>;
}

export async function launchFirefox(options: FirefoxOptions): Promise<FirefoxUnderTest> {
  const { site } = options;
  const folder = options.extension === null ? null : extensionFolder(options.extension);
  const browser = await launch({
    browser: 'firefox',
    executablePath: browserProgram('FIREFOX', firefoxPrograms, 'firefox-esr'),
    headless: options.headless ?? true,
    acceptInsecureCerts: true,
    // Without it a release build of Firefox ignores the address of its settings server.
    env: { ...process.env, MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' },
    defaultViewport: options.viewport ?? { width: 1280, height: 900 },
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify(folder === null ? {} : { [addonId(folder)]: fixedUuid }),
      'network.dns.forceResolve': '127.0.0.1',
      'network.socket.forcePort': `443=${String(site.port)}`,
      'extensions.manifestV3.enabled': true,
      'xpinstall.signatures.required': false,
      'dom.security.https_only_mode': false,
      // Settings, blocklists and the like that Firefox itself asks for; an add-on's requests are not affected.
      'services.settings.server': 'data:,#stand-in',
      'layout.css.prefers-color-scheme.content-override': options.darkMode === true ? 0 : 1,
      ...options.extraPrefs,
    },
  });
  if (folder !== null) {
    await browser.installExtension(folder);
    if (options.hasProbe ?? true) await browser.installExtension(probeFolder);
  }
  const problems = createProblems();
  const extensionOrigin = `moz-extension://${fixedUuid}`;
  const newPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    watchPage(page, problems);
    return page;
  };
  const extensionPage = async (name: string): Promise<Page> => {
    const page = await newPage();
    await openUnreported(page, `${extensionOrigin}/${name}`);
    return page;
  };
  const close = async (): Promise<void> => {
    await browser.close();
  };
  return {
    browser,
    extensionOrigin,
    problems,
    newPage,
    extensionPage,
    popupPage: () => extensionPage('popup.html'),
    async newChatPage(pagePath = '/') {
      const page = await newPage();
      await page.goto(`${site.origin}${pagePath}`, { waitUntil: 'domcontentloaded' });
      if (!pagePath.startsWith('/share/')) await page.waitForSelector('html[data-hydrated]');
      return page;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function addonId(folder: string): string {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
    browser_specific_settings?: { gecko?: { id?: string } };
  };
  const id = manifest.browser_specific_settings?.gecko?.id;
  if (id === undefined) throw new Error(`${folder}/manifest.json names no add-on id for Firefox`);
  return id;
}
