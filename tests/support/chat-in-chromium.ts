import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { type ChromiumUnderTest, expectCleanSite, launchChromium, sendMessage } from './browsers/index.ts';
import { type Site, type SiteOptions, startSite } from './site/index.ts';

/** The stand-in and one browser with the built extension for the tests of a file. */
export interface ChatInChromium {
  readonly site: Site;
  readonly chromium: ChromiumUnderTest;
  /** A new page under these options (others as they are) with the scene on its way; closed when its test has ended. */
  play(scene: string, options?: Partial<SiteOptions>): Promise<Page>;
}

/** Registers what opens and ends it; after each test the site must be clean. What it holds is there from the first test on. */
export function chatInChromium(options: Partial<SiteOptions>): ChatInChromium {
  let site: Site;
  let chromium: ChromiumUnderTest;
  let pages: Page[] = [];
  beforeAll(async () => {
    await ensureBuilt('chrome');
    site = await startSite(options);
    chromium = await launchChromium({ extension: 'extension/chrome-mv3', site });
  });
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.close()));
    pages = [];
    expectCleanSite(site, chromium.problems);
  });
  afterAll(async () => {
    await chromium.close();
    await site.close();
  });
  return {
    get site() {
      return site;
    },
    get chromium() {
      return chromium;
    },
    async play(scene, now = {}) {
      site.set(now);
      const page = await chromium.newChatPage();
      pages.push(page);
      await sendMessage(page, site, scene);
      return page;
    },
  };
}
