import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  expectCleanSite,
  type FirefoxUnderTest,
  launchFirefox,
  lineWith,
  prompt,
  typeLine,
} from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { type Site, startSite } from '../support/site/index.ts';

describe('a terminal in Firefox', () => {
  let site: Site;
  let firefox: FirefoxUnderTest;
  let page: Page;
  beforeAll(async () => {
    needsLinuxImage();
    await ensureBuilt('firefox');
    site = await startSite();
    firefox = await launchFirefox({ extension: 'extension/firefox-mv3', site });
  });
  afterAll(async () => {
    await firefox.close();
    await site.close();
  });

  it('shows what is typed, and is there again in another page', async () => {
    page = await firefox.extensionPage('ide.html?session=firefox');
    await prompt(page);
    await typeLine(page, 'kept=4; echo $((kept + 38)) >answer; cat answer');
    await lineWith(page, /^42$/);
    await page.close();
    const again = await firefox.extensionPage('ide.html?session=firefox');
    await lineWith(again, /^42$/);
    await typeLine(again, 'clear; echo "still $kept"');
    await lineWith(again, /^still 4$/);
    await again.click('[data-action="close"]');
    await again.waitForFunction(() => document.querySelector('[data-part="tab"]') === null);
    expectCleanSite(site, firefox.problems);
  });
});
