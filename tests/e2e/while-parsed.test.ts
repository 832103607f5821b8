import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, expect, it } from 'vitest';
import {
  cardSelector,
  dragFile,
  expectCleanSite,
  finishedCard,
  noteOf,
  readCards,
  sendMessage,
  stillBox,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { defaultOptions } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const file = path.join(testFolder('private', { 'staff.csv': 'name,salary\nBob,2000\n' }), 'staff.csv');
const world = siteInChromium({ ...defaultOptions, holdsDocument: true });
let page: Page;
let loaded: Promise<unknown>;

afterEach(async () => {
  await page.close();
  expectCleanSite(world.site, world.chromium.problems);
});

/** A page that works, whose HTML has not ended, with a call in it. */
async function callWhileParsed(): Promise<void> {
  page = await world.chromium.newPage();
  loaded = page.goto(world.site.origin, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('html[data-hydrated]');
  await sendMessage(page, world.site, 'hello');
  await turnEnded(page);
  expect(await page.evaluate(() => document.readyState)).toBe('loading');
  expect(await page.$(cardSelector)).toBeNull();
}

async function endDocument(): Promise<void> {
  world.site.endDocuments();
  await loaded;
}

it('a call that comes meanwhile has one card and one run, and the popup says that the page loads', async () => {
  await callWhileParsed();
  const popup = await world.chromium.popupPage();
  const why = await popup.waitForSelector('[data-part="no-page"]');
  expect(await why?.evaluate((element) => element.textContent)).toBe(
    'This page has not loaded whole yet. If it stays so, load it again.',
  );
  await endDocument();
  await popup.waitForSelector('[data-part="health"]');
  expect(await popup.$eval('[data-part="calls"]', (element) => element.textContent)).toBe('1');
  await popup.waitForSelector('[data-part="runs"] [data-outcome]');
  expect(await popup.$$('[data-part="runs"] [data-outcome]')).toHaveLength(1);
  await popup.close();
  expect(await finishedCard(page)).toMatchObject({ outcome: 'completed' });
  expect(await readCards(page)).toHaveLength(1);
});

it('a file dropped on the card is not seen by listeners that the page had before the second script came', async () => {
  await callWhileParsed();
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    for (const target of [window, document]) target.addEventListener('drop', ({ type }) => seen.push(type), true);
  });
  await endDocument();
  await finishedCard(page);
  const box = await stillBox(page, cardSelector);
  await dragFile(page, file, { x: box.x + 40, y: box.y + box.height / 2 });
  expect(await noteOf(page)).toContain('staff.csv');
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
});
