import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { strToU8, zipSync } from 'fflate';
import type { ElementHandle, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '../../src/contracts/ids.ts';
import { ensureBuilt } from '../../tools/build.ts';
import {
  expectCleanSite,
  finishedCard,
  launchChromium,
  launchFirefox,
  pressByKey,
  sendMessage,
  turnEnded,
  watchDownloads,
} from '../support/browsers/index.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest } from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeWindow {
  readonly axe: { run(context: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

const zips = testFolder('zips');
const saves = { chromium: testFolder('downloads'), firefox: testFolder('downloads') };

/** What both browsers have; Firefox saves to a folder of its settings and tells nobody when. */
interface Browser {
  readonly under: Awaited<ReturnType<typeof launchChromium | typeof launchFirefox>>;
  /** Path of the one file that the page saves meanwhile. */
  saved(act: () => Promise<void>): Promise<string>;
}

async function openChromium(site: Site): Promise<Browser> {
  const under = await launchChromium({ isCalm: true, startsSmall: true, extension: 'extension/chrome-mv3', site });
  const downloads = await watchDownloads(under.browser, saves.chromium);
  return { under, saved: (act) => downloads.during(act) };
}

async function openFirefox(site: Site): Promise<Browser> {
  const under = await launchFirefox({
    extension: 'extension/firefox-mv3',
    site,
    extraPrefs: {
      'browser.download.folderList': 2,
      'browser.download.dir': saves.firefox,
      'browser.download.always_ask_before_handling_new_types': false,
    },
  });
  return {
    under,
    async saved(act) {
      await act();
      const file = path.join(saves.firefox, 'conversation-files.zip');
      // Its name is taken at once; the bytes gather beside it until they are whole.
      await expect
        .poll(() => existsSync(file) && !existsSync(`${file}.part`) && readFileSync(file).length > 0, {
          timeout: 60_000,
        })
        .toBe(true);
      return file;
    },
  };
}

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations: found } = await (window as unknown as AxeWindow).axe.run('main');
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

const textOf = (page: Page, part: string) => page.$eval(`[data-part="${part}"]`, (element) => element.textContent);

async function choose(page: Page, file: string): Promise<void> {
  const field = await page.$('[data-part="zip-field"]');
  await (field as ElementHandle<HTMLInputElement> | null)?.uploadFile(file);
}

async function entriesOf(file: string): Promise<Record<string, string>> {
  const reader = new ZipReader(new Uint8ArrayReader(readFileSync(file)));
  const entries: Record<string, string> = {};
  for (const entry of await reader.getEntries()) {
    entries[entry.filename] = entry.directory
      ? ''
      : new TextDecoder().decode(await entry.getData(new Uint8ArrayWriter(), { checkSignature: true }));
  }
  return entries;
}

const WRITE_FILES = `import os
os.makedirs('d/empty', exist_ok=True)
open('d/a.txt', 'w').write('one')
open('é 日本.txt', 'w').write('two' * 100000)
print(sorted(os.listdir('.')))`;

describe.each([
  ['Chromium', 'chrome', openChromium],
  ['Firefox', 'firefox', openFirefox],
] as const)('the popup in %s', (_name, built, open) => {
  let site: Site;
  let server: LoopbackServer;
  let browser: Browser;
  let chat: Page;
  let popup: Page;
  let client: RunsClient;
  let sessionId: SessionId;

  beforeAll(async () => {
    await ensureBuilt(built);
    site = await startSite();
    server = await startLoopback((_request, response) => {
      response.setHeader('access-control-allow-origin', '*');
      response.end('x'.repeat(5_000));
    });
    browser = await open(site);
    chat = await browser.under.newChatPage();
    await sendMessage(chat, site, 'hello');
    await finishedCard(chat);
    await turnEnded(chat);
    sessionId = new URL(chat.url()).pathname.split('/').at(-1) as SessionId;
    popup = await browser.under.popupPage();
    await popup.setViewport({ width: 360, height: 1_400 });
    await popup.waitForSelector('[data-part="zip"]');
    client = await connectRunsClient(popup);
  });
  afterAll(async () => {
    await browser.under.close();
    await server.close();
    await site.close();
  });

  it('takes all files out as a zip, and puts a zip in; an unsafe one changes nothing and says so', async () => {
    await popup.waitForSelector('[data-action="take-zip"][disabled]');
    expect(await textOf(popup, 'file-count')).toContain('no files yet');
    const ran = await client.run(runRequest(WRITE_FILES, 'zip', { sessionId }));
    expect(outcomeOf(ran)).toMatchObject({ kind: 'completed', error: null });
    await popup.waitForSelector('[data-action="take-zip"]:not([disabled])');
    // It may have been counted between the two.
    await expect.poll(() => textOf(popup, 'file-count'), { timeout: 10_000 }).toBe('2 files, 293 kB');

    const file = await browser.saved(() => pressByKey(popup, '[data-action="take-zip"]'));
    await popup.waitForSelector('[data-part="zip-note"]:not([hidden])');
    expect(await textOf(popup, 'zip-note')).toContain('is in your downloads');
    expect(await entriesOf(file)).toEqual({
      'd/': '',
      'd/a.txt': 'one',
      'd/empty/': '',
      'é 日本.txt': 'two'.repeat(100_000),
    });

    for (const gone of ['d/a.txt', 'é 日本.txt']) await client.call('removeFile', { sessionId, path: gone });
    await popup.waitForSelector('[data-action="take-zip"][disabled]');
    await choose(popup, file);
    await popup.waitForFunction(() =>
      document.querySelector('[data-part="zip-note"]')?.textContent?.includes('2 files unpacked'),
    );
    const again = await client.run(
      runRequest(`print(open('d/a.txt').read(), len(open('é 日本.txt').read()))`, 'zip', { sessionId }),
    );
    expect(again.events.map(({ event }) => (event.kind === 'output' ? event.text : '')).join('')).toBe('one 300000\n');

    const before = await client.call('listFiles', { sessionId });
    const slip = path.join(zips, 'slip.zip');
    writeFileSync(slip, zipSync({ 'd/a.txt': strToU8('theirs'), '../../up.txt': strToU8('out') }));
    await choose(popup, slip);
    await popup.waitForSelector('[data-part="zip"] [data-code="files/unsafe-archive"]');
    // Its words come a moment after it.
    await popup.waitForFunction(() =>
      document
        .querySelector('[data-part="zip"] [data-part="failure"]')
        ?.textContent?.includes('The zip is not safe to unpackNothing was unpacked.'),
    );
    await popup.waitForSelector('[data-action="add-other"]');
    expect(await client.call('listFiles', { sessionId })).toEqual(before);
    await popup.evaluate(AXE);
    expect(await violations(popup)).toEqual([]);
  });

  it('shows what programs sent and got, the meters, and nothing that axe objects to, in light and dark', async () => {
    expect(await client.call('allowHosts', { sessionId, hosts: [server.origin] })).toMatchObject({ ok: true });
    const code = `(await (await fetch('${server.origin}/a', { method: 'POST', body: 'x'.repeat(2000) })).text()).length`;
    const ran = await client.run(runRequest(code, 'zip', { sessionId, language: 'javascript' }));
    expect(outcomeOf(ran)).toMatchObject({ error: null, result: '5000' });
    await popup.waitForSelector('[data-part="egress"] [data-outcome="passed"]');
    await popup.click('[data-part="egress"] summary');
    expect(await textOf(popup, 'egress')).toMatch(
      /JavaScript · this conversation · answered \(200\) · 2 kB out, 4\.9 kB in/u,
    );
    await popup.waitForFunction(() =>
      document.querySelector('[data-part="own-network"] dd')?.textContent?.includes('2 kB out, 4.9 kB in'),
    );
    const rows = await popup.$$eval('[data-part="meters"] dt', (names) => names.map(({ textContent }) => textContent));
    expect(rows).toEqual(['Memory of engines', 'Processor', 'Storage', 'Network', 'This conversation']);
    await popup.evaluate(AXE);
    for (const theme of ['light', 'dark']) {
      await popup.evaluate(async (name) => {
        document.documentElement.setAttribute('data-theme', name);
        // Buttons pass from one theme's colours to the other's; half-way there axe would read neither.
        await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
      }, theme);
      expect(await violations(popup)).toEqual([]);
    }
    // A popup is 360 pixels wide: nothing of it may be cut off or make it scroll sideways.
    expect(await popup.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await popup.click('[data-action="clear-egress"]');
    await popup.waitForFunction(() => document.querySelector('[data-part="egress"]') === null);
    expect(await textOf(popup, 'egress-note')).toBe('The list was cleared.');
    await popup.close();
    await chat.close();
    expectCleanSite(site, browser.under.problems);
  });
});

it('the zip of the popup is reached by the keyboard alone', async () => {
  const site = await startSite();
  const { under } = await openChromium(site);
  const chat = await under.newChatPage();
  await sendMessage(chat, site, 'hello');
  await finishedCard(chat);
  const popup = await under.popupPage();
  await popup.waitForSelector('[data-action="take-zip"][disabled]');
  await popup.focus('[data-action="choose-files"]');
  await popup.keyboard.press('Tab');
  const focused = () => popup.evaluate(() => (document.activeElement as HTMLElement).dataset['action']);
  expect(await focused()).toBe('add-folder');
  await popup.keyboard.press('Tab');
  // Nothing to download yet: that button is passed over.
  expect(await focused()).toBe('add-zip');
  // The dialog itself is the browser's: here it is seen that it is asked for, and the field is filled without it.
  await popup.$eval('[data-part="zip-field"]', (field) =>
    field.addEventListener('click', (event) => {
      event.preventDefault();
      field.setAttribute('data-asked', '');
    }),
  );
  await popup.keyboard.press('Enter');
  await popup.waitForSelector('[data-part="zip-field"][data-asked]');
  const file = path.join(zips, 'in.zip');
  writeFileSync(file, zipSync({ 'a.txt': strToU8('one') }));
  await choose(popup, file);
  await popup.waitForFunction(() =>
    document.querySelector('[data-part="zip-note"]')?.textContent?.includes('1 file unpacked, 3 B'),
  );
  expect(await focused()).toBe('add-zip');
  await under.close();
  await site.close();
});
