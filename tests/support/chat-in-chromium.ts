import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  type ChromiumOptions,
  type ChromiumUnderTest,
  expectCleanSite,
  launchChromium,
  sendMessage,
} from './browsers/index.ts';
import { expectNoOrphans } from './no-orphans.ts';
import { type Site, type SiteOptions, startSite } from './site/index.ts';

/** The stand-in and one browser with the built extension for the tests of a file; there from the first test on. */
export interface SiteInChromium {
  readonly site: Site;
  readonly chromium: ChromiumUnderTest;
}

/** Registers what opens and ends them. */
export function siteInChromium(
  options: Partial<SiteOptions> = {},
  launch: Partial<ChromiumOptions> = {},
): SiteInChromium {
  let site: Site;
  let chromium: ChromiumUnderTest;
  beforeAll(async () => {
    await ensureBuilt('chrome');
    site = await startSite(options);
    chromium = await launchChromium({ isCalm: true, ...launch, extension: 'extension/chrome-mv3', site });
  });
  afterAll(async () => {
    try {
      await expectNoOrphans(chromium);
    } finally {
      await chromium.close();
      await site.close();
    }
  });
  return {
    get site() {
      return site;
    },
    get chromium() {
      return chromium;
    },
  };
}

export interface ChatInChromium extends SiteInChromium {
  /** A new page under these options (others as they are) with the scene on its way; closed when its test has ended. */
  play(scene: string, options?: Partial<SiteOptions>): Promise<Page>;
}

/** The same for tests of which each plays a scene; after each of them the site must be clean. */
export function chatInChromium(options: Partial<SiteOptions>, launch: Partial<ChromiumOptions> = {}): ChatInChromium {
  const world = siteInChromium(options, launch);
  let pages: Page[] = [];
  afterEach(async () => {
    await Promise.all(pages.filter((page) => !page.isClosed()).map((page) => page.close()));
    pages = [];
    expectCleanSite(world.site, world.chromium.problems);
  });
  return Object.assign(world, {
    async play(scene: string, now: Partial<SiteOptions> = {}) {
      world.site.set(now);
      const page = await world.chromium.newChatPage();
      pages.push(page);
      await sendMessage(page, world.site, scene);
      return page;
    },
  });
}
