import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import {
  chooseFiles,
  dragFile,
  expectCleanSite,
  finishedCard,
  pressByKey,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient, runRequest, textOf } from '../support/runs-client/index.ts';
import { conversationOf } from '../support/scenario-world.ts';
import { testFolder } from '../support/test-folder.ts';

const folder = testFolder('private', { 'notes.txt': 'only-here\n', 'data.csv': 'a,b\n1,2\n' });
const [picked, dropped] = [path.join(folder, 'notes.txt'), path.join(folder, 'data.csv')];

const world = siteInChromium({}, { startsSmall: true });

describe('the popup in a tab', () => {
  it('gives files, picked and dropped, to the conversation of the tab that it names, whichever is in front', async () => {
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'hello');
    await finishedCard(chat);
    await turnEnded(chat);
    const sessionId = sessionIdOf(await conversationOf(chat));
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
    await chooseFiles(popup, [picked], () => pressByKey(popup, '[data-action="choose-files"]'));
    const said = (name: string) =>
      popup.waitForFunction(
        (added) => document.querySelector('[data-part="drop"] [data-part="note"]')?.textContent?.includes(added),
        {},
        name,
      );
    await said('notes.txt');
    const place = await (await popup.$('[data-part="drop"]'))?.boundingBox();
    if (!place) throw new Error('there is no place to drop');
    const at = { x: place.x + 10, y: place.y + 10 };
    await dragFile(popup, dropped, at, ['dragEnter', 'dragOver']);
    await popup.waitForSelector('[data-part="drop"].over');
    await dragFile(popup, dropped, at, ['drop']);
    await said('data.csv');
    expect(await popup.$('[data-part="drop"].over')).toBeNull();
    // Beside the place it is not left to the browser, which would open it.
    await popup.evaluate(() =>
      addEventListener('drop', (event) => document.body.toggleAttribute('data-kept', event.defaultPrevented)),
    );
    await dragFile(popup, picked, { x: 2, y: 2 });
    await popup.waitForSelector('body[data-kept]');
    // A folder has a page of its own, for the same conversation.
    await pressByKey(popup, '[data-action="add-folder"]');
    const folderPage = await world.chromium.browser.waitForTarget((target) => target.url().includes('/folder.html'));
    expect(new URL(folderPage.url()).searchParams.get('session')).toBe(sessionId);
    await (await folderPage.page())?.close();
    const client = await connectRunsClient(popup);
    const code =
      'import os\nfor name in sorted(os.listdir("/mnt/data")): print(name, open("/mnt/data/" + name).read())';
    const run = await client.run(runRequest(code, '', { sessionId }));
    expect(textOf(run, 'stdout')).toBe('data.csv a,b\n1,2\n\nnotes.txt only-here\n\n');
    // Neither content nor name was in anything that reached the site.
    const seen = JSON.stringify([world.site.log, world.site.reports, world.site.sent, world.site.socketFrames]);
    expect(seen).not.toMatch(/notes\.txt|data\.csv|only-here/u);
    for (const page of [popup, other, chat]) await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});
