import { describe, expect, it } from 'vitest';
import { expectCleanSite, finishedCard, sendInserted, typeMessage } from '../support/browsers/index.ts';
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

describe('a message that came without a key', () => {
  const world = siteInChromium({ pauseAt: ['before-answer'] });

  it('has Python stand when its turn opens, before the answer says anything', async () => {
    const { chromium, site } = world;
    site.scene('chart');
    const page = await chromium.newChatPage();
    await sendInserted(page, site, 'How did our sales go this year?');
    await site.until(() => site.pausedAt === 'before-answer');
    await chromium.hostPage();
    const popup = await chromium.popupPage();
    await popup.waitForSelector('[data-part="engine"][data-python="ready"]');
    expect(site.pausedAt).toBe('before-answer');
    site.goOn();
    expect((await finishedCard(page)).figureMs).not.toBeNull();
    expectCleanSite(site, chromium.problems);
  });
});
