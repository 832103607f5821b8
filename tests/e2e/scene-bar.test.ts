import type { Page } from 'puppeteer-core';
import { afterAll, describe, expect, it } from 'vitest';
import { expectCleanSite, finishedCard, turnEnded } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';

const world = siteInChromium({ hasSceneBar: true, speed: 'quick' });
afterAll(() => {
  expectCleanSite(world.site, world.chromium.problems);
});

const sceneButton = (name: string) => `::-p-aria([name="${name}"][role="button"])`;

/** Follows a link of the header to the page that it leads to. */
async function follow(page: Page, name: string): Promise<void> {
  await Promise.all([
    page.waitForNavigation({ waitUntil: 'domcontentloaded' }),
    page.click(`::-p-aria([name="${name}"][role="link"])`),
  ]);
  await page.waitForSelector('html[data-hydrated]');
}

describe('the page that npm start leaves open', () => {
  it('offers the scenes, and in a small window nothing lies over them', async () => {
    const page = await world.chromium.newChatPage();
    await page.setViewport({ width: 620, height: 560 });
    // The switch of the extension, which is wide from 600 pixels on.
    await page.waitForSelector('chatgpt-companion-toggle');
    const bar = await page.waitForSelector('[role="group"][aria-label="Scenes"]');
    const buttons = await bar?.$$eval('button', (all) =>
      all.map((button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        const corners = [1, width / 2, width - 1].map((right) => document.elementFromPoint(x + right, y + height / 2));
        return { name: button.textContent, isFree: corners.every((top) => top === button) };
      }),
    );
    expect(buttons?.filter(({ isFree }) => !isFree)).toEqual([]);
    expect(buttons?.map(({ name }) => name).slice(0, 10)).toEqual([
      'chart',
      'table',
      'input',
      'error',
      'endless loop',
      'big output',
      'files',
      'two calls at once',
      'thinking',
      'drifted',
    ]);
    await page.close();
  });

  it('plays the scene that is picked, in the design and the theme that are picked', async () => {
    const page = await world.chromium.newChatPage();
    await page.waitForSelector('.shell.app');
    await page.click(sceneButton('table'));
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', text: expect.stringContaining('rain_mm') });
    await turnEnded(page);
    expect(world.site.sent.map(({ text }) => text)).toEqual(['Show me the temperatures as a table.']);

    await follow(page, 'Old design');
    expect(await page.$$eval('.shell', (shells) => shells.map(({ className }) => className))).toEqual(['shell legacy']);
    await page.click(sceneButton('table'));
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', text: expect.stringContaining('rain_mm') });
    await turnEnded(page);

    await follow(page, 'Dark');
    await page.waitForSelector('html.dark .shell.legacy');
    await follow(page, 'New design');
    await page.waitForSelector('html.dark .shell.app');
    await page.close();
  });
});
