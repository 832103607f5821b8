import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import { expectCleanSite, sendMessage, turnEnded } from '../support/browsers/index.ts';
import { expectBars, expectRuns, expectSent, FORMS, formNames, onlyCard, placeOf } from '../support/page-forms.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';
import { defaultOptions, type SiteOptions } from '../support/site/index.ts';

const world = siteInFirefox();
let pages: Page[] = [];
afterEach(async () => {
  await Promise.all(pages.map((page) => page.close()));
  pages = [];
  expectCleanSite(world.site, world.firefox.problems);
});

async function play(scene: string, options: Partial<SiteOptions>): Promise<Page> {
  world.site.set({ ...defaultOptions, ...options });
  const page = await world.firefox.newChatPage();
  pages.push(page);
  await page.bringToFront();
  await sendMessage(page, world.site, scene);
  await turnEnded(page);
  return page;
}

const SIGNS = placeOf('With signs of Markdown:');

describe.each(formNames)('blocks of a page in Firefox: %s', (form) => {
  it('have bars where programs are, run the code of their fence, and give their result', async () => {
    const page = await play('blocks 2026', FORMS[form]);
    await expectBars(page);
    await expectRuns(page, ['In the loop:', 'In a list:'].map(placeOf).concat(SIGNS));
    await expectSent(page, world.site, SIGNS);
  });
});

it.each(['backend-api', 'backend-alt'] as const)(
  'a call whose topic stalls runs by itself and once in Firefox: %s',
  async (turnBase) => {
    const stalls = { transport: 'stall-then-resume', callForm: 'appended', speed: 'quick' } as const;
    const page = await play('hello', { ...stalls, turnBase });
    expect(await onlyCard(page)).toBe('hello from Python\n');
  },
);
