import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  barTag,
  cardInState,
  cardSelector,
  clickPart,
  finishedCard,
  partsOf,
  partWith,
  pressInCard,
  readCards,
  replaceText,
  turnEnded,
  violationsIn,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { conversationOf } from '../support/scenario-world.ts';

const MOUNTED = 'mount > /dev/null && echo mounted';

/** Presses Tab until something in a card has the focus. */
async function tabTo(page: Page, selector: string, index: number): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await partsOf(page, `${selector}:focus`, { host: cardSelector, index })).length > 0) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}

// One design is enough: what is asked stands inside of the card, which is the same in both (card.test.ts).
describe('commands outside of the list', () => {
  beforeAll(needsLinuxImage);
  const chat = chatInChromium({ speed: 'quick' });
  const answers = (id: string) => chat.site.responses.filter((response) => response.id === id);
  let page: Page;
  let sent = 0;

  /** A page with one card of Python; what is sent then has the cards after it. */
  async function open(): Promise<void> {
    page = await chat.play('hello', { renderer: 'app' });
    await finishedCard(page);
    await turnEnded(page);
  }
  async function send(command: string): Promise<string> {
    sent += 1;
    const id = `asked-${String(sent)}`;
    const content = { tool_name: 'shell', tool_version: 'v1.0', command };
    chat.site.seed({ id, type: 'tool_call', conversation_id: await conversationOf(page), content });
    return id;
  }

  it('hold a call that would start by itself: once is no promise, allowed ones are not asked about again', async () => {
    await open();
    const first = await send(MOUNTED);
    await cardInState(page, 'held', 1);
    const asked = await partWith(page, '[data-part="consent"]', undefined, null, { index: 1 });
    expect(asked.text).toContain('mount > /dev/null');
    expect(asked.text).toContain('It is not on the list of everyday commands.');
    expect(asked.attributes['role']).toBe('alert');
    expect((await readCards(page))[1]).toMatchObject({ status: 'Your decision', outcome: '', stdout: '' });
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    expect(answers(first)).toEqual([]);
    await pressInCard(page, 'run-once', 1);
    expect(await finishedCard(page, 1)).toMatchObject({ outcome: 'completed', stdout: 'mounted\n' });
    await chat.site.until(() => answers(first)[0]);

    await send(`${MOUNTED} again`);
    await cardInState(page, 'held', 2);
    // With the keys alone, from where one reads.
    await clickPart(page, '[data-part="consent"] strong', { index: 2 });
    await tabTo(page, '[data-action="allow-commands"]', 2);
    await page.keyboard.press('Enter');
    expect(await finishedCard(page, 2)).toMatchObject({ outcome: 'completed', stdout: 'mounted again\n' });

    await send(`${MOUNTED} unasked`);
    expect(await finishedCard(page, 3)).toMatchObject({ outcome: 'completed', stdout: 'mounted unasked\n' });
  });

  it('that show only when they run can be run once or not at all', async () => {
    await open();
    const id = await send('$(echo echo) hidden');
    await cardInState(page, 'held', 1);
    const asked = await partWith(page, '[data-part="consent"]', undefined, null, { index: 1 });
    expect(asked.text).toContain('Which command this is shows only when it runs.');
    expect(await partsOf(page, '[data-action="allow-commands"]', { index: 1 })).toEqual([]);
    await pressInCard(page, 'cancel-held', 1);
    await partWith(page, '[data-part="consent"]', (parts) => parts.length === 0, null, { index: 1 });
    expect((await readCards(page))[1]).toMatchObject({ status: 'Ready to run', outcome: '', stdout: '' });
    expect(answers(id)).toEqual([]);
    // A later press asks again, and the next call is not behind it.
    await pressInCard(page, 'run', 1);
    await cardInState(page, 'held', 1);
    await send('echo next');
    expect(await finishedCard(page, 2)).toMatchObject({ outcome: 'completed', stdout: 'next\n' });
  });

  it('hold a press at a block', async () => {
    page = await chat.play('shell', { codeBlocks: 'mixed', renderer: 'app' });
    await turnEnded(page);
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
    await clickPart(page, '[data-action="edit-block"]', { host: barTag, index: 0 });
    await replaceText(page, '[data-part="code-field"]', MOUNTED);
    await pressInCard(page, 'run');
    await cardInState(page, 'held');
    await pressInCard(page, 'allow-commands');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'mounted\n' });
    await pressInCard(page, 'again');
    await partWith(page, '[data-part="consent"]', (parts) => parts.length === 0);
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'mounted\n' });
  });
});
