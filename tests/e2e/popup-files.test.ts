import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  type ChromiumUnderTest,
  expectCleanSite,
  finishedCard,
  launchChromium,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { connectRunsClient } from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'private-')), 'notes.txt');
writeFileSync(file, 'mine\n');

let site: Site;
let chromium: ChromiumUnderTest;

beforeAll(async () => {
  await ensureBuilt('chrome');
  site = await startSite();
  chromium = await launchChromium({ extension: 'extension/chrome-mv3', site });
});
afterAll(async () => {
  await chromium.close();
  await site.close();
});

describe('the popup in a tab', () => {
  it('gives files to the conversation of the tab that it names, whichever is in front', async () => {
    const chat = await chromium.newChatPage();
    await sendMessage(chat, site, 'hello');
    await finishedCard(chat);
    await turnEnded(chat);
    const sessionId = new URL(chat.url()).pathname.split('/').at(-1);
    const worker = await chromium.serviceWorker();
    const tabId = await worker.evaluate(async (url) => {
      const tabs = await (
        globalThis as unknown as { chrome: { tabs: { query(of: object): Promise<{ id: number; url?: string }[]> } } }
      ).chrome.tabs.query({});
      return tabs.find((tab) => tab.url === url)?.id;
    }, chat.url());
    const other = await chromium.newChatPage();
    const popup = await chromium.extensionPage(`popup.html?tab=${String(tabId)}`);
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
    expectCleanSite(site, chromium.problems);
  });
});
