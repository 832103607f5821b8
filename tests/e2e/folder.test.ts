import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import type { FileStat } from '../../src/contracts/files.ts';
import { chooseFiles, dragFile, violationsIn } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient } from '../support/runs-client/index.ts';
import { testFolder } from '../support/test-folder.ts';

/** Fits a name of Linux, and is longer than one here once its signs are written out. */
const LONG = '%'.repeat(100);

const place = testFolder('local');

/** The path of a folder `project` on the disk for one test, which may change it. */
function projectFor(test: string): string {
  const folder = join(place, test, 'project');
  for (const inner of ['sub/node_modules', '.git']) mkdirSync(join(folder, inner), { recursive: true });
  for (const [path, text] of Object.entries({
    'a.txt': 'one\n',
    'sub/b.csv': 'a,b\n1,2\n',
    [LONG]: 'x',
    '.git/HEAD': 'ref: refs/heads/main\n',
    'sub/node_modules/x.js': '1;\n',
  }))
    writeFileSync(join(folder, path), text);
  return folder;
}

const world = siteInChromium({}, { startsSmall: true });

const text = (page: Page, part: string): Promise<string> =>
  page.$eval(`[data-part="${part}"]`, (element) => element.textContent ?? '');

const textHas = async (page: Page, part: string, words: string): Promise<void> => {
  await page.waitForFunction(
    (name, wanted) => document.querySelector(`[data-part="${name}"]`)?.textContent?.includes(wanted),
    {},
    part,
    words,
  );
};

const middleOf = async (page: Page, part: string) => {
  const box = await (await page.waitForSelector(`[data-part="${part}"]`))?.boundingBox();
  if (!box) throw new Error(`${part} is not shown`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

async function filesOf(page: Page, sessionId: string): Promise<readonly (readonly [string, number])[]> {
  const client = await connectRunsClient(page);
  const answer = await client.call('listFiles', { sessionId });
  if (!answer.ok) throw new Error(answer.error.code);
  return (answer.value as FileStat[])
    .map(({ path, sizeBytes }) => [path, sizeBytes] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

describe('the page that copies a folder', () => {
  it('copies a dropped folder, names what it leaves out, and takes what it skipped on a press', async () => {
    const folder = projectFor('dropped');
    const page = await world.chromium.extensionPage('folder.html?session=page%3Adropped');
    await page.setViewport({ width: 360, height: 740 });
    await dragFile(page, join(folder, 'a.txt'), await middleOf(page, 'drop'));
    await textHas(page, 'status', 'This is no folder');
    await dragFile(page, folder, await middleOf(page, 'drop'));
    await textHas(page, 'found', '2 files, 12 B. Nothing is copied yet. They go to /mnt/data/project.');
    expect(await text(page, 'skipped')).toBe('Skipped, as a program made them: .git, sub/node_modules.');
    expect(await text(page, 'left-out')).toContain(`${LONG}: its name or path is too long`);
    expect(await filesOf(page, 'page:dropped')).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violationsIn(page, 'main')).toEqual([]);
    await page.click('[data-action="copy-folder"]');
    await textHas(page, 'ended-words', '2 files, 12 B, copied to /mnt/data/project.');
    expect(await text(page, 'left-out')).toContain(LONG);
    expect(await filesOf(page, 'page:dropped')).toEqual([
      ['project/a.txt', 4],
      ['project/sub/b.csv', 8],
    ]);

    await dragFile(page, folder, await middleOf(page, 'drop'));
    await textHas(page, 'same', '2 files are as copied before');
    await page.click('[data-part="take-all"]');
    await textHas(page, 'found', '2 files, 24 B');
    await page.click('[data-action="copy-folder"]');
    await textHas(page, 'ended-words', '2 files, 24 B');
    expect((await filesOf(page, 'page:dropped')).map(([path]) => path)).toEqual([
      'project/.git/HEAD',
      'project/a.txt',
      'project/sub/b.csv',
      'project/sub/node_modules/x.js',
    ]);
    await page.close();
  });

  it('updates a folder by the handle that was kept of it: what changed on the disk, and nothing that changed here', async () => {
    const folder = projectFor('updated');
    const page = await world.chromium.extensionPage('folder.html?session=page%3Aupdated');
    await dragFile(page, folder, await middleOf(page, 'drop'));
    await textHas(page, 'found', '2 files, 12 B');
    await page.click('[data-action="copy-folder"]');
    await textHas(page, 'known', '/mnt/data/project: 2 files');
    const client = await connectRunsClient(page);
    const base64 = Buffer.from('by a program').toString('base64');
    const changed = await client.call('addFile', { sessionId: 'page:updated', name: 'project/sub/b.csv', base64 });
    expect(changed.ok).toBe(true);
    writeFileSync(join(folder, 'a.txt'), 'one and two\n');
    await page.click('[data-action="update-folder"]');
    await textHas(page, 'found', '1 file, 12 B');
    expect(await text(page, 'changed-here')).toContain('sub/b.csv');
    await page.click('[data-action="copy-folder"]');
    await textHas(page, 'ended-words', '1 file, 12 B');
    expect(await filesOf(page, 'page:updated')).toEqual([
      ['project/a.txt', 12],
      ['project/sub/b.csv', 12],
    ]);
    await page.close();
  });

  it('writes back what the conversation changed, on a press on its list', async () => {
    const page = await world.chromium.newPage();
    // In place of the system's picker, which nobody presses here: a folder of the browser's own storage, whose rights it grants itself.
    await page.evaluateOnNewDocument(() => {
      interface Buckets {
        readonly storageBuckets: {
          open(name: string): Promise<{ getDirectory(): Promise<FileSystemDirectoryHandle> }>;
        };
      }
      const picked = async () => {
        const bucket = await (navigator as unknown as Buckets).storageBuckets.open('picked');
        const folder = await (await bucket.getDirectory()).getDirectoryHandle('own', { create: true });
        const file = await folder.getFileHandle('a.txt', { create: true });
        const stream = await file.createWritable();
        await stream.write('one');
        await stream.close();
        return folder;
      };
      Reflect.set(globalThis, 'showDirectoryPicker', picked);
    });
    await page.goto(`chrome-extension://${world.chromium.extensionId}/folder.html?session=page%3Aback`);
    await (await page.waitForSelector('[data-action="choose-folder"]'))?.click();
    await textHas(page, 'found', '1 file, 3 B');
    await page.click('[data-action="copy-folder"]');
    await textHas(page, 'known', '/mnt/data/own: 1 file');
    const client = await connectRunsClient(page);
    for (const name of ['own/a.txt', 'own/in/new.txt']) {
      const base64 = Buffer.from('by a program').toString('base64');
      await client.call('addFile', { sessionId: 'page:back', name, base64 });
    }
    await page.click('[data-action="write-back"]');
    await textHas(page, 'back-files', 'a.txt (changed, 12 B)');
    expect(await text(page, 'back-files')).toContain('in/new.txt (new, 12 B)');
    expect(await violationsIn(page, 'main')).toEqual([]);
    await page.click('[data-action="write-files"]');
    await textHas(page, 'written-words', '2 of 2 files written to this device.');
    await page.click('[data-action="update-folder"]');
    await textHas(page, 'found', 'new or changed');
    await page.click('[data-action="write-back"]');
    await textHas(page, 'back', 'Nothing of this folder is new or changed');
    await page.close();
  });

  it('takes a folder from a file field where the browser has no picker for it', async () => {
    const folder = projectFor('field');
    const page = await world.chromium.newPage();
    await page.evaluateOnNewDocument(() => Reflect.deleteProperty(globalThis, 'showDirectoryPicker'));
    await page.goto(`chrome-extension://${world.chromium.extensionId}/folder.html?session=page%3Afield`);
    const button = await page.waitForSelector('[data-action="choose-folder"]');
    await chooseFiles(page, [folder], () => button?.click());
    await textHas(page, 'found', '2 files, 12 B');
    await page.click('[data-action="copy-folder"]');
    await textHas(page, 'ended-words', '2 files, 12 B');
    expect((await filesOf(page, 'page:field')).map(([path]) => path)).toEqual(['project/a.txt', 'project/sub/b.csv']);
    await page.close();
  });

  it('points to zips where the browser gives no folder at all', async () => {
    const page = await world.chromium.newPage();
    await page.evaluateOnNewDocument(() => {
      Reflect.deleteProperty(globalThis, 'showDirectoryPicker');
      Reflect.deleteProperty(HTMLInputElement.prototype, 'webkitdirectory');
    });
    await page.goto(`chrome-extension://${world.chromium.extensionId}/folder.html?session=page%3Anone`);
    await textHas(page, 'no-way', 'Make a zip of the folder');
    expect(await page.$('[data-action="choose-folder"]')).toBeNull();
    await page.close();
  });

  it('no page of the site can frame it or open it', async () => {
    const chat = await world.chromium.newChatPage();
    const address = `chrome-extension://${world.chromium.extensionId}/folder.html?session=page%3Aframed`;
    await chat.evaluate(async (url) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      frame.src = url;
      await loaded;
    }, address);
    expect(chat.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
    // What a person's press on a link of the page opens: a page of the site itself, and nothing of the extension's.
    const opened = async (url: string): Promise<string> => {
      await chat.evaluate((href) => {
        const link = document.body.appendChild(document.createElement('a'));
        Object.assign(link, { id: 'to-folder', href, target: '_blank', rel: 'opener', textContent: 'link' });
        link.style.cssText = 'position: fixed; inset: 0 auto auto 0; z-index: 2147483647; background: white';
      }, url);
      const target = world.chromium.browser.waitForTarget((each) => each.opener() === chat.target());
      await chat.click('#to-folder');
      const page = await (await target).page();
      if (page === null) throw new Error('no page was opened');
      await page.waitForFunction(() => document.readyState === 'complete' && location.href !== 'about:blank');
      const reached = page.url();
      await page.close();
      await chat.evaluate(() => document.querySelector('#to-folder')?.remove());
      return reached;
    };
    expect(await opened(`${chat.url()}?opened`)).toBe(`${chat.url()}?opened`);
    expect(await opened(address)).toBe('chrome-error://chromewebdata/');
    await chat.close();
  });
});
