import type { Frame, Page } from 'puppeteer-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import {
  closeTerminals,
  expectCleanSite,
  lineWith,
  prompt,
  typeLine,
  violationsIn,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { WRITE_LIVE_SITE } from '../support/preview/live-site.ts';
import { connectRunsClient, outcomeOf, runRequest } from '../support/runs-client/index.ts';

describe('the preview', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({});
  let page: Page;
  /** The next one is made beside it, unseen. */
  const shown = async (): Promise<Frame> => {
    const element = await page.$('.frame-place iframe:not([hidden])');
    const frame = await element?.contentFrame();
    if (!frame) throw new Error('no frame');
    return frame;
  };
  const said = (words: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector('[data-part="preview-said"]')?.textContent === wanted,
      {},
      words,
    );
  beforeEach(async () => {
    page = await world.chromium.extensionPage('ide.html?session=page%3Apreview');
    await prompt(page);
  });
  afterEach(async () => {
    await page.click('[data-part="place-terminal"]');
    await closeTerminals(page);
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });

  it('says what to do where no server runs, and shows one with its scripts and its websocket', async () => {
    await page.click('[data-part="place-preview"]');
    const empty = await page.waitForSelector('[data-part="preview-empty"]');
    expect(await empty?.evaluate((part) => part.textContent)).toContain('python3 -m http.server 8000');
    expect(await violationsIn(page, 'body')).toEqual([]);
    const client = await connectRunsClient(page);
    const written = await client.run(runRequest(WRITE_LIVE_SITE, 'preview', { language: 'shell' }));
    expect(outcomeOf(written)).toMatchObject({ kind: 'completed', exitCode: 0 });
    await page.click('[data-part="place-terminal"]');
    await typeLine(page, 'python3 site.py');
    await lineWith(page, /^listens$/);
    await page.click('[data-part="place-preview"]');
    await said('Heard hello');
    expect(await (await shown()).$eval('h1', (text) => getComputedStyle(text).color)).toBe('rgb(1, 2, 3)');
    expect(await (await shown()).$eval('img', (image) => image.naturalWidth)).toBeGreaterThan(0);
    expect(await violationsIn(page, 'body')).toEqual([]);
    // Later, for the frame may be gone before it has answered.
    await (await shown()).evaluate(() => void setTimeout(() => document.querySelector('a')?.click()));
    await said('Next');
    await page.click('[data-action="preview-back"]');
    await said('Heard hello');
    await page.click('[data-part="place-terminal"]');
    await page.focus('.slot:not(.behind) textarea');
    await page.keyboard.down('Control');
    await page.keyboard.press('c');
    await page.keyboard.up('Control');
    await lineWith(page, /^KeyboardInterrupt$/);
    // Python says so before it closes the server's port.
    await typeLine(page, 'echo en""ded');
    await lineWith(page, /^ended$/);
    await page.click('[data-part="place-preview"]');
    await page.click('[data-action="preview-reload"]');
    const panel = await page.waitForSelector('[data-part="failure"][data-code="preview/not-listening"]');
    expect(await panel?.evaluate((part) => part.textContent)).toContain(FAILURES['preview/not-listening'].title);
  });
});
