import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import {
  barTag,
  clickPart,
  finishedCard,
  noteOf,
  partsOf,
  partWith,
  pressInCard,
  readCards,
  replaceText,
  turnEnded,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { designs } from '../support/whole.ts';

const chat = chatInChromium({ speed: 'quick' }, { startsSmall: true });
let page: Page;

async function open(renderer: 'legacy' | 'app'): Promise<void> {
  page = await chat.play('code', { codeBlocks: 'mixed', renderer });
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
}

/** An engine's files cannot be read in the host until it is called with false. */
async function withoutEngine(folder: string, isGone: boolean): Promise<void> {
  const host = await chat.chromium.hostPage();
  await host.evaluate(
    (path, gone) => {
      const world = globalThis as unknown as { fetch: typeof fetch; ownFetch?: typeof fetch };
      const own = (world.ownFetch ??= world.fetch.bind(globalThis));
      world.fetch = (input, init) =>
        gone && String(input).includes(path) ? Promise.reject(new TypeError('Failed to fetch')) : own(input, init);
    },
    `vendor/${folder}/`,
    isGone,
  );
}

describe.each(designs('app'))('after a failure in the %s design', (renderer) => {
  it('a fix is shown, taken by a press, and runs by another', async () => {
    await open(renderer);
    await clickPart(page, '[data-action="edit-block"]', { host: barTag, index: 0 });
    await replaceText(page, '[data-part="code-field"]', 'kept = 42\nprint(kept');
    await pressInCard(page, 'run');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', status: 'Finished with an error' });
    const fix = await partWith(page, '[data-part="fix"]');
    expect(fix.text).toContain('- print(kept\n+ print(kept)');
    await pressInCard(page, 'use-fix');
    const field = await partWith(page, '[data-part="code-field"]');
    expect(field.value).toBe('kept = 42\nprint(kept)');
    expect(await partsOf(page, '[data-part="fix"]')).toHaveLength(0);
    expect((await readCards(page))[0]).toMatchObject({ outcome: 'completed', stdout: '' });
    await pressInCard(page, 'again');
    await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text === '42\n');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', status: 'Done', stdout: '42\n' });
  });

  it('an engine that cannot start is said in the words of its row, and runs when it can', async () => {
    // What a host has read of an engine it keeps, and a new one has read none.
    await chat.chromium.endHost();
    await open(renderer);
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
    await finishedCard(page);
    await withoutEngine('lua', true);
    // The first bar became a card.
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 1 });
    await finishedCard(page, 1);
    const row = FAILURES['runner/start-failed'];
    // A page asks for the words of failures when it first has one to show.
    const isNamed = (parts: readonly { text: string }[], title: string) => parts[0]?.text.includes(title);
    await partWith(page, '[data-part="status"]', isNamed, row.title, { index: 1 });
    const failed = (await readCards(page))[1]?.text;
    for (const text of [row.explanation, ...row.suggestions]) expect(failed).toContain(text);
    await withoutEngine('lua', false);
    await pressInCard(page, 'again', 1);
    await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text === '45\n', undefined, { index: 1 });
    expect(await finishedCard(page, 1)).toMatchObject({ outcome: 'completed', status: 'Done' });
  });
});

it('a page without its message box is said to be so', async () => {
  await open('app');
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
  await finishedCard(page);
  await page.evaluate(() => {
    for (const box of document.querySelectorAll('[data-composer-markdown]')) box.remove();
  });
  await pressInCard(page, 'compose');
  expect(await noteOf(page)).toContain(FAILURES['composer/not-found'].title);
});
