import { describe, expect, it } from 'vitest';
import { expectCleanSite, typeMessage } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';

describe('a message that is being written', () => {
  const world = siteInChromium();

  it('has Python stand before it is sent; opening the page has not', async () => {
    const { chromium, site } = world;
    const page = await chromium.newChatPage();
    expect(chromium.hasHost()).toBe(false);
    await typeMessage(page, 'a');
    await chromium.hostPage();
    const popup = await chromium.popupPage();
    await popup.waitForSelector('[data-part="engine"][data-python="ready"]');
    expect(site.sent).toEqual([]);
    expectCleanSite(site, chromium.problems);
  });
});
