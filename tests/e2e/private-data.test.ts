import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  barTag,
  cardSelector,
  chooseFiles,
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
  stillBox,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { callScene, finishedBeside, keysOf } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';
import { designs } from '../support/whole.ts';

const SECRET = 'secret-7f3a91';
const folder = testFolder('private', {
  'salaries.csv': `name,salary\n${SECRET},1000\nBob,2000\nCarol,3000\n`,
  'salaries-2.csv': `name,salary\n${SECRET},1000\n`,
});
const file = path.join(folder, 'salaries.csv');
const other = path.join(folder, 'salaries-2.csv');
const TOGGLE = 'chatgpt-companion-toggle';

let page: Page;

/** Drags a file of the disk to an element of the page and drops it, as the browser does. */
async function dropOn(selector: string): Promise<void> {
  const box = await stillBox(page, selector);
  await dragFile(page, file, { x: box.x + 40, y: box.y + box.height / 2 });
}

/** Moves the switch up, from where the place to drop will stand. */
async function moveToggle(): Promise<void> {
  const box = await (await page.waitForSelector(TOGGLE))?.boundingBox();
  if (!box) throw new Error('the switch is not on screen');
  await page.mouse.move(box.x + 40, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 40, box.y - 250, { steps: 5 });
  await page.mouse.up();
}

describe.each(designs('legacy'))('private files in the %s design', (renderer) => {
  const world = siteInChromium();

  afterEach(async () => {
    // Neither content nor name of the file may have been in any request, report or frame.
    expect(JSON.stringify([world.site.log, world.site.reports, world.site.sent, world.site.socketFrames])).not.toMatch(
      new RegExp(`${SECRET}|salaries`),
    );
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });

  const note = () => noteOf(page);

  async function play(scene: string): Promise<void> {
    world.site.set({ ...defaultOptions, renderer });
    page = await world.chromium.newChatPage();
    await sendMessage(page, world.site, scene);
    await turnEnded(page);
  }
  async function openCard(): Promise<void> {
    await play('hello');
    await finishedCard(page);
  }
  const drops = () => world.site.reports.filter(({ kind }) => kind === 'drop-seen').length;
  const said = (name: string) =>
    partWith(page, '[data-part="note"]', (parts, added) => parts[0]?.text.includes(added), name, { host: TOGGLE });

  it('reach /mnt/data by a drop that the page does not see', async () => {
    await openCard();
    const before = drops();
    await dropOn(cardSelector);
    expect(await note()).toContain('salaries.csv');
    expect(drops()).toBe(before);
    await pressInCard(page, 'describe');
    expect((await partWith(page, '[data-part="describe-file"] option')).text).toContain('salaries.csv');
  });

  it.each([
    ['the folded line of the thinking', 'thinking', 'chatgpt-companion-thinking'],
    ['the switch', 'plain', TOGGLE],
    ['the bar of a code block', 'code', barTag],
  ])('reach /mnt/data by a drop on %s, which the page does not see', async (_, scene, surface) => {
    await play(scene);
    await page.waitForSelector(surface);
    if (surface === TOGGLE) await moveToggle();
    const before = drops();
    await dropOn(surface);
    await said('salaries.csv');
    expect(drops()).toBe(before);
    const earlier = await keysOf(page);
    world.site.scene(callScene('import os\nprint(os.listdir("/mnt/data"))\n', 'Listed.'));
    await sendMessage(page, world.site, 'List.');
    expect((await finishedBeside(page, earlier)).stdout).toBe("['salaries.csv']\n");
    await turnEnded(page);
  });

  it('are taken from the page also at an address that is none', async () => {
    await openCard();
    await moveToggle();
    await page.evaluate(() => history.pushState(null, '', '/c/%E0%A4%A'));
    const before = drops();
    await dropOn(TOGGLE);
    await said('salaries.csv');
    expect(drops()).toBe(before);
  });

  it('reach /mnt/data before any card, by the switch and by a drop on the page', async () => {
    world.site.set({ ...defaultOptions, renderer });
    page = await world.chromium.newChatPage();
    await page.waitForSelector(TOGGLE);
    await chooseFiles(page, [file], () => clickPart(page, '[data-action="add-private-files"]', { host: TOGGLE }));
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
    await openCard();
    await chooseFiles(page, [file], () => pressInCard(page, 'add-file'));
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

describe('control', () => {
  const world = siteInChromium();

  it('the same drop beside the elements of ours is seen by the page', async () => {
    page = await world.chromium.newChatPage();
    await page.evaluate(() => {
      // What the page would do with the file is another matter.
      document.addEventListener('drop', (event) => event.stopImmediatePropagation(), { capture: true });
    });
    await dragFile(page, file, { x: 200, y: 60 });
    const drops = () => JSON.stringify(world.site.reports.filter(({ kind }) => kind === 'drop-seen'));
    await expect.poll(drops).toContain('salaries.csv');
    await page.close();
  });
});
