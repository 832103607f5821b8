import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cardSelector,
  clickPart,
  composerText,
  dragFile,
  expectCleanSite,
  finishedCard,
  noteOf,
  partWith,
  pressInCard,
  replaceText,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { callScene } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const SECRET = 'secret-7f3a91';
const folder = testFolder('private', {
  'salaries.csv': `name,salary\n${SECRET},1000\nBob,2000\nCarol,3000\n`,
  'salaries-2.csv': `name,salary\n${SECRET},1000\n`,
});
const file = path.join(folder, 'salaries.csv');
const other = path.join(folder, 'salaries-2.csv');
const TOGGLE = 'chatgpt-companion-toggle';

const world = siteInChromium();
let page: Page;

afterEach(async () => {
  // Neither content nor name of the file may have been in any request, report or frame.
  expect(JSON.stringify([world.site.log, world.site.reports, world.site.sent, world.site.socketFrames])).not.toMatch(
    new RegExp(`${SECRET}|salaries`),
  );
  await page.close();
  expectCleanSite(world.site, world.chromium.problems);
});

const note = () => noteOf(page);

async function openCard(renderer: 'legacy' | 'app'): Promise<void> {
  world.site.set({ ...defaultOptions, renderer });
  page = await world.chromium.newChatPage();
  await sendMessage(page, world.site, 'hello');
  await finishedCard(page);
  await turnEnded(page);
}

/** Drags a file of the disk over the card and drops it, as the browser does. */
async function dropOnCard(): Promise<void> {
  const box = await (await page.$(cardSelector))?.boundingBox();
  if (!box) throw new Error('the card is not on screen');
  await dragFile(page, file, { x: box.x + 40, y: box.y + 20 });
}

describe.each(['legacy', 'app'] as const)('private files in the %s design', (renderer) => {
  it('reach /mnt/data by a drop that the page does not see', async () => {
    await openCard(renderer);
    const seen = () => world.site.reports.filter(({ kind }) => kind === 'drop-seen').length;
    const before = seen();
    await dropOnCard();
    expect(await note()).toContain('salaries.csv');
    expect(seen()).toBe(before);
    await pressInCard(page, 'describe');
    expect((await partWith(page, '[data-part="describe-file"] option')).text).toContain('salaries.csv');
  });

  it('reach /mnt/data before any card, by the switch and by a drop on the page', async () => {
    world.site.set({ ...defaultOptions, renderer });
    page = await world.chromium.newChatPage();
    const said = (name: string) =>
      partWith(page, '[data-part="note"]', (parts, added) => parts[0]?.text.includes(added), name, { host: TOGGLE });
    await page.waitForSelector(TOGGLE);
    const press = clickPart(page, '[data-action="add-private-files"]', { host: TOGGLE });
    const [chooser] = await Promise.all([page.waitForFileChooser(), press]);
    await chooser.accept([file]);
    await said('salaries.csv');
    await dragFile(page, other, { x: 300, y: 300 }, ['dragEnter', 'dragOver']);
    const zone = await (await page.waitForSelector('chatgpt-companion-drop'))?.boundingBox();
    if (!zone) throw new Error('there is no place to drop');
    await dragFile(page, other, { x: zone.x + 40, y: zone.y + 20 });
    await said('salaries-2.csv');
    world.site.scene(callScene('import os\nprint(sorted(os.listdir("/mnt/data")))\n', 'Listed.'));
    await sendMessage(page, world.site, 'List.');
    expect((await finishedCard(page)).stdout).toBe("['salaries-2.csv', 'salaries.csv']\n");
    await turnEnded(page);
  });

  it('reach /mnt/data by the file button, and only an edited description goes to the composer', async () => {
    await openCard(renderer);
    const [chooser] = await Promise.all([page.waitForFileChooser(), pressInCard(page, 'add-file')]);
    await chooser.accept([file]);
    expect(await note()).toContain('salaries.csv');
    await pressInCard(page, 'describe');
    const { value: text } = await partWith(page, '[data-part="describe-text"]', (parts) => parts[0]?.value);
    expect(text).toContain('salary');
    expect(text).not.toContain(SECRET);
    await replaceText(page, '[data-part="describe-text"]', 'two columns: name, pay');
    await pressInCard(page, 'insert-description');
    await page.waitForFunction(() => document.body.innerText.includes('two columns: name, pay'));
    expect(await composerText(page)).toBe('two columns: name, pay');
  });
});
