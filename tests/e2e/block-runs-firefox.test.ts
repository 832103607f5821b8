import type { Page } from 'puppeteer-core';
import { afterEach, expect, it } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import {
  barTag,
  type CardReading,
  clickPart,
  expectCleanSite,
  finishedCard,
  partWith,
  pressInCard,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';
import { defaultOptions } from '../support/site/index.ts';

const world = siteInFirefox();
let pages: Page[] = [];
afterEach(async () => {
  await Promise.all(pages.map((page) => page.close()));
  pages = [];
  expectCleanSite(world.site, world.firefox.problems);
});

async function open(renderer: 'legacy' | 'app'): Promise<Page> {
  world.site.set({ ...defaultOptions, speed: 'quick', renderer, historyLagMs: 0, codeBlocks: 'mixed' });
  const page = await world.firefox.newChatPage();
  pages.push(page);
  await sendMessage(page, world.site, 'code');
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
  return page;
}

interface Stored {
  get(key: string): Promise<{ settings?: { values: Record<string, unknown> } }>;
  set(values: unknown): Promise<void>;
}

/** A page of the add-on by which the settings are set, and read. */
async function openSettings(): Promise<{ set(values: object): Promise<void>; now(): Promise<unknown> }> {
  const popup = await world.firefox.popupPage();
  pages.push(popup);
  return {
    set: (values) =>
      popup.evaluate(async (now) => {
        const { storage } = (globalThis as unknown as { browser: { storage: { local: Stored } } }).browser;
        await storage.local.set({ settings: { version: 1, values: now } });
      }, values),
    now: () =>
      popup.evaluate(async () => {
        const { storage } = (globalThis as unknown as { browser: { storage: { local: Stored } } }).browser;
        return (await storage.local.get('settings')).settings?.values ?? {};
      }),
  };
}

/** Opens the code of a block and writes a program in its place. */
async function edit(page: Page, index: number, code: string): Promise<void> {
  await clickPart(page, '[data-action="edit-block"]', { host: barTag, index });
  await clickPart(page, '[data-part="code-field"]');
  await page.keyboard.down('Control');
  await page.keyboard.press('KeyA');
  await page.keyboard.up('Control');
  await page.keyboard.type(code);
}

/** Runs a program in the place of a block; the card as it ended. */
async function run(page: Page, index: number, code: string): Promise<CardReading> {
  await edit(page, index, code);
  await pressInCard(page, 'run');
  return await finishedCard(page);
}

it.each([
  ['legacy', 0, 'while True: pass', 'Python'],
  ['app', 1, 'for (;;) {}', 'JavaScript'],
] as const)(
  'a block runs (%s design), gets more time by a button, and after a reload has its last run',
  async (renderer, index, endless, language) => {
    const settings = await openSettings();
    await settings.set({ runTimeMs: LIMITS.runTimeMs.smallest });
    const page = await open(renderer);
    await page.bringToFront();
    const first = await run(page, index, endless);
    expect(first).toMatchObject({ outcome: 'timedOut' });
    expect(first.text).toContain('Limit: 1 s');
    await pressInCard(page, 'raise-time');
    await partWith(page, '[data-part="failure"] .detail', (parts) => parts[0]?.text === 'Limit: 2 s');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'timedOut' });
    // For this conversation alone.
    expect(await settings.now()).toEqual({ runTimeMs: LIMITS.runTimeMs.smallest });
    await settings.set({});
    await page.bringToFront();
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 1 });
    expect(await finishedCard(page, 1)).toMatchObject({ outcome: 'completed', stdout: '45\n' });

    const shown = (await readCards(page)).map(({ callKey, outcome, stdout }) => [callKey, outcome, stdout]);
    await page.reload({ waitUntil: 'domcontentloaded' });
    await finishedCard(page, 1);
    const kept = await readCards(page);
    expect(kept.map(({ callKey, outcome, stdout }) => [callKey, outcome, stdout])).toEqual(shown);
    expect(kept.map(({ text }) => text.split(' on this device')[0])).toEqual([language, 'Lua']);
    expect(kept[0]?.text).toContain('Limit: 2 s');
  },
);

it('a program that needs more memory gets it by a button, and then has enough', async () => {
  const { smallest } = LIMITS.otherMemoryMB;
  const settings = await openSettings();
  await settings.set({ otherMemoryMB: smallest });
  const page = await open('app');
  await page.bringToFront();
  const first = await run(page, 1, 'const s = new Uint8Array(20 * 1024 * 1024);\nconsole.log(s.length)');
  expect(first).toMatchObject({ outcome: 'completed', status: 'Finished with an error', stdout: '' });
  expect((await partWith(page, '[data-part="error"]')).attributes['data-code']).toBe('js/memory');
  await pressInCard(page, 'raise-memory');
  await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text === '20971520\n');
  expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', status: 'Done' });
  expect(await settings.now()).toEqual({ otherMemoryMB: smallest });
  await settings.set({});
});

it('a block that ran before is answered from the cache, and says so', async () => {
  const page = await open('app');
  await page.bringToFront();
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
  expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: '45\n' });
  await pressInCard(page, 'again');
  await partWith(page, '[data-part="used"]', (parts) => parts[0]?.text.startsWith('from cache, '));
});

it('a program in one long call of compiled code shows what it uses', async () => {
  const page = await open('app');
  await page.bringToFront();
  await edit(page, 0, 'sum(range(10 ** 11))');
  await pressInCard(page, 'run');
  const meter = await partWith(page, '[data-part="meter"]');
  expect(meter.attributes['aria-label']).toMatch(/^Processor 100 %, memory \d/u);
  await pressInCard(page, 'stop');
  expect(await finishedCard(page)).toMatchObject({ outcome: 'cancelled' });
});
