import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  barTag,
  cardSelector,
  chooseSettings,
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

/** In the order of the scene. */
const blocks = { risky: 0, riskyToo: 1, torch: 2, network: 3, limited: 4, broken: 5 } as const;
const RISK = 'What the text holds is only known when it runs.';

const chat = chatInChromium({ speed: 'quick' });
let page: Page;

async function open(scene = 'risky', renderer: 'app' | 'legacy' = 'legacy'): Promise<void> {
  page = await chat.play(scene, { codeBlocks: 'mixed', renderer });
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
}

/** Presses Run at a block; the first press of a page, or the block is before those that were pressed. */
const press = (block: keyof typeof blocks) =>
  clickPart(page, '[data-action="run-block"]', { host: barTag, index: blocks[block] });
const warning = (index = 0) => partWith(page, '[data-part="warning"]', undefined, null, { index });
const gone = (selector: string, index = 0) => partWith(page, selector, (parts) => parts.length === 0, null, { index });
const printed = (text: string, index = 0) =>
  partWith(page, '[data-part="stdout"]', (parts, wanted) => parts[0]?.text === wanted, text, { index });

/** Presses Tab until something of ours has the focus. */
async function tabTo(selector: string, host = cardSelector): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await partsOf(page, `${selector}:focus`, { host })).length > 0) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}

describe('code to think about', () => {
  it.each(['app', 'legacy'] as const)(
    'that is risky is held, runs when the person says so, and is not asked about again when told to remember, in the %s design',
    async (renderer) => {
      await open('risky', renderer);
      await press('riskyToo');
      expect((await warning()).text).toContain(RISK);
      expect((await readCards(page))[0]).toMatchObject({
        state: 'held',
        status: 'Your decision',
        outcome: '',
        stdout: '',
      });
      expect(await violationsIn(page, cardSelector)).toEqual([]);
      await pressInCard(page, 'run-here');
      await printed('35\n');
      // Once is no promise: the next one, above it, is asked about.
      await press('risky');
      const asked = await warning();
      expect(asked.text).toContain(RISK);
      // The tick silences risks that nobody was asked about yet.
      expect(asked.text).toContain('Always run Python here in this conversation, risks included');
      expect((await partWith(page, '[data-part="warning"] [aria-hidden="true"]')).text.trim()).toBe('\u26A0\uFE0E');
      await clickPart(page, '[data-part="always"]');
      await partWith(page, '[data-part="always"]', (parts) => parts[0]?.isChecked);
      await pressInCard(page, 'run-here');
      await printed('42\n');
      await clickPart(page, 'summary');
      await pressInCard(page, 'edit');
      await replaceText(page, '[data-part="code-field"]', 'parts = ["5", "5"]\nprint(eval("*".join(parts)))');
      await pressInCard(page, 'again');
      await printed('25\n');
    },
  );

  it('that was edited is judged anew, and cancelled it does not run', async () => {
    await open();
    await press('risky');
    await warning();
    await pressInCard(page, 'edit-held');
    await gone('[data-part="warning"]');
    await replaceText(page, '[data-part="code-field"]', 'import torch\nprint(1)');
    await pressInCard(page, 'run');
    const anew = await warning();
    expect(anew.text).toContain('torch is not available here.');
    expect(anew.text).not.toContain(RISK);
    await pressInCard(page, 'cancel-held');
    await gone('[data-part="warning"]');
    expect((await readCards(page))[0]).toMatchObject({ status: 'Ready to run', outcome: '', stdout: '' });
    await clickPart(page, 'summary');
    await pressInCard(page, 'edit');
    await replaceText(page, '[data-part="code-field"]', 'print("calm")');
    await pressInCard(page, 'run');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'calm\n' });
    expect(await partsOf(page, '[data-part="shortfall"]')).toHaveLength(0);
  });

  it('that cannot work here comes with what helps', async () => {
    await open();
    await press('network');
    await warning();
    const way = await partWith(page, '[data-part="advice"]');
    expect(way.text).toContain("Allow the host under Network in this extension's popup");
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    await press('torch');
    await warning();
    const instead = await partWith(page, '[data-part="advice"]');
    expect(instead.text).toContain('Instead of torch: small networks written with numpy.');
  });

  it('that works in part runs, and says so', async () => {
    await open();
    await press('limited');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'one at a time\n' });
    const line = await partWith(page, '[data-part="shortfall"]');
    expect(line.text).toBe('Not all of it will work here: Threads do not work at the same time here.');
    expect(await violationsIn(page, cardSelector)).toEqual([]);
  });

  it('says what was seen in it, risky or not, when that is opened with the keys on a narrow screen', async () => {
    await open();
    await page.setViewport({ width: 360, height: 740 });
    await press('limited');
    await finishedCard(page);
    expect(await partsOf(page, '[data-part="seen"][open]')).toHaveLength(0);
    await tabTo('[data-part="seen"] summary');
    await page.keyboard.press('Enter');
    const seen = await partWith(page, '[data-part="seen"]', (parts) => parts[0]?.text.includes('Weighed'));
    expect(seen.text).toContain('Threads do not work at the same time here.');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    await press('riskyToo');
    await warning();
    await clickPart(page, '[data-part="seen"] summary');
    const found = await partWith(page, '[data-part="seen"]', (parts) => parts[0]?.text.includes('Found in the code'));
    expect(found.text).toContain('Line 2 of the code');
  });

  it('that cannot be read has a fix, which can be dismissed', async () => {
    await open();
    await press('broken');
    expect(await finishedCard(page)).toMatchObject({ status: 'Finished with an error' });
    await partWith(page, '[data-part="fix"]');
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    await pressInCard(page, 'dismiss-fix');
    await gone('[data-part="fix"]');
    expect((await partWith(page, '[data-part="code"]')).text).toBe('kept = 42\nprint(kept');
  });

  it('is decided with the keys alone', async () => {
    await open();
    // Where one reads is where Tab goes on from.
    const text = await page.waitForSelector('::-p-text(Runs text as code)');
    await text?.click();
    await tabTo('[data-action="run-block"]', barTag);
    await page.keyboard.press('Enter');
    await warning();
    await partWith(page, '.card:focus');
    // Whoever went elsewhere comes to the question by Tab as well.
    await text?.click();
    await tabTo('[data-part="always"]');
    await page.keyboard.press('Space');
    await partWith(page, '[data-part="always"]', (parts) => parts[0]?.isChecked);
    await tabTo('[data-action="run-here"]');
    await page.keyboard.press('Enter');
    await printed('42\n');
    // The pressed button is gone; the card has the focus, not the top of the page.
    await partWith(page, '.card:focus');
  });
});

it('code that waits for others says for how many', async () => {
  const popup = await chat.chromium.popupPage();
  await chooseSettings(popup, { runsAtOnce: 1, runTimeMs: 600_000 });
  await open('code');
  await clickPart(page, '[data-action="edit-block"]', { host: barTag, index: 0 });
  await replaceText(page, '[data-part="code-field"]', 'while True: pass');
  await pressInCard(page, 'run');
  await partWith(page, '[data-part="status"]', (parts) => parts[0]?.text === 'Running');
  // Each press makes a card of a bar: the next bar is the first.
  for (const [index, words] of [
    [1, 'Waiting: 1 run before it'],
    [2, 'Waiting: 2 runs before it'],
  ] as const) {
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
    await partWith(page, '[data-part="status"]', (parts, wanted) => parts[0]?.text === wanted, words, { index });
  }
  await pressInCard(page, 'stop');
  for (const index of [1, 2]) expect(await finishedCard(page, index)).toMatchObject({ status: 'Done', stdout: '45\n' });
  await chooseSettings(popup, {});
  await popup.close();
});
