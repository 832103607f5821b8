import type { Page } from 'puppeteer-core';
import { beforeAll, describe, it } from 'vitest';
import { expectCleanSite, lineWith, prompt, typeLine } from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';

describe('a terminal in Firefox', () => {
  beforeAll(needsLinuxImage);
  const world = siteInFirefox();
  let page: Page;

  it('shows what is typed, and is there again in another page', async () => {
    page = await world.firefox.extensionPage('ide.html?session=firefox');
    await prompt(page);
    await typeLine(page, 'kept=4; echo $((kept + 38)) >answer; cat answer');
    await lineWith(page, /^42$/);
    await page.close();
    const again = await world.firefox.extensionPage('ide.html?session=firefox');
    await lineWith(again, /^42$/);
    await typeLine(again, 'clear; echo "still $kept"');
    await lineWith(again, /^still 4$/);
    await again.click('[data-action="close"]');
    await again.waitForFunction(() => document.querySelector('[data-part="tab"]') === null);
    expectCleanSite(world.site, world.firefox.problems);
  });
});
