import { beforeAll, expect, test } from 'vitest';
import {
  barTag,
  clickPart,
  expectCleanSite,
  finishedCard,
  partWith,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';
import { defaultOptions } from '../support/site/index.ts';

// Firefox for Android cannot run here; its name is all by which the extension knows it, for no Firefox tells how much memory there is.
const ON_ANDROID = {
  'general.useragent.override': 'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0',
};

beforeAll(needsLinuxImage);
const world = siteInFirefox({ extraPrefs: ON_ANDROID });

test('a phone that does not tell its memory runs the shell in the small Linux, and the card says so', async () => {
  const { site, firefox } = world;
  site.set({ ...defaultOptions, renderer: 'app', codeBlocks: 'mixed' });
  const page = await firefox.newChatPage();
  await sendMessage(page, site, 'shell');
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
  expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: '1+2+3+4+5+6+7+8+9\n45\n' });
  expect((await partWith(page, '[data-part="notice"]')).text).toContain('run in the small Linux here');
  expectCleanSite(site, firefox.problems);
});
