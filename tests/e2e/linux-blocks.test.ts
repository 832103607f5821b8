import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  barTag,
  chooseSmallStart,
  clickPart,
  finishedAgain,
  finishedCard,
  partWith,
  pressInCard,
  turnEnded,
  typeInto,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

/** In the order of the scene. */
const blocks = { sum: 0, question: 1, endless: 2 } as const;

describe('blocks for a shell', () => {
  beforeAll(needsLinuxImage);
  // As V8 runs a machine where a person has it (decision 0107).
  const chat = chatInChromium({ speed: 'quick' }, { isCalm: false });
  let page: Page;
  const open = async (): Promise<void> => {
    page = await chat.play('shell', { codeBlocks: 'mixed' });
    await turnEnded(page);
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
  };
  const press = (block: keyof typeof blocks) =>
    clickPart(page, '[data-action="run-block"]', { host: barTag, index: blocks[block] });

  it('run in Linux where they stand', async () => {
    await open();
    await press('sum');
    expect(await finishedCard(page)).toMatchObject({
      outcome: 'completed',
      status: 'Done',
      stdout: '1+2+3+4+5+6+7+8+9\n45\n',
    });
  });

  it('ask in the card', async () => {
    await open();
    await press('question');
    await partWith(page, '[data-part="input"]');
    await typeInto(page, '[data-part="input"]', 'Ada');
    await page.keyboard.press('Enter');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'Name? Hello Ada\n' });
  });

  it('stop, and the machine goes on', async () => {
    await open();
    await press('endless');
    await partWith(page, '[data-part="meter"]');
    await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text.includes('started'));
    await pressInCard(page, 'stop');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'cancelled', status: 'Stopped', stdout: 'started\n' });
    await press('sum');
    expect((await finishedCard(page)).stdout).toBe('1+2+3+4+5+6+7+8+9\n45\n');
  });

  it('run in the small Linux where memory is short, and the card says which that is, once', async () => {
    const small = 'To save memory, programs of the shell run in the small Linux here';
    await open();
    await press('sum');
    expect((await finishedCard(page)).text).not.toContain(small);
    // What chooses it for a device of little memory; a person may too.
    const popup = await chat.chromium.extensionPage('popup.html');
    await chooseSmallStart(popup);
    await popup.close();
    await open();
    await press('sum');
    const card = await finishedCard(page);
    expect(card).toMatchObject({ outcome: 'completed', stdout: '1+2+3+4+5+6+7+8+9\n45\n' });
    expect((await partWith(page, '[data-part="notice"]')).text).toContain(small);
    await pressInCard(page, 'again');
    expect((await finishedAgain(page, card)).text).not.toContain(small);
  });
});
