import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  cardInState,
  cardSelector,
  clickPart,
  finishedCard,
  outsideOf,
  partWith,
  pressInCard,
  stillBox,
  turnEnded,
  violationsIn,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { crossed, DESIGNS } from '../support/whole.ts';

const GROUP = 'chatgpt-companion-thinking';
const IN_GROUP = { host: GROUP };
const FOLD = '[data-action="fold"]';

const chat = chatInChromium({ speed: 'quick' }, { startsSmall: true });

describe.each([
  ['light', 'app'],
  ['dark', 'legacy'],
] as const)('axe has nothing to object to in a %s page', (theme, renderer) => {
  const play = (scene: string): Promise<Page> => chat.play(scene, { theme, renderer });

  it('at a program that works, with its time', async () => {
    const page = await play('endless loop');
    await cardInState(page, 'running');
    await partWith(page, '[data-part="elapsed"]');
    await partWith(page, '[data-part="meter"]');
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    await pressInCard(page, 'stop');
    await finishedCard(page);
  });

  it('at one that waits for an answer', async () => {
    const page = await play('input');
    await cardInState(page, 'input');
    await turnEnded(page);
    expect(await violationsIn(page, cardSelector)).toEqual([]);
  });

  it('at one that failed', async () => {
    const page = await play('error');
    await finishedCard(page);
    await partWith(page, '[data-part="error"]');
    await turnEnded(page);
    expect(await violationsIn(page, cardSelector)).toEqual([]);
  });

  it('at the description of a file', async () => {
    const page = await play('files');
    await finishedCard(page);
    await turnEnded(page);
    await pressInCard(page, 'describe');
    await partWith(page, '[data-part="describe-text"]', (parts) => parts[0]?.value);
    expect(await violationsIn(page, cardSelector)).toEqual([]);
  });

  it('at the line of the calls made while thinking, folded with its question and unfolded', async () => {
    const page = await play('thinking');
    await turnEnded(page);
    await partWith(page, '[data-part="thinking-question"]', undefined, null, IN_GROUP);
    expect(await violationsIn(page, GROUP)).toEqual([]);
    await clickPart(page, FOLD, IN_GROUP);
    await partWith(page, `${FOLD}[aria-expanded="true"]`, undefined, null, IN_GROUP);
    expect(await violationsIn(page, GROUP)).toEqual([]);
  });
});

describe('360 pixels wide', () => {
  it.each(crossed(DESIGNS, ['chart', 'table', 'error', 'files', 'big output', 'input']))(
    'nothing sticks out in the %s design of the card of "%s"',
    async (renderer, scene) => {
      const page = await chat.play(scene, { renderer });
      await page.setViewport({ width: 360, height: 740 });
      if (scene === 'input') {
        await partWith(page, '[data-part="input"]');
      } else {
        await finishedCard(page);
        await turnEnded(page);
      }
      const box = await stillBox(page, cardSelector);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(360);
      expect(await outsideOf(page)).toEqual([]);
    },
  );
});
