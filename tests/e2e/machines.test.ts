import type { Page } from 'puppeteer-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
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
import { connectRunsClient, outcomeOf, runRequest, textOf } from '../support/runs-client/index.ts';

const PHONE = { width: 360, height: 740 };
const MEMORY = `echo MB$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo) "$WHO"`;

describe('machines of a conversation', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({});
  let page: Page;
  beforeEach(async () => {
    page = await world.chromium.extensionPage('ide.html?session=machines');
    await prompt(page);
  });
  afterEach(async () => {
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });

  const open = async () => {
    await page.click('[data-action="machines"]');
    await page.waitForSelector('[data-part="machines"] li[data-machine=""]');
  };
  const close = () => page.click('.dialog-head [data-action="close"]');
  const rows = () =>
    page.$$eval('[data-part="machines"] li', (all) => all.map((row) => row.getAttribute('data-machine')));
  const fill = async (field: string, text: string) => {
    await page.click(`[data-field="${field}"]`, { count: 3 });
    await page.keyboard.type(text);
  };
  const act = async (name: string, action: string) => {
    const button = await page.waitForSelector(`[data-machine="${name}"] [data-action="${action}"]:not(:disabled)`);
    await button?.click();
  };
  const said = (words: RegExp) =>
    page.waitForFunction(
      (source) => new RegExp(source).test(document.querySelector('[data-part="machines-said"]')?.textContent ?? ''),
      {},
      words.source,
    );
  const failure = async (code: keyof typeof FAILURES) => {
    const panel = await page.waitForSelector(`[data-part="failure"][data-code="${code}"]`);
    const text = await panel?.evaluate((part) => part.textContent);
    expect(text).toContain(FAILURES[code].title);
    return text;
  };

  it('are made, used by terminals and blocks, stopped and removed', { timeout: 240_000 }, async () => {
    await open();
    expect(await rows()).toEqual(['']);
    expect(await page.$eval('[data-part="none"]', (part) => part.textContent)).toContain('only the usual machine');
    await page.click('[data-action="new-machine"]');
    await fill('name', 'big');
    await fill('memory', '2000');
    await page.keyboard.press('Enter');
    expect(await failure('machine/bad-spec')).toContain('890 MB at most');
    await fill('memory', '300');
    await page.click('.machine-form summary');
    await fill('environment', 'WHO=it-is-big');
    await page.click('[data-action="create-machine"]');
    await said(/big is there\. Its first start takes about/);
    expect(await rows()).toEqual(['', 'big']);
    await act('big', 'use-machine');
    await said(/big is in use/);
    await close();
    await page.waitForFunction(
      () => document.querySelector('[data-action="machines"]')?.textContent === 'Machine: big',
    );

    // The terminal of before is where it was; a new one is in the machine.
    await typeLine(page, `clear; ${MEMORY}`);
    await lineWith(page, /^MB2[234]\d$/);
    await page.click('[data-action="new"]');
    await prompt(page);
    await typeLine(page, `clear; ${MEMORY}; echo own >/root/file`);
    await lineWith(page, /^MB2[6789]\d it-is-big$/);
    const client = await connectRunsClient(await world.chromium.extensionPage('vendor/python/LICENCES.txt'));
    // A page behind another one is not drawn, and nothing in it can be pressed.
    await page.bringToFront();
    const run = async () => {
      const request = runRequest(`${MEMORY}; cat /root/file`, 'any', { language: 'shell' });
      const done = await client.run({ ...request, sessionId: sessionIdOf('machines') });
      expect(outcomeOf(done)).toMatchObject({ kind: 'completed' });
      return textOf(done, 'stdout');
    };
    expect(await run()).toMatch(/^MB2[6789]\d it-is-big\nown\n$/);

    await open();
    await act('big', 'stop-machine');
    await failure('machine/in-use');
    await close();
    await closeTerminals(page);
    await open();
    await act('big', 'stop-machine');
    await said(/big was saved and stopped/);
    await page.waitForSelector('[data-machine="big"][data-state="stopped"]');
    // It goes on as it was saved.
    expect(await run()).toMatch(/^MB2[6789]\d it-is-big\nown\n$/);
    await act('big', 'stop-machine');
    await said(/big was saved and stopped/);

    await act('big', 'remove-machine');
    expect(await page.$eval('.asks', (part) => part.textContent)).toContain('Files in /mnt/data stay');
    await act('big', 'keep');
    await act('big', 'remove-machine');
    await act('big', 'remove-now');
    await said(/big was removed/);
    expect(await rows()).toEqual(['']);
    await close();
  });

  it('that were broken are restarted from what was saved of them', { timeout: 120_000 }, async () => {
    await typeLine(page, 'echo mine >/root/file; clear; echo wrote');
    await lineWith(page, /^wrote$/);
    await closeTerminals(page);
    await open();
    await act('', 'stop-machine');
    await said(/was saved and stopped/);
    await close();
    await page.click('[data-action="new"]');
    await prompt(page);
    await typeLine(page, 'rm -rf /usr/bin /bin; clear; echo broken');
    await lineWith(page, /^broken$/);

    await page.setViewport(PHONE);
    await open();
    await act('', 'restart-machine');
    const asked = () => page.$eval('[data-part="restart-choice"]', (part) => part.textContent);
    expect(await asked()).toContain('Restart from what was saved');
    for (const value of ['light', 'dark'] as const) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.waitForSelector(`html[data-theme="${value}"]`);
      expect(await violationsIn(page, '.dialog')).toEqual([]);
      expect(await page.$eval('.dialog', (dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
    }
    // By keys alone: what is asked has the focus; the second press is asked for, and Escape leaves the machine and the window as they are.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await asked()).toContain('is lost too');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-action="restart-machine"]:focus');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await said(/goes on from what was saved/);
    await page.waitForSelector('[data-machine=""][data-state="stopped"]');
    await close();
    await (await page.waitForSelector('[data-part="ended"] [data-action="again"]'))?.click();
    await prompt(page);
    await typeLine(page, 'clear; cat /root/file | grep .');
    await lineWith(page, /^mine$/);
    await closeTerminals(page);
  });

  it('have nothing that axe objects to, light and dark, and fit a phone', async () => {
    await page.setViewport(PHONE);
    await open();
    await page.click('[data-action="new-machine"]');
    await page.click('.machine-form summary');
    for (const value of ['light', 'dark'] as const) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.waitForSelector(`html[data-theme="${value}"]`);
      expect(await violationsIn(page, '.dialog')).toEqual([]);
      const width = await page.$eval('.dialog', (dialog) => dialog.scrollWidth - dialog.clientWidth);
      expect(width).toBe(0);
    }
    // By keys alone: Escape closes it, and the focus is on its button again.
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('.dialog') === null);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe('machines');
    await closeTerminals(page);
  });
});
