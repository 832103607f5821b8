import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cardSelector,
  clickPart,
  partsOf,
  partWith,
  sendMessage,
  stillBox,
  violationsIn,
} from '../support/browsers/index.ts';
import { idle, openScenarios, type ScenarioWorld, shows } from '../support/scenario-world.ts';

const SWITCH = 'chatgpt-companion-toggle';
const IN_SWITCH = { host: SWITCH };

let world: ScenarioWorld;
beforeAll(async () => {
  world = await openScenarios();
});
afterAll(() => world.close());

/** Waits until the switch says where calls run. */
const says = (page: Page, isLocal: boolean) =>
  partWith(
    page,
    '[data-action="toggle"]',
    (parts, wanted) => parts[0]?.attributes['aria-checked'] === wanted,
    String(isLocal),
    IN_SWITCH,
  );
const words = async (page: Page) =>
  (await partsOf(page, '[data-part="toggle-text"]', IN_SWITCH)).map(({ text }) => text);
const press = (page: Page, action: string) => clickPart(page, `[data-action="${action}"]`, IN_SWITCH);
const hasFocus = (page: Page) => page.evaluate((tag) => document.activeElement?.localName === tag, SWITCH);

/** Goes back from the page's end, by the keys. */
async function back(page: Page): Promise<void> {
  await page.keyboard.down('Shift');
  await page.keyboard.press('Tab');
  await page.keyboard.up('Shift');
}

async function isOnInPopup(): Promise<boolean | undefined> {
  const popup = await world.chromium.popupPage();
  const field = await popup.waitForSelector('[data-setting="isOn"]');
  const isOn = await field?.evaluate((node) => (node as HTMLInputElement).checked);
  await popup.close();
  return isOn;
}

describe.each(['app', 'legacy'] as const)('the switch on the page, in the %s design', (renderer) => {
  it('leaves calls to ChatGPT by a press, and takes the next ones by another', () =>
    world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(async () => {
        await says(page, true);
        await press(page, 'toggle');
        await says(page, false);
        expect(await words(page)).toEqual(['Remote']);
        await sendMessage(page, world.site, 'hello');
        await shows(page, 'Python says hello.');
        await idle(page);
        const shown = await page.$$eval(cardSelector, (cards) => cards.filter((card) => !card.hasAttribute('hidden')));
        expect(shown).toEqual([]);
        expect(await isOnInPopup()).toBe(false);
        await page.bringToFront();
        await press(page, 'toggle');
        await says(page, true);
        expect(await words(page)).toEqual(['Local']);
        // A call of this turn starts by itself; one of the turn before would have started before it.
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(1);
    }));
});

describe('the switch on the page', () => {
  it('is reached, moved, folded and pressed by the keys alone', () =>
    world.withPage({}, async (page) => {
      await says(page, true);
      const before = await stillBox(page, SWITCH);
      await back(page);
      expect(await hasFocus(page)).toBe(true);
      await page.keyboard.press('ArrowUp');
      expect(before.y - (await stillBox(page, SWITCH)).y).toBe(16);
      await page.keyboard.press('ArrowDown');
      expect((await stillBox(page, SWITCH)).y).toBe(before.y);
      await page.keyboard.press('Enter');
      await partWith(page, '[data-action="fold"][aria-expanded="false"]', undefined, undefined, IN_SWITCH);
      expect(await words(page)).toEqual([]);
      expect((await stillBox(page, SWITCH)).width).toBeLessThan(before.width);
      await back(page);
      await page.keyboard.press('Space');
      await says(page, false);
      await page.keyboard.press('Space');
      await says(page, true);
    }));

  it('takes the next key after it was dragged, and the drag presses nothing', () =>
    world.withPage({}, async (page) => {
      await says(page, true);
      const before = await stillBox(page, SWITCH);
      await back(page);
      await page.mouse.move(before.x + before.width - 12, before.y + before.height / 2);
      await page.mouse.down();
      await page.mouse.move(before.x + before.width - 12, before.y - 120, { steps: 60 });
      await page.mouse.up();
      expect((await stillBox(page, SWITCH)).y).toBeLessThan(before.y - 100);
      await partWith(page, '[data-action="fold"][aria-expanded="true"]', undefined, undefined, IN_SWITCH);
      expect(await isOnInPopup()).toBe(true);
      await page.bringToFront();
      await page.keyboard.press('Enter');
      await partWith(page, '[data-action="fold"][aria-expanded="false"]', undefined, undefined, IN_SWITCH);
    }));

  it('is folded where the window is as narrow as a phone, and fits in it unfolded', () =>
    world.withPage({}, async (page) => {
      await page.setViewport({ width: 360, height: 700 });
      await page.reload({ waitUntil: 'domcontentloaded' });
      await page.waitForSelector('html[data-hydrated]');
      await partWith(page, '[data-action="fold"][aria-expanded="false"]', undefined, undefined, IN_SWITCH);
      await press(page, 'fold');
      await partWith(page, '[data-part="toggle-text"]', undefined, undefined, IN_SWITCH);
      const { x, width } = await stillBox(page, SWITCH);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(360);
    }));

  it.each(['light', 'dark'] as const)('has nothing that axe objects to in a %s page', (theme) =>
    world.withPage({ theme }, async (page) => {
      await says(page, true);
      expect(await violationsIn(page, SWITCH)).toEqual([]);
    }),
  );
});
