import type { Frame, Page } from 'puppeteer-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  closeTerminals,
  expectCleanSite,
  prompt,
  typeLine,
  violationsIn,
  WITHOUT_OPTIMISER,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

describe('the preview', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({}, { args: WITHOUT_OPTIMISER });
  let page: Page;
  const shown = (): Frame => {
    const frame = page.mainFrame().childFrames().at(-1);
    if (!frame) throw new Error('no frame');
    return frame;
  };
  beforeEach(async () => {
    page = await world.chromium.extensionPage('ide.html?session=preview');
    await prompt(page);
  });
  afterEach(async () => {
    await closeTerminals(page);
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });

  it('says what to do where no server runs, and shows one as it begins to listen', async () => {
    await page.click('[data-part="place-preview"]');
    const empty = await page.waitForSelector('[data-part="preview-empty"]');
    expect(await empty?.evaluate((part) => part.textContent)).toContain('python3 -m http.server 8000');
    expect(await violationsIn(page)).toEqual([]);
    await page.click('[data-part="place-terminal"]');
    await typeLine(page, 'mkdir -p /tmp/site && cd /tmp/site && echo "p { color: rgb(1, 2, 3) }" >a.css');
    await typeLine(page, 'echo "<title>Home</title><link rel=stylesheet href=a.css><p>hello<a href=b.html>on</a>" >index.html');
    await typeLine(page, 'echo "<title>Second</title>" >b.html; python3 -m http.server 8000');
    await page.click('[data-part="place-preview"]');
    await page.waitForFunction(() => document.querySelector('[data-part="preview-said"]')?.textContent === 'Home');
    expect(await shown().$eval('p', (text) => getComputedStyle(text).color)).toBe('rgb(1, 2, 3)');
    await shown().evaluate(() => document.querySelector('a')?.click());
    await page.waitForFunction(() => document.querySelector('[data-part="preview-said"]')?.textContent === 'Second');
    await page.click('[data-action="preview-back"]');
    await page.waitForFunction(() => document.querySelector('[data-part="preview-said"]')?.textContent === 'Home');
  });
});
