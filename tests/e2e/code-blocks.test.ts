import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  barTag,
  cardSelector,
  clickPart,
  composerText,
  finishedCard,
  noteOf,
  partsOf,
  partWith,
  pressInCard,
  readCards,
  replaceText,
  turnEnded,
  violationsIn,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { finishedBeside } from '../support/scenario-world.ts';
import type { Site } from '../support/site/index.ts';
import { designs } from '../support/whole.ts';

/** In the order of the scene; the last block is data and has no bar. */
const blocks = { python: 0, javascript: 1, lua: 2, long: 3, go: 4, unnamed: 5 } as const;

const chat = chatInChromium({ speed: 'quick' }, { startsSmall: true });
let page: Page;

async function open(options: Parameters<Site['set']>[0]): Promise<void> {
  page = await chat.play('code', { codeBlocks: 'mixed', ...options });
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
}

const press = (block: keyof typeof blocks, action = 'run-block') =>
  clickPart(page, `[data-action="${action}"]`, { host: barTag, index: blocks[block] });

describe.each(designs('app'))('code blocks in the %s design', (renderer) => {
  it('run where they stand, in their language, one after the other', async () => {
    await open({ renderer });
    const keys = new Set<string>();
    // Each press replaces a bar by a card: the last block first, so that the places of the others stay.
    for (const [block, printed] of [
      ['unnamed', '42\n'],
      ['long', 'total 2415\n'],
      ['lua', '45\n'],
      ['javascript', '45\n'],
      ['python', '45\n'],
    ] as const) {
      await press(block);
      // Not the first card: the page may draw the block anew, and its card comes back a moment later.
      const card = await finishedBeside(page, [...keys]);
      expect(card, block).toMatchObject({ outcome: 'completed', status: 'Done', stdout: printed });
      keys.add(card.callKey);
    }
    expect(keys.size, 'each block has a card of its own').toBe(5);
    // The page may draw a block anew; its card comes back a moment later.
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 5, {}, cardSelector);
    const names = (await readCards(page)).map(({ text }) => text.split(' on this device')[0]);
    expect(names).toEqual(['Python', 'JavaScript', 'Lua', 'Python', 'Python']);
    const isInBlock = await page.evaluate(() =>
      [...document.querySelectorAll('chatgpt-companion-card')].every(
        (card) => card.closest('pre, [data-markdown-copy="code-block"]') !== null,
      ),
    );
    expect(isInBlock).toBe(true);
  });

  it('that cannot run here are asked about, with a way on', async () => {
    await open({ renderer });
    await press('go');
    const warning = await partWith(page, '[data-part="warning"]');
    expect(warning.text).toContain('Go');
    expect(await partsOf(page, '[data-action="run-here"]')).toHaveLength(0);
    await pressInCard(page, 'leave');
    expect(await noteOf(page)).toContain('Put in the composer');
    expect(await composerText(page)).toContain('fmt.Println(45)');
  });

  it('can be changed before they run', async () => {
    await open({ renderer });
    await press('python', 'edit-block');
    await replaceText(page, '[data-part="code-field"]', 'print("changed")');
    await pressInCard(page, 'run');
    expect((await finishedCard(page)).stdout).toBe('changed\n');
    await pressInCard(page, 'compose');
    await partWith(page, '[data-part="note"]', (parts) => parts[0]?.text.startsWith('Put in the composer'));
  });

  it('say what they need before they run, while they are changed, and the field is left without a run', async () => {
    await open({ renderer });
    await press('python', 'edit-block');
    await partWith(page, '[data-part="code-field"]');
    await clickPart(page, '[data-part="seen"] summary');
    const seen = (words: string) =>
      partWith(page, '[data-part="seen"]', (parts, wanted) => parts[0]?.text.includes(wanted), words);
    expect((await seen('Weighed')).text).not.toContain('torch');
    await replaceText(page, '[data-part="code-field"]', 'import torch');
    await seen('torch is not available here.');
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    await pressInCard(page, 'end-edit');
    await partWith(page, '[data-part="code-field"]', (parts) => parts.length === 0);
    expect((await readCards(page))[0]).toMatchObject({ status: 'Ready to run', outcome: '' });
  });

  it('show a value as a tree that unfolds', async () => {
    await open({ renderer });
    await press('lua', 'edit-block');
    await replaceText(page, '[data-part="code-field"]', 'return { deep = { list = { 7, 8 } } }');
    await pressInCard(page, 'run');
    expect((await partWith(page, '[data-part="tree"]')).text).toMatch(/^Value \{1\}\s*deep \{1\}$/u);
    await clickPart(page, '[data-part="tree"] details details summary');
    await clickPart(page, '[data-part="tree"] details details details summary');
    await partWith(page, '[data-part="tree"]', (parts) => parts[0]?.text.includes('1: 8'));
    expect(await violationsIn(page, cardSelector)).toEqual([]);
  });

  it('that compute the same each time are answered from the cache, and say so', async () => {
    await open({ renderer });
    await press('python');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: '45\n' });
    await pressInCard(page, 'again');
    const used = await partWith(page, '[data-part="used"]', (parts) => parts[0]?.text.startsWith('from cache'));
    expect(used.text).toMatch(/^from cache, /u);
    expect((await finishedCard(page)).stdout).toBe('45\n');
  });
});

it('code blocks show what they use while they work, and stop at once', async () => {
  await open({ renderer: 'app' });
  for (const [block, code] of [
    ['lua', 'while true do end'],
    ['javascript', 'for (;;) {}'],
    ['python', 'while True: pass'],
  ] as const) {
    await press(block, 'edit-block');
    await replaceText(page, '[data-part="code-field"]', code);
    await pressInCard(page, 'run');
    const meter = await partWith(page, '[data-part="meter"]');
    expect(meter.attributes['aria-label'], block).toMatch(/^Processor \d+ %, memory /u);
    await pressInCard(page, 'stop');
    expect(await finishedCard(page), block).toMatchObject({ outcome: 'cancelled', status: 'Stopped' });
  }
});
