import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  composerText,
  expectCleanSite,
  type FirefoxUnderTest,
  launchFirefox,
  sendMessage,
  shownText,
  turnEnded,
  typeMessage,
} from '../support/browsers/index.ts';
import { type Site, startSite } from '../support/site/index.ts';

describe('the stand-in in Firefox', () => {
  let site: Site;
  let firefox: FirefoxUnderTest;
  beforeAll(async () => {
    site = await startSite();
    firefox = await launchFirefox({ extension: null, site });
  });
  afterAll(async () => {
    await firefox.close();
    await site.close();
  });

  it.each(['app', 'legacy'] as const)('streams a turn and takes typed lines in the %s design', async (renderer) => {
    site.set({ renderer });
    const page = await firefox.newChatPage();
    await sendMessage(page, site, 'chart');
    await turnEnded(page);
    expect(await shownText(page)).toContain('North leads');
    await typeMessage(page, 'next question');
    expect(await composerText(page)).toBe('next question');
    expectCleanSite(site, firefox.problems);
    await page.close();
  });
});
