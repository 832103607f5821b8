import type { Page } from 'puppeteer-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanSite, lineWith, prompt, typeLine } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

describe('a terminal', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium();
  let page: Page;
  const open = async (session: string): Promise<void> => {
    page = await world.chromium.extensionPage(`ide.html?session=${session}`);
    await prompt(page);
  };
  afterEach(async () => {
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });

  it('shows what a typed line does', async () => {
    await open('echo');
    await typeLine(page, 'echo h""i');
    expect(await lineWith(page, /^hi$/)).toContain('hi');
  });
});
