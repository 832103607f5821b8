import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answerInput,
  cardInState,
  cardSelector,
  clickPart,
  finishedCard,
  partsOf,
  partWith,
  pressByKey,
  pressInCard,
  readCards,
  sendMessage,
} from '../support/browsers/index.ts';
import { idle, openScenarios, type ScenarioWorld, shows } from '../support/scenario-world.ts';
import type { Scene, Step } from '../support/site/index.ts';
import { designs } from '../support/whole.ts';

const GROUP = 'chatgpt-companion-thinking';
const SETTING = '[data-setting="thinkingCalls"]';
const QUESTION = '[data-part="thinking-question"]';

let world: ScenarioWorld;
beforeAll(async () => {
  world = await openScenarios();
});
afterAll(() => world.close());

/** Plays the scene and one more turn, whose call runs by itself: calls of the first would have started before it. */
async function think(page: Page): Promise<void> {
  await sendMessage(page, world.site, 'thinking');
  await shows(page, 'its sequence takes 261 steps');
  await idle(page);
  await world.playMarker(page);
}

const summary = async (page: Page) =>
  (await partWith(page, '[data-part="thinking-summary"]', undefined, null, { host: GROUP })).text;
const hasQuestion = async (page: Page) => (await partsOf(page, QUESTION, { host: GROUP })).length > 0;
/** Of each line whether it asks. */
async function questions(page: Page): Promise<readonly boolean[]> {
  const lines = (await page.$$(GROUP)).map((_, index) => partsOf(page, QUESTION, { host: GROUP, index }));
  return (await Promise.all(lines)).map((parts) => parts.length > 0);
}
const isFolded = async (page: Page) =>
  (await partsOf(page, '[data-action="fold"]', { host: GROUP }))[0]?.attributes['aria-expanded'] === 'false';
const outcomes = async (page: Page) => (await readCards(page)).map(({ outcome }) => outcome);

/** What the popup says of such calls, opened anew. */
async function settingInPopup(): Promise<string> {
  const popup = await world.chromium.popupPage();
  const field = await popup.waitForSelector(SETTING);
  const value = await field?.evaluate((node) => (node as HTMLSelectElement).value);
  await popup.close();
  return String(value);
}

async function setInPopup(value: 'unset' | 'always' | 'press'): Promise<void> {
  const popup = await world.chromium.popupPage();
  await popup.waitForSelector(SETTING);
  await popup.select(SETTING, value);
  await expect.poll(settingInPopup).toBe(value);
  await popup.close();
}

/** “Ask before each run”. */
async function setAskInPopup(isOn: boolean): Promise<void> {
  const box = '[data-setting="startCalls"]';
  const popup = await world.chromium.popupPage();
  await popup.waitForSelector(box);
  await pressByKey(popup, box);
  await popup.waitForSelector(isOn ? `${box}:checked` : `${box}:not(:checked)`);
  const isKept = async () => {
    const again = await world.chromium.popupPage();
    const field = await again.waitForSelector(box);
    const isChecked = await field?.evaluate((node) => (node as HTMLInputElement).checked);
    await again.close();
    return isChecked;
  };
  await expect.poll(isKept).toBe(isOn);
  await popup.close();
}

const IN_GROUP = { host: GROUP };
const STATE = '[data-part="thinking-state"]';
/** Two calls of the thinking: one fails, the next asks. */
const ASKING: Scene = {
  name: 'asking while thinking',
  prompt: 'Ask me.',
  title: 'Asked',
  isShown: false,
  steps: [
    ...['1 / 0\n', 'print("Hello " + input("Name? "))\n'].map(
      (code): Step => ({
        kind: 'call',
        thinkingMarks: ['channel'],
        form: 'whole',
        code,
        result: { text: 'of the site', delayMs: 100 },
      }),
    ),
    { kind: 'text', channel: 'final', text: 'You were asked.' },
  ],
};
const WAITING = ['', '', ''];
const DONE = 'completed';

describe.each(designs('app'))('calls made while thinking, in the %s design', (renderer) => {
  it('gather in one folded line, which asks once; “always” runs them, then and later', async () => {
    await setInPopup('unset');
    await world.withPage({ renderer }, async (page) => {
      await think(page);
      expect(await summary(page)).toBe('3 Python calls while thinking');
      expect(await page.$$(GROUP)).toHaveLength(1);
      expect(await isFolded(page)).toBe(true);
      expect(await hasQuestion(page)).toBe(true);
      expect(await outcomes(page)).toEqual([...WAITING, DONE]);
      await clickPart(page, '[data-action="thinking-always"]', { host: GROUP });
      for (const at of [0, 1, 2]) expect((await finishedCard(page, at)).outcome).toBe(DONE);
      await partWith(page, QUESTION, (parts) => parts.length === 0, null, { host: GROUP });
      expect(await settingInPopup()).toBe('always');
    });
    await world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(() => think(page));
      expect(runs).toHaveLength(4);
      expect(await hasQuestion(page)).toBe(false);
      expect(await outcomes(page)).toEqual([DONE, DONE, DONE, DONE]);
      expect(await summary(page)).toBe('3 Python calls while thinking');
    });
  });

  it('are asked about in the newest line alone, and not while every run waits for a press', async () => {
    await setInPopup('unset');
    await setAskInPopup(true);
    await world.withPage({ renderer }, async (page) => {
      await sendMessage(page, world.site, 'thinking');
      await partWith(page, '[data-action="run"]', undefined, null, { index: 2 });
      await shows(page, 'its sequence takes 261 steps');
      await idle(page);
      expect(await questions(page)).toEqual([false]);
      await setAskInPopup(false);
      await page.bringToFront();
      await partWith(page, QUESTION, undefined, null, IN_GROUP);
      await sendMessage(page, world.site, 'thinking');
      await partWith(page, QUESTION, undefined, null, { host: GROUP, index: 1 });
      await idle(page);
      expect(await questions(page)).toEqual([false, true]);
    });
  });

  it('that ask unfold the line, which says that one waits, and one that failed', async () => {
    await setInPopup('always');
    await world.withPage({ renderer }, async (page) => {
      world.site.scene(ASKING);
      await sendMessage(page, world.site, 'Ask me.');
      await cardInState(page, 'input', 1);
      await partWith(page, STATE, (parts) => parts[0]?.text === '1 waits for your input · 1 failed', null, IN_GROUP);
      expect(await summary(page)).toBe('2 Python calls while thinking');
      expect(await isFolded(page)).toBe(false);
      await shows(page, 'You were asked.');
      await idle(page);
      await answerInput(page, 'Ada', 1);
      expect((await finishedCard(page, 1)).stdout).toContain('Hello Ada');
      await partWith(page, STATE, (parts) => parts[0]?.text === '1 failed', null, IN_GROUP);
    });
  });

  it('are one folded line again after a reload, by whichever mark, and none starts again', async () => {
    await setInPopup('always');
    await world.withPage({ renderer, historyLagMs: 0 }, async (page) => {
      const inLine = () => page.$$eval(`${GROUP} > ${cardSelector}`, (cards) => cards.length);
      await sendMessage(page, world.site, 'thinking');
      await shows(page, 'its sequence takes 261 steps');
      await idle(page);
      for (const at of [0, 1, 2]) expect((await finishedCard(page, at)).outcome).toBe(DONE);
      expect(await inLine()).toBe(3);
      const runs = await world.runsDuring(async () => {
        await page.reload({ waitUntil: 'domcontentloaded' });
        await page.waitForSelector('html[data-hydrated]');
        for (const at of [0, 1, 2]) expect((await finishedCard(page, at)).outcome).toBe(DONE);
        expect(await inLine()).toBe(3);
        expect(await page.$$(GROUP)).toHaveLength(1);
        expect(await summary(page)).toBe('3 Python calls while thinking');
        expect(await isFolded(page)).toBe(true);
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(1);
      expect(await outcomes(page)).toEqual([DONE, DONE, DONE, DONE]);
    });
  });

  it('are one folded line after a reload in mid-thinking too, with those that came before and after it', async () => {
    await setInPopup('always');
    await world.withPage({ renderer, historyLagMs: 0, pauseAt: ['after-call'] }, async (page) => {
      await sendMessage(page, world.site, 'thinking');
      expect((await finishedCard(page)).outcome).toBe(DONE);
      const runs = await world.runsDuring(async () => {
        await page.reload({ waitUntil: 'domcontentloaded' });
        await page.waitForSelector('html[data-hydrated]');
        expect((await finishedCard(page)).outcome).toBe(DONE);
        world.site.goOn();
        await partWith(page, '[data-action="run"]', undefined, null, { index: 1 });
        world.site.goOn();
        await partWith(page, '[data-action="run"]', undefined, null, { index: 2 });
        world.site.goOn();
        await shows(page, 'its sequence takes 261 steps');
        await idle(page);
        await page.waitForFunction(
          (group, card) => document.querySelectorAll(`${group} > ${card}`).length === 3,
          {},
          GROUP,
          cardSelector,
        );
        expect(await page.$$(GROUP)).toHaveLength(1);
        expect(await summary(page)).toBe('3 Python calls while thinking');
        await world.playMarker(page);
      });
      // What comes in a resumed stream after a reload does not start by itself.
      expect(runs).toHaveLength(1);
      expect(await outcomes(page)).toEqual([DONE, '', '', DONE]);
    });
  });

  it('wait for a press where a person wants that, by the answer or by the popup', async () => {
    await setInPopup('unset');
    await world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(async () => {
        await think(page);
        await clickPart(page, '[data-action="thinking-press"]', { host: GROUP });
        await partWith(page, QUESTION, (parts) => parts.length === 0, null, { host: GROUP });
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(2);
      expect(await outcomes(page)).toEqual([...WAITING, DONE, DONE]);
      expect(await settingInPopup()).toBe('press');
    });
    await setInPopup('always');
    await setInPopup('press');
    await world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(() => think(page));
      expect(runs).toHaveLength(1);
      expect(await hasQuestion(page)).toBe(false);
      expect(await outcomes(page)).toEqual([...WAITING, DONE]);
      await clickPart(page, '[data-action="fold"]', { host: GROUP });
      await pressInCard(page, 'run');
      expect((await finishedCard(page)).text).toContain('111');
      expect(await outcomes(page)).toEqual([DONE, '', '', DONE]);
    });
  });
});
