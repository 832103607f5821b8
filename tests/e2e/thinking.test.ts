import type { Page } from 'puppeteer-core';
import { expect, it } from 'vitest';
import {
  clickPart,
  expectCleanSite,
  finishedCard,
  partsOf,
  partWith,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';

const GROUP = 'chatgpt-companion-thinking';
const world = siteInChromium();

async function think(): Promise<Page> {
  const page = await world.chromium.newChatPage();
  await sendMessage(page, world.site, 'thinking');
  await page.waitForSelector(GROUP);
  await turnEnded(page);
  return page;
}
const summary = (page: Page) =>
  partWith(page, '[data-part="thinking-summary"]', undefined, null, { host: GROUP }).then(({ text }) => text);
const hasQuestion = async (page: Page) =>
  (await partsOf(page, '[data-part="thinking-question"]', { host: GROUP })).length > 0;

it('gathers calls made while thinking in one folded line and asks once what to do with them', async () => {
  const page = await think();
  expect(await summary(page)).toMatch(/^\d+ Python calls? while thinking$/);
  expect(await hasQuestion(page)).toBe(true);
  expect((await readCards(page)).every(({ outcome }) => outcome === '')).toBe(true);
  await clickPart(page, '[data-action="thinking-always"]', { host: GROUP });
  expect((await finishedCard(page)).outcome).toBe('completed');
  await partWith(page, '[data-part="thinking-question"]', (parts) => parts.length === 0, null, { host: GROUP });
  await page.close();

  const next = await think();
  expect(await hasQuestion(next)).toBe(false);
  expect((await finishedCard(next)).outcome).toBe('completed');
  await next.close();
  expectCleanSite(world.site, world.chromium.problems);
});
