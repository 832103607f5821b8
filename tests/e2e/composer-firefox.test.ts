import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  composerText,
  editorSelector,
  expectCleanSite,
  finishedCard,
  noteOf,
  partWith,
  pressInCard,
  typeOver,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';
import { defaultOptions, type SiteOptions } from '../support/site/index.ts';

const world = siteInFirefox();
let page: Page;

afterEach(async () => {
  await page.close();
  expectCleanSite(world.site, world.firefox.problems);
});

async function openWithCard(options: Partial<SiteOptions>): Promise<void> {
  world.site.set({ ...defaultOptions, speed: 'instant', ...options });
  page = await world.firefox.newChatPage();
  await page.bringToFront();
  await sendMessage(page, world.site, 'files');
  await finishedCard(page);
  await turnEnded(page);
}

/** Puts any text in the composer by way of the description's field, which a person may edit freely. */
async function insert(text: string): Promise<string> {
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="describe-text"]', (parts) => parts[0]?.value);
  await typeOver(page, '[data-part="describe-text"]', text);
  await pressInCard(page, 'insert-description');
  return noteOf(page);
}

async function expectStored(text: string): Promise<void> {
  const before = world.site.sent.length;
  await page.focus(editorSelector);
  await page.keyboard.press('Enter');
  await world.site.until(() => world.site.sent.length > before);
  expect(world.site.sent.at(-1)?.text).toBe(text);
}

const SIGNS = 'take *both* and _none_\n\n- one\n1. `two` [three](four)';
const PLAIN = 'a line\n\nand another, behind an empty one';

describe.each([
  ['the new composer', { renderer: 'app' }],
  ['the composer of Work', { renderer: 'app', composer: 'work' }],
  ['the older composer', { renderer: 'legacy' }],
] as const)('where Firefox pastes nothing into %s', (_editor, options) => {
  it('signs of Markdown arrive as they are, and are stored so', async () => {
    await openWithCard({ ...options, refusesUntrustedPaste: true });
    expect(await insert(SIGNS)).toContain('Put in the composer');
    expect(await composerText(page)).toBe(SIGNS);
    await expectStored(SIGNS);
  });

  it('plain text arrives behind what the person wrote, also where markup is refused', async () => {
    await openWithCard({ ...options, refusesUntrustedPaste: true, refusesMarkup: true });
    await page.click(editorSelector);
    await page.keyboard.type('My question');
    expect(await insert(PLAIN)).toContain('Put in the composer');
    expect(await composerText(page)).toBe(`My question\n\n${PLAIN}`);
  });
});
