import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';
import {
  barTag,
  cardSelector,
  clickPart,
  composerText,
  editorSelector,
  noteOf,
  pressInCard,
  readCards,
} from './browsers/index.ts';
import { finishedBeside } from './scenario-world.ts';
import { awkwardBlocks, type Site, type SiteOptions } from './site/index.ts';

/** Pages of 2026 by name, each with one form of its blocks. */
export const FORMS = {
  'legacy, lines in a div': { renderer: 'legacy', legacyBlocks: 'viewer-div' },
  'legacy, a pre in a pre': { renderer: 'legacy', legacyBlocks: 'viewer-pre-br' },
  'legacy, real line ends': { renderer: 'legacy', legacyBlocks: 'viewer-pre-newlines', turnTag: 'article' },
  'new, flat': { renderer: 'app', codeBlocks: 'flat' },
  'new, an editor': { renderer: 'app', codeBlocks: 'editor', language: 'de' },
  'new, a pre': { renderer: 'app', codeBlocks: 'pre', blocksHaveRawText: true },
  'new shell, legacy turns': { renderer: 'legacy', layout: 'mixed' },
  'no shell, new turns': { renderer: 'app', layout: 'no-shell', unitKeys: 'fallback', bodiesHaveId: false },
  'Work, second base': { renderer: 'app', composer: 'work', codeBlocks: 'flat', turnBase: 'backend-alt' },
} as const satisfies Readonly<Record<string, Partial<SiteOptions>>>;

export const formNames = Object.keys(FORMS) as (keyof typeof FORMS)[];

const BLOCK = 'pre[data-start], [data-markdown-copy="code-block"]';

/** A program is offered; SQL is one, though nothing here runs it. */
const isProgram = (at: number): boolean => awkwardBlocks[at]?.prints !== null || awkwardBlocks[at].word === 'sql';

const programs = [...awkwardBlocks.keys()].filter(isProgram);

/** Where our elements of a kind stand: numbers of blocks, from 0; -1 for one in none, or in a page's own viewer. */
const placesOf = (page: Page, tag: string): Promise<number[]> =>
  page.evaluate(
    (wanted, selector) => {
      const blocks = [...document.querySelectorAll(selector)];
      return [...document.querySelectorAll(wanted)].map((ours) => {
        const block = ours.closest(selector);
        return block === null || ours.closest('.cm-editor') !== null ? -1 : blocks.indexOf(block);
      });
    },
    tag,
    BLOCK,
  );

/** Waits until each program of the scene `blocks 2026` has its bar, and sees that nothing else has one. */
export async function expectBars(page: Page): Promise<void> {
  await page.waitForFunction(
    (tag, count) => document.querySelectorAll(tag).length >= count,
    {},
    barTag,
    programs.length,
  );
  expect(await placesOf(page, barTag)).toEqual(programs);
}

/** Names of languages as cards begin with them. */
const NAMES: Readonly<Record<string, string>> = { python: 'Python', lua: 'Lua', typescript: 'TypeScript' };

/** Presses Run at blocks, the last first so that the places of the other bars stay; each must run its own fence's code. */
export async function expectRuns(page: Page, blocks: readonly number[]): Promise<void> {
  const keys: string[] = [];
  for (const at of blocks.toSorted((one, other) => other - one)) {
    const wanted = awkwardBlocks[at];
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: programs.indexOf(at) });
    const card = await finishedBeside(page, keys);
    keys.push(card.callKey);
    expect(card, wanted?.about).toMatchObject({ outcome: 'completed', stdout: wanted?.prints });
    expect(card.text.split(' on ')[0], wanted?.about).toBe(NAMES[wanted?.word ?? '']);
  }
  expect(await placesOf(page, cardSelector), 'each card is at its block').toEqual(blocks);
}

/** Puts the result of a block in the composer, and sends it as a person does: the site stores what was printed. */
export async function expectSent(page: Page, site: Site, at: number): Promise<void> {
  const index = (await placesOf(page, cardSelector)).indexOf(at);
  const printed = awkwardBlocks[at]?.prints ?? '';
  await pressInCard(page, 'compose', index);
  expect(await noteOf(page, index)).toContain('Put in the composer');
  expect(await composerText(page)).toContain(printed.trimEnd());
  const before = site.sent.length;
  await page.focus(editorSelector);
  await page.keyboard.press('Enter');
  await site.until(() => site.sent.length > before);
  expect(site.sent.at(-1)?.text).toContain(printed.trimEnd());
}

export const placeOf = (about: string): number => awkwardBlocks.findIndex((block) => block.about === about);

/** What the card at the only call of the page says. */
export async function onlyCard(page: Page): Promise<string> {
  await finishedBeside(page, []);
  const cards = await readCards(page);
  expect(cards).toHaveLength(1);
  return cards[0]?.stdout ?? '';
}
