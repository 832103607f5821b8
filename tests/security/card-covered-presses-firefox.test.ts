import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import { partsOf, partWith, pressInCard } from '../support/browsers/index.ts';
import { cardOfOneRun } from '../support/card-of-one-run.ts';
import { covers, lay, noCovers, pressBelow } from '../support/covers.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';

// Threat: as card-covered-presses, in Firefox, which does not say what is seen.

const world = siteInFirefox();
let page: Page;

afterEach(() => page.close());

const opened = cardOfOneRun(() => ({ site: world.site, newChatPage: (path) => world.firefox.newChatPage(path) }));
const openCard = async (): Promise<Page> => (page = await opened());

describe('in Firefox a real click does nothing when', () => {
  it.each(Object.entries(covers))('%s', async (_, cover) => {
    const { said, dialogs } = await pressBelow(openCard, cover);
    expect(said).toMatch(/was refused: (?:hidden|covered)$/);
    expect(dialogs).toBe(0);
  });
});

describe('in Firefox a real click counts when', () => {
  it.each(Object.entries(noCovers))('%s', async (_, act) => {
    await openCard();
    await act(page);
    await pressInCard(page, 'describe');
    await partWith(page, '[data-part="dialog"][open]');
  });
});

describe('in Firefox a real click in a dialog of ours', () => {
  it.each([
    [
      'does nothing below a popover of the page',
      '#cover { inset: 0; width: 100%; height: 100%; border: 0; background: white }',
    ],
    [
      'does nothing below the backdrop of one',
      '#cover { width: 1px; height: 1px } #cover::backdrop { background: white }',
    ],
  ])('%s', async (_, css) => {
    await openCard();
    await pressInCard(page, 'describe');
    await partWith(page, '[data-part="dialog"][open]');
    await lay({ sheet: css, isPopover: true })(page);
    await expect(pressInCard(page, 'close')).rejects.toThrow(/was refused: covered$/);
    expect(await partsOf(page, '[data-part="dialog"][open]')).toHaveLength(1);
  });

  it('counts beside a popover that does not reach it', async () => {
    await openCard();
    await pressInCard(page, 'describe');
    await partWith(page, '[data-part="dialog"][open]');
    const css = '#cover { inset: auto auto 0 0; margin: 0; width: 20px; height: 20px; background: white }';
    await lay({ sheet: css, isPopover: true })(page);
    await pressInCard(page, 'close');
    await partWith(page, '[data-part="dialog"]', (parts) => parts.length === 0);
  });
});

it('what a page sees of the look: an attribute of a name that never comes again', async () => {
  await openCard();
  await page.evaluate(() => {
    new MutationObserver((changes) => {
      const names = changes.map(({ attributeName }) => attributeName).filter((name) => name?.startsWith('c-') === true);
      document.title = [document.title, ...names].join(' ');
    }).observe(document.documentElement, { attributes: true });
    document.title = 'seen';
  });
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="dialog"][open]');
  await page.keyboard.press('Escape');
  await partWith(page, '[data-part="dialog"]', (parts) => parts.length === 0);
  await pressInCard(page, 'describe');
  const [, ...names] = (await page.title()).split(' ');
  const unlike = new Set(names);
  expect(unlike.size).toBeGreaterThanOrEqual(2);
  // Given and taken away: each name is seen twice.
  expect(names).toHaveLength(2 * unlike.size);
  expect(await page.$eval('html', (html) => html.getAttributeNames().filter((name) => name.startsWith('c-')))).toEqual(
    [],
  );
});
