import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  chooseFiles,
  composerText,
  expectCleanSite,
  finishedCard,
  noteOf,
  pressInCard,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import type { Scene } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const SECRET = 'secret-c04d55';
const file = path.join(
  testFolder('private', { 'salaries.csv': `name,salary\n${SECRET},1000\nBob,2000\n` }),
  'salaries.csv',
);

const world = siteInChromium({ historyLagMs: 0 }, { startsSmall: true });
let page: Page;

const scene = (code: string): Scene => ({
  name: 'private file',
  prompt: 'Use my file.',
  title: 'Private file',
  isShown: false,
  steps: [
    { kind: 'call', form: 'whole', code, result: { text: '', delayMs: 100 } },
    { kind: 'text', channel: 'final', text: 'Done with it.' },
  ],
});
const KEPT_BACK =
  'Put in the composer. Send it when you are ready. No file was attached, for this conversation has private ones: attach what you need by its own button.';
const uploads = () => world.site.log.filter((entry) => JSON.stringify(entry).includes('/backend-api/files'));
const isClean = () => {
  expect(uploads()).toEqual([]);
  expect(JSON.stringify([world.site.log, world.site.reports, world.site.sent, world.site.socketFrames])).not.toContain(
    SECRET,
  );
};

/** By the popup, before the chat has an id. */
async function addByPopup(): Promise<void> {
  const popup = await world.chromium.popupPage();
  await popup.waitForSelector('[data-action="choose-files"]:not([disabled])');
  // By the keyboard: what stands above the button may still grow, and a click would go to where it was.
  await popup.focus('[data-action="choose-files"]');
  await chooseFiles(popup, [file], () => popup.keyboard.press('Enter'));
  await popup.waitForFunction(() =>
    document.querySelector('[data-part="drop"] [data-part="note"]')?.textContent?.includes('salaries.csv'),
  );
  await popup.close();
}

describe('a file added to a new chat', () => {
  it('is there for the first call and for what runs after it', async () => {
    page = await world.chromium.newChatPage();
    await addByPopup();
    await page.bringToFront();
    world.site.scene(scene('rows = open("/mnt/data/salaries.csv").read()\nprint(rows)\n'));
    await sendMessage(page, world.site, 'use my file');
    expect((await finishedCard(page)).stdout).toContain(SECRET);
    await turnEnded(page);
    world.site.scene(scene('open("/mnt/data/salaries.csv", "a").write("total,3000\\n")\nprint(len(rows) > 0)\n'));
    await sendMessage(page, world.site, 'and again');
    const second = await finishedCard(page, 1);
    expect(second.stdout).toBe('True\n');
    expect(second.artifacts.map(({ name }) => name)).toEqual(['salaries.csv']);
    isClean();
  });

  it('is not uploaded with a result that was made of it', async () => {
    await page.waitForFunction(() => document.querySelectorAll('.turn-action-controls').length >= 2);
    await pressInCard(page, 'compose', 1);
    expect(await noteOf(page, 1)).toBe(KEPT_BACK);
    expect(await composerText(page)).toContain('salaries.csv');
    isClean();
  });

  it('nor after a reload, nor in another tab', async () => {
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.waitForSelector('html[data-hydrated]');
    expect((await finishedCard(page, 1)).artifacts.map(({ name }) => name)).toEqual(['salaries.csv']);
    await pressInCard(page, 'compose', 1);
    expect(await noteOf(page, 1)).toBe(KEPT_BACK);
    isClean();
    const other = await world.chromium.newChatPage(new URL(page.url()).pathname);
    await finishedCard(other, 1);
    await pressInCard(other, 'compose', 1);
    expect(await noteOf(other, 1)).toBe(KEPT_BACK);
    isClean();
    await other.close();
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});
