import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  cardInState,
  cardSelector,
  type FirefoxUnderTest,
  launchFirefox,
  partWith,
  sendMessage,
  typeInto,
} from '../support/browsers/index.ts';
import { defaultOptions, type Site, startSite } from '../support/site/index.ts';
import { forget, learnedBy, lookAt, spyOn } from '../support/spied-page.ts';

// Threat: as card-page-scripts, in Firefox.

let site: Site;
let firefox: FirefoxUnderTest;
let page: Page;

beforeAll(async () => {
  await ensureBuilt('firefox');
  site = await startSite({ ...defaultOptions, renderer: 'app', speed: 'instant' });
  firefox = await launchFirefox({ extension: 'extension/firefox-mv3', site });
});
afterEach(() => page.close());
afterAll(async () => {
  await firefox.close();
  await site.close();
});

async function openSpiedPage(): Promise<void> {
  page = await firefox.newChatPage();
  await spyOn(page);
}

it('control: in Firefox the same scripts learn what is typed in a field of the page', async () => {
  await openSpiedPage();
  await page.click('[data-app-shell-active-page="true"] [data-composer-markdown]');
  await page.keyboard.type('q');
  expect(await learnedBy(page)).toMatch(/keydown q/);
  expect(await learnedBy(page)).toMatch(/beforeinput {2}q/);
});

it('in Firefox the page learns nothing of what is typed for a program, nor of what its card shows', async () => {
  await openSpiedPage();
  await sendMessage(page, site, 'input');
  await cardInState(page, 'input');
  await forget(page);
  await typeInto(page, '[data-part="input"]', 'Qzx');
  await page.keyboard.press('Enter');
  await partWith(page, '[data-part="prompt"]', (parts) => parts[0]?.text.includes('Qzx'));
  // The field went away while Enter was down: its release, which says nothing, belongs to the page.
  expect((await learnedBy(page)).replaceAll('keyup Enter ', '').trim()).toBe('');
  expect(await lookAt(page, cardSelector)).toEqual([null, '', '', '']);
});
