import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  type ChromiumUnderTest,
  expectCleanSite,
  finishedCard,
  launchChromium,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { type Site, startSite } from '../support/site/index.ts';

const GROUP = 'chatgpt-companion-thinking';
let site: Site;
let chromium: ChromiumUnderTest;

beforeAll(async () => {
  await ensureBuilt('chrome');
  site = await startSite();
  chromium = await launchChromium({ extension: 'extension/chrome-mv3', site });
});
afterAll(async () => {
  await chromium.close();
  await site.close();
});

async function think(): Promise<Page> {
  const page = await chromium.newChatPage();
  await sendMessage(page, site, 'thinking');
  await page.waitForSelector(GROUP);
  await turnEnded(page);
  return page;
}
const summary = (page: Page) =>
  page.$eval(GROUP, (group) => group.shadowRoot?.querySelector('[data-part="thinking-summary"]')?.textContent ?? '');
const hasQuestion = (page: Page) =>
  page.$eval(GROUP, (group) => group.shadowRoot?.querySelector('[data-part="thinking-question"]') !== null);

it('gathers calls made while thinking in one folded line and asks once what to do with them', async () => {
  const page = await think();
  expect(await summary(page)).toMatch(/^\d+ Python calls? while thinking$/);
  expect(await hasQuestion(page)).toBe(true);
  expect((await readCards(page)).every(({ outcome }) => outcome === '')).toBe(true);
  await (await page.waitForSelector(`${GROUP} >>> [data-action="thinking-always"]`))?.click();
  expect((await finishedCard(page)).outcome).toBe('completed');
  await page.waitForFunction(
    (tag) => document.querySelector(tag)?.shadowRoot?.querySelector('[data-part="thinking-question"]') === null,
    {},
    GROUP,
  );
  await page.close();

  const next = await think();
  expect(await hasQuestion(next)).toBe(false);
  expect((await finishedCard(next)).outcome).toBe('completed');
  await next.close();
  expectCleanSite(site, chromium.problems);
});
