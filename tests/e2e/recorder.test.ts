import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORD_PARTS } from '../../src/wire/recording/values/vocabulary.ts';
import { decodeInput } from '../../tools/decode/decode-input.ts';
import type { GoldenResult } from '../../tools/decode/golden.ts';
import {
  type Downloads,
  expectCleanSite,
  finishedCard,
  pressByKey,
  sendMessage,
  turnEnded,
  violationsIn,
  watchDownloads,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { defaultOptions, findScene, type Scene } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const folder = testFolder('recorder');
const world = siteInChromium({}, { startsSmall: true });
let downloads: Downloads;

beforeAll(async () => {
  downloads = await watchDownloads(world.chromium.browser, folder);
});
afterAll(() => world.site.set(defaultOptions));

const noteWith = (popup: Page, words: string) =>
  popup.waitForFunction(
    (wanted) => document.querySelector('[data-part="recording-note"]')?.textContent.includes(wanted),
    // A tab that is not in front draws no frames.
    { polling: 'mutation' },
    words,
  );
const shownRecording = (popup: Page) =>
  popup.$eval('[data-part="recording"]', (field) => (field as HTMLTextAreaElement).value);

/** What the fixture decodes to, as `npm run decode` does it. */
const decoded = (text: string) =>
  decodeInput('session', new TextEncoder().encode(text), { limits: {}, cutting: null }) as GoldenResult;

const outline = (text: string) => text.replaceAll(/[^\s`~]/g, 'x');
/** What the turn said, but for the words that the protocol is written in. */
const saidIn = ({ prompt, title, steps }: Scene) => [
  prompt,
  title,
  ...steps.flatMap((step) =>
    step.kind === 'text' ? [step.text] : step.kind === 'call' ? [step.code, step.result?.text] : [],
  ),
];
const wordsOf = (scene: Scene) =>
  saidIn(scene)
    .flatMap((text) => text?.match(/[A-Za-z]{4,}/g) ?? [])
    .filter((word) => !WORD_PARTS.has(word.toLowerCase()));

async function playedScene(name: string): Promise<Page> {
  const chat = await world.chromium.newChatPage();
  await sendMessage(chat, world.site, name);
  await finishedCard(chat);
  await turnEnded(chat);
  return chat;
}

describe('the recorder', () => {
  it.each(['inline', 'socket', 'cut'] as const)(
    'saves a turn that came %s with one press: the same call, and none of its words',
    async (transport) => {
      world.site.set({ ...defaultOptions, transport });
      const chat = await playedScene('hello');
      const popup = await world.chromium.popupPage();
      await popup.waitForSelector('[data-action="save-recording"]');
      const saved = await downloads.during(() => pressByKey(popup, '[data-action="save-recording"]'));
      expect(path.basename(saved)).toMatch(/^chatgpt-wire-\d+\.json$/);
      await noteWith(popup, 'in your downloads');
      const text = await readFile(saved, 'utf8');

      const scene = findScene('hello');
      const [call] = scene.steps;
      if (call?.kind !== 'call') throw new Error('the scene has no call');
      const { runs, outputs, turns, problems } = decoded(text);
      expect(runs).toMatchObject([{ tool: 'python', auto: true }]);
      expect(runs.map((run) => outline(String((run as { code: unknown }).code)))).toEqual([outline(call.code)]);
      expect(outputs).toMatchObject([{ status: 'success' }]);
      expect(turns.at(-1)?.state).toBe('complete');
      expect(problems).toEqual({});
      // Each step when it came, from the first one on.
      const { steps } = JSON.parse(text) as { steps: { atMs: number }[] };
      expect(steps[0]?.atMs).toBe(0);
      expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).toSorted((a, b) => a - b));

      expect(new Set(wordsOf(scene)).size).toBeGreaterThan(1);
      for (const word of wordsOf(scene)) expect(text.slice(text.indexOf('"steps"'))).not.toContain(word);
      expect(text).not.toContain(new URL(chat.url()).pathname.split('/').at(-1));
      await popup.close();
      await chat.close();
      expectCleanSite(world.site, world.chromium.problems);
    },
  );

  it('shows by keyboard what a press then saves, light and dark', async () => {
    world.site.set(defaultOptions);
    const chat = await playedScene('hello');
    const popup = await world.chromium.popupPage();
    await popup.setViewport({ width: 360, height: 640 });
    await popup.waitForSelector('[data-part="recording-look"]');
    await pressByKey(popup, '[data-part="recording-look"] > summary');
    await popup.waitForSelector('[data-part="recording"]');
    await noteWith(popup, ' messages in ');
    const shown = await shownRecording(popup);
    const saved = await downloads.during(() => pressByKey(popup, '[data-action="save-recording"]'));
    expect(await readFile(saved, 'utf8')).toBe(shown);
    expect(await popup.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    for (const theme of ['light', 'dark'] as const) {
      await popup.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await popup.waitForSelector(`html[data-theme="${theme}"]`);
      expect(await violationsIn(popup, '[data-part="recorder"]')).toEqual([]);
    }
    await popup.close();
    await chat.close();
  });

  it('has nothing of a page that was only opened, nor of one that runs nothing here', async () => {
    const popup = await world.chromium.popupPage();
    await popup.waitForSelector('[data-setting="isOn"]');
    const chat = await playedScene('hello');
    await pressByKey(popup, '[data-setting="isOn"]');
    await popup.waitForSelector('[data-setting="isOn"]:not(:checked)');
    await popup.waitForSelector('[data-action="save-recording"]');
    await pressByKey(popup, '[data-action="save-recording"]');
    await noteWith(popup, 'Nothing is recorded yet.');
    await sendMessage(chat, world.site, 'hello');
    await turnEnded(chat);
    await pressByKey(popup, '[data-part="recording-look"] > summary');
    await noteWith(popup, 'Nothing is recorded yet.');
    expect(await popup.$('[data-part="recording"]')).toBeNull();
    await pressByKey(popup, '[data-setting="isOn"]');
    await popup.close();
    await chat.close();
  });
});
