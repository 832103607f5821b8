import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cardInState,
  cardSelector,
  partsOf,
  partWith,
  pressInCard,
  readCards,
  sendMessage,
} from '../support/browsers/index.ts';
import { cardOfOneRun } from '../support/card-of-one-run.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { covers, pressBelow } from '../support/covers.ts';
import { defaultOptions } from '../support/site/index.ts';

// Threat: the page takes a real click of the person for a button of ours that the person did not see.

const world = siteInChromium({}, { startsSmall: true });
let page: Page;

afterEach(() => page.close());

async function open(scene: string): Promise<void> {
  world.site.set({ ...defaultOptions, renderer: 'app', speed: 'instant' });
  page = await world.chromium.newChatPage();
  await sendMessage(page, world.site, scene);
}

const opened = cardOfOneRun(() => ({ site: world.site, newChatPage: (path) => world.chromium.newChatPage(path) }));
const openCard = async (): Promise<Page> => (page = await opened());

describe('a real click does nothing when', () => {
  it.each(Object.entries(covers))('%s', async (_, cover) => {
    const { said, dialogs } = await pressBelow(openCard, cover);
    expect(said).toMatch(/was refused: (?:hidden|covered|new)$/);
    expect(dialogs).toBe(0);
  });

  it('it would stop a run, and what it stands in is transparent', async () => {
    await open('endless loop');
    await cardInState(page, 'running');
    await page.$eval(cardSelector, (host) => {
      if (host.parentElement) host.parentElement.style.opacity = '0.02';
    });
    await expect(pressInCard(page, 'stop')).rejects.toThrow(/was refused: hidden$/);
    expect((await readCards(page))[0]?.state).toBe('running');
  });

  it('the page moves it below the hand', async () => {
    await openCard();
    await page.mouse.move(5, 5);
    await page.$eval(cardSelector, (host) => {
      window.addEventListener('pointerdown', () => ((host.parentElement as HTMLElement).style.marginTop = '1px'), {
        capture: true,
      });
    });
    // Straight from afar and at once, as a hand cannot.
    const at = await page.$eval(cardSelector, (host) => {
      const { right, bottom } = host.getBoundingClientRect();
      return { x: right - 40, y: bottom - 25 };
    });
    await page.mouse.click(at.x, at.y);
    expect(await partsOf(page, '[data-part="dialog"]')).toEqual([]);
    // It did hit a button, which says so.
    expect(await partsOf(page, '[data-action][data-refused]')).toHaveLength(1);
  });
});

describe('looks that a page asks of the element itself', () => {
  it('do not count', async () => {
    await openCard();
    const look = await page.$eval(cardSelector, (host) => {
      (host as HTMLElement).style.cssText =
        'opacity:0 !important;position:fixed !important;transform:scale(.1) !important;pointer-events:none !important;filter:opacity(0) !important';
      const { opacity, position, transform, pointerEvents, filter } = getComputedStyle(host);
      return { opacity, position, transform, pointerEvents, filter };
    });
    expect(look).toEqual({
      opacity: '1',
      position: 'static',
      transform: 'none',
      pointerEvents: 'auto',
      filter: 'none',
    });
    await pressInCard(page, 'describe');
    await partWith(page, '[data-part="dialog"]');
  });
});

it('keys press without a pointer', async () => {
  await openCard();
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="dialog"][open]');
  // The focus is on the dialog's first button, which closes it.
  await page.keyboard.press('Enter');
  await partWith(page, '[data-part="dialog"]', (parts) => parts.length === 0);
});
