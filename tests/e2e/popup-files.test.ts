import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectCleanSite, finishedCard, sendMessage, turnEnded } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient } from '../support/runs-client/index.ts';
import { testFolder } from '../support/test-folder.ts';

const file = path.join(testFolder('private', { 'notes.txt': 'mine\n' }), 'notes.txt');

const world = siteInChromium();

describe('the popup in a tab', () => {
  it('gives files to the conversation of the tab that it names, whichever is in front', async () => {
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'hello');
    await finishedCard(chat);
    await turnEnded(chat);
    const sessionId = new URL(chat.url()).pathname.split('/').at(-1);
    const worker = await world.chromium.serviceWorker();
    const tabId = await worker.evaluate(async (url) => {
      const tabs = await (
        globalThis as unknown as { chrome: { tabs: { query(of: object): Promise<{ id: number; url?: string }[]> } } }
      ).chrome.tabs.query({});
      return tabs.find((tab) => tab.url === url)?.id;
    }, chat.url());
    const other = await world.chromium.newChatPage();
    const popup = await world.chromium.extensionPage(`popup.html?tab=${String(tabId)}`);
    await popup.waitForSelector('[data-action="choose-files"]:not([disabled])');
    expect(await popup.$('[data-action="open-tab"]')).toBeNull();
    const [chooser] = await Promise.all([popup.waitForFileChooser(), popup.click('[data-action="choose-files"]')]);
    await chooser.accept([file]);
    await popup.waitForFunction(() =>
      document.querySelector('[data-part="drop"] [data-part="note"]')?.textContent?.includes('notes.txt'),
    );
    const client = await connectRunsClient(popup);
    expect(await client.call('listFiles', { sessionId })).toMatchObject({
      ok: true,
      value: [{ path: 'notes.txt' }],
    });
    for (const page of [popup, other, chat]) await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});
