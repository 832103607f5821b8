import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  answerInput,
  cardInState,
  cardSelector,
  composerText,
  expectCleanSite,
  finishedCard,
  type FirefoxUnderTest,
  launchFirefox,
  noteOf,
  partWith,
  pressInCard,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { callScene } from '../support/scenario-world.ts';
import { defaultOptions, type Site, startSite } from '../support/site/index.ts';

let site: Site;
let firefox: FirefoxUnderTest;
let page: Page;

beforeAll(async () => {
  await ensureBuilt('firefox');
  site = await startSite();
  firefox = await launchFirefox({ extension: 'extension/firefox-mv3', site });
});
afterEach(async () => {
  await page.close();
  expectCleanSite(site, firefox.problems);
});
afterAll(async () => {
  await firefox.close();
  await site.close();
});

async function play(scene: string, renderer: 'legacy' | 'app'): Promise<void> {
  site.set({ ...defaultOptions, renderer });
  page = await firefox.newChatPage();
  await sendMessage(page, site, scene);
}

it('shows a run with its table and figure, and puts the result in the composer without sending it', async () => {
  await play('chart', 'app');
  const card = await finishedCard(page);
  expect(card).toMatchObject({ outcome: 'completed', status: 'Done' });
  expect(card.stdout).toBe('12 rows, 40,998 EUR in all\n');
  expect((await partWith(page, '[data-part="table-count"]')).text).toContain('3 rows');
  await page.waitForSelector(`${cardSelector}[data-figure-ms]`);
  await turnEnded(page);
  const sent = site.sent.length;
  await pressInCard(page, 'compose');
  await noteOf(page);
  expect(await composerText(page)).toContain('North    1377    15018');
  expect(site.sent).toHaveLength(sent);
});

it('is answered by keys alone', async () => {
  await play('input', 'app');
  await cardInState(page, 'input');
  await answerInput(page, 'Ada');
  // The next question has the focus already.
  await page.keyboard.type('42');
  await page.keyboard.press('Enter');
  const card = await finishedCard(page);
  expect(card.outcome).toBe('completed');
  expect(card.stdout).toContain('Hello Ada!');
});

it('stops a loop, and says that variables are gone', async () => {
  await play('endless loop', 'legacy');
  await partWith(page, '[data-part="stdout"]');
  await pressInCard(page, 'stop');
  const card = await finishedCard(page);
  expect(card).toMatchObject({ outcome: 'cancelled', status: 'Stopped' });
  expect(card.text).toContain('Variables are gone; files are kept.');
});

it('stops a sleep, and does not say that variables are gone', async () => {
  site.set({ ...defaultOptions, renderer: 'app' });
  page = await firefox.newChatPage();
  site.scene(callScene('import time\nprint("asleep", flush=True)\ntime.sleep(600)\n', 'It sleeps.'));
  await sendMessage(page, site, 'Sleep.');
  await partWith(page, '[data-part="stdout"]');
  await pressInCard(page, 'stop');
  const card = await finishedCard(page);
  expect(card).toMatchObject({ outcome: 'cancelled', status: 'Stopped' });
  expect(card.text).not.toContain('Variables are gone');
  await turnEnded(page);
});

it('has a popup that knows what ran', async () => {
  await play('hello', 'app');
  await finishedCard(page);
  const popup = await firefox.popupPage();
  await popup.waitForSelector('[data-part="runs"] [data-outcome="completed"]');
  await popup.waitForSelector('[data-part="calls"]');
  await popup.close();
});
