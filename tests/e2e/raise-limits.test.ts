import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import {
  barTag,
  type CardReading,
  chooseSettings,
  clickPart,
  composerText,
  finishedCard,
  noteOf,
  partsOf,
  partWith,
  pressInCard,
  replaceText,
  turnEnded,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';

const blocks = { python: 0, javascript: 1, lua: 2 } as const;

const chat = chatInChromium({ speed: 'quick' });

interface Stored {
  get(key: string): Promise<{ settings?: { values: Record<string, unknown> } }>;
}

/** Sets these and nothing else; answers with what is set after `act`. */
async function withSettings(
  values: Readonly<Record<string, unknown>>,
  act: () => Promise<void>,
): Promise<Record<string, unknown>> {
  const popup = await chat.chromium.popupPage();
  await chooseSettings(popup, values);
  await act();
  const now = await popup.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: { storage: { local: Stored } } }).chrome;
    return (await storage.local.get('settings')).settings?.values ?? {};
  });
  await chooseSettings(popup, {});
  await popup.close();
  return now;
}

/** Runs a program in the place of a block; the card as it ended. */
async function run(page: Page, language: keyof typeof blocks, code: string): Promise<CardReading> {
  await clickPart(page, '[data-action="edit-block"]', { host: barTag, index: blocks[language] });
  await replaceText(page, '[data-part="code-field"]', code);
  await pressInCard(page, 'run');
  return await finishedCard(page);
}

async function open(renderer: 'legacy' | 'app'): Promise<Page> {
  const page = await chat.play('code', { codeBlocks: 'mixed', renderer });
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
  await page.bringToFront();
  return page;
}

/** Each needs more than the least that may be set, and less than twice that. */
const HUNGRY = {
  python: ['pythonMemoryMB', 'x = bytearray(110 * 1024 * 1024)\nprint(len(x))', '115343360\n'],
  javascript: ['otherMemoryMB', 'const s = new Uint8Array(20 * 1024 * 1024);\nconsole.log(s.length)', '20971520\n'],
} as const;
const ENDLESS = { python: 'while True: pass', javascript: 'for (;;) {}' } as const;
const CODES = { python: 'python/memory', javascript: 'js/memory' } as const;

describe.each([
  ['legacy', 'python'],
  ['app', 'javascript'],
] as const)('a run that reached its limit, in the %s design', (renderer, language) => {
  it('runs again with twice the time', async () => {
    const set = await withSettings({ runTimeMs: LIMITS.runTimeMs.smallest }, async () => {
      const page = await open(renderer);
      const first = await run(page, language, ENDLESS[language]);
      expect(first).toMatchObject({ outcome: 'timedOut' });
      expect(first.text).toContain('Limit: 1 s');
      await pressInCard(page, 'raise-time');
      const detail = '[data-part="failure"] .detail';
      await partWith(page, detail, (parts) => parts[0]?.text === 'Limit: 2 s');
      expect(await finishedCard(page)).toMatchObject({ outcome: 'timedOut' });
    });
    // For this conversation alone.
    expect(set).toEqual({ runTimeMs: LIMITS.runTimeMs.smallest });
  });

  it('is left to ChatGPT by a press: its code stands in the composer, and nothing is sent', async () => {
    await withSettings({ runTimeMs: LIMITS.runTimeMs.smallest }, async () => {
      const page = await open(renderer);
      expect(await run(page, language, ENDLESS[language])).toMatchObject({ outcome: 'timedOut' });
      await pressInCard(page, 'leave');
      expect(await noteOf(page)).toContain('Put in the composer');
      expect(await composerText(page)).toContain(ENDLESS[language]);
    });
  });

  it('runs again with twice the memory, and then has enough', async () => {
    const [limit, code, printed] = HUNGRY[language];
    const { smallest } = LIMITS[limit];
    const set = await withSettings({ [limit]: smallest }, async () => {
      const page = await open(renderer);
      const first = await run(page, language, code);
      expect(first).toMatchObject({ outcome: 'completed', status: 'Finished with an error', stdout: '' });
      expect((await partWith(page, '[data-part="error"]')).attributes['data-code']).toBe(CODES[language]);
      await pressInCard(page, 'raise-memory');
      await partWith(page, '[data-part="stdout"]', (parts, wanted) => parts[0]?.text === wanted, printed);
      expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', status: 'Done' });
    });
    expect(set).toEqual({ [limit]: smallest });
  });
});

it('a limit that stands at its bound is offered no more', async () => {
  const set = { otherMemoryMB: LIMITS.otherMemoryMB.largest, pythonMemoryMB: LIMITS.pythonMemoryMB.smallest };
  await withSettings(set, async () => {
    const page = await open('app');
    const card = await run(page, 'lua', 'local s = string.rep("x", 1 << 30)\nprint(#s)');
    expect(card).toMatchObject({ outcome: 'completed', status: 'Finished with an error' });
    expect((await partWith(page, '[data-part="error"]')).attributes['data-code']).toBe('lua/memory');
    // The one above it may have more, and by the time that it offers it the other would.
    await run(page, 'python', HUNGRY.python[1]);
    await partWith(page, '[data-action="raise-memory"]');
    expect(await partsOf(page, '[data-action="raise-memory"]', { index: 1 })).toHaveLength(0);
    expect(await partsOf(page, '[data-action="again"]', { index: 1 })).toHaveLength(1);
  });
});
