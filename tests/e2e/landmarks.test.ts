import type { Page } from 'puppeteer-core';
import { describe, it } from 'vitest';
import { expectCleanSite, sendMessage, turnEnded } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { conversationOf } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';

const DIFFERENT = 'The page looks different from what is known, so results may have no place to show.';
const WELL = 'All is well on this page.';

const world = siteInChromium({}, { startsSmall: true });

/** Waits until the popup says this of the page that was last in front. */
async function says(popup: Page, words: string): Promise<void> {
  await popup.bringToFront();
  await popup.waitForFunction(
    (wanted) => document.querySelector('[data-part="health"]')?.textContent === wanted,
    {},
    words,
  );
}
interface Extension {
  readonly chrome: { readonly tabs: { sendMessage: (...request: unknown[]) => Promise<unknown> } };
}
/** Waits until the page has answered the popup so often: what it lacks counts from the second answer on. */
async function looks(popup: Page, times: number): Promise<void> {
  await popup.evaluate(
    (most) =>
      new Promise<void>((done) => {
        const { tabs } = (window as unknown as Extension).chrome;
        const send = tabs.sendMessage;
        let left = most;
        tabs.sendMessage = async (...request) => {
          const answer = await send(...request);
          left -= 1;
          if (left === 0) done();
          return answer;
        };
      }),
    times,
  );
}

/** Goes to another address without leaving the document. */
const follow = (chat: Page, link: string) =>
  chat.$eval(`.sidebar a[href="${link}"]`, (a) => (a as HTMLElement).click());

describe.each(['legacy', 'app'] as const)('where turns cannot be found any more in the %s design', (renderer) => {
  it('the popup says so in their conversation, and nothing of the kind in a new chat or a shared one', async () => {
    world.site.set({ ...defaultOptions, renderer, historyLagMs: 0, renamesTurns: true });
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'plain');
    await turnEnded(chat);
    const id = await conversationOf(chat);
    const popup = await world.chromium.popupPage();
    await says(popup, DIFFERENT);
    await follow(chat, '/');
    await says(popup, WELL);
    await follow(chat, `/c/${id}`);
    await says(popup, DIFFERENT);
    await chat.goto(`${world.site.origin}/share/${id}`);
    await says(popup, WELL);
    await chat.goto(`${world.site.origin}/c/${id}`);
    await says(popup, DIFFERENT);
    await popup.close();
    await chat.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});

describe.each(['legacy', 'app'] as const)('where nothing has changed in the %s design', (renderer) => {
  it('the popup says that all is well after an answer and in the new chat after it', async () => {
    world.site.set({ ...defaultOptions, renderer });
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'plain');
    await turnEnded(chat);
    const popup = await world.chromium.popupPage();
    await says(popup, WELL);
    await follow(chat, '/');
    await looks(popup, 3);
    await says(popup, WELL);
    await popup.close();
    await chat.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});
