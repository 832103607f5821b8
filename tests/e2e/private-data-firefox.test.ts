import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, expect, it } from 'vitest';
import {
  cardSelector,
  dragFileInFirefox,
  expectCleanSite,
  finishedCard,
  noteOf,
  type Part,
  partWith,
  sendMessage,
  stillBox,
  turnEnded,
} from '../support/browsers/index.ts';
import { callScene } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';
import { testFolder } from '../support/test-folder.ts';
import { designs } from '../support/whole.ts';

const SECRET = 'secret-5b20d7';
const NAME = 'salaries.csv';
const file = path.join(testFolder('private', { [NAME]: `name,salary\n${SECRET},1000\nBob,2000\n` }), NAME);

const world = siteInFirefox();
let page: Page;

afterEach(() => page.close());

const drops = () => world.site.reports.filter(({ kind }) => kind === 'drop-seen').length;
const heard = () => JSON.stringify([world.site.log, world.site.reports, world.site.sent, world.site.socketFrames]);

it.each(designs('app'))('a file dropped on a card reaches /mnt/data alone, in the %s design', async (renderer) => {
  world.site.set({ ...defaultOptions, renderer });
  page = await world.firefox.newChatPage();
  await page.bringToFront();
  await sendMessage(page, world.site, 'hello');
  await finishedCard(page);
  await turnEnded(page);
  const before = drops();
  const box = await stillBox(page, cardSelector);
  await dragFileInFirefox(world.firefox.browser, file, { x: box.x + 40, y: box.y + 20 });
  expect(await noteOf(page)).toBe(`${NAME} is now in /mnt/data`);
  expect(drops()).toBe(before);
  world.site.scene(callScene(`print(len(open("/mnt/data/${NAME}").read().split()))\n`, 'Counted.'));
  await sendMessage(page, world.site, 'How many rows?');
  expect((await finishedCard(page, 1)).stdout).toBe('3\n');
  await turnEnded(page);
  // Neither content nor name was in anything that reached the site, but for the name in the program that it wrote itself.
  expect(heard()).not.toContain(SECRET);
  expect(JSON.stringify([world.site.reports, world.site.log])).not.toContain(NAME);
  expectCleanSite(world.site, world.firefox.problems);
});

it('a file dropped on the folded line of the thinking does not reach the page', async () => {
  world.site.set(defaultOptions);
  page = await world.firefox.newChatPage();
  await page.bringToFront();
  await sendMessage(page, world.site, 'thinking');
  await turnEnded(page);
  const before = drops();
  const box = await stillBox(page, 'chatgpt-companion-thinking');
  await dragFileInFirefox(world.firefox.browser, file, { x: box.x + 40, y: box.y + box.height / 2 });
  const isSaid = (parts: readonly Part[], words: string) => parts[0]?.text === words;
  const words = `${NAME} is now in /mnt/data`;
  await partWith(page, '[data-part="note"]', isSaid, words, { host: 'chatgpt-companion-toggle' });
  expect(drops()).toBe(before);
  expect(heard()).not.toContain(SECRET);
  expect(JSON.stringify([world.site.reports, world.site.log])).not.toContain(NAME);
  expectCleanSite(world.site, world.firefox.problems);
});

it('control: the same drop beside the card is seen by the page', async () => {
  world.site.set(defaultOptions);
  page = await world.firefox.newChatPage();
  await page.bringToFront();
  await page.evaluate(() => {
    // What the page would do with the file is another matter.
    document.addEventListener('drop', (event) => event.stopImmediatePropagation(), { capture: true });
  });
  const before = drops();
  await dragFileInFirefox(world.firefox.browser, file, { x: 200, y: 60 });
  await expect.poll(drops).toBeGreaterThan(before);
  await expect.poll(heard).toContain(NAME);
});
