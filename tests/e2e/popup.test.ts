import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  cardSelector,
  expectCleanSite,
  finishedCard,
  partWith,
  pressByKey,
  pressInCard,
  readCards,
  sendMessage,
  shownText,
  turnEnded,
  violationsIn,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { defaultOptions } from '../support/site/index.ts';

const world = siteInChromium({}, { startsSmall: true });

const text = (page: Page, part: string) => page.$eval(`[data-part="${part}"]`, (element) => element.textContent);

describe('the popup', () => {
  it('says what was seen on the page, what ran and how the engine is', async () => {
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'hello');
    await finishedCard(chat);
    await turnEnded(chat);
    const popup = await world.chromium.popupPage();
    await popup.waitForSelector('[data-part="calls"]');
    expect(await text(popup, 'calls')).toBe('1');
    expect(await text(popup, 'decoded')).toBe('1 / 1');
    expect(await text(popup, 'unknown')).toBe('0');
    await popup.waitForSelector('[data-part="engine"][data-python="ready"]');
    await popup.waitForSelector('[data-part="runs"] [data-outcome="completed"]');
    expect(await text(popup, 'runs')).toMatch(/^Python: Done.* · this page$/u);
    expect(await text(popup, 'in-memory')).toBe(' · 1\u00a0conversation in memory');
    await popup.waitForSelector('[data-part="meters"]');
    expect(await text(popup, 'memory')).toMatch(/^ ?[1-9][\d.]* MB$/u);
    expect(await text(popup, 'storage')).toMatch(/^ ?[1-9][\d.]* [kMG]?B$/u);
    expect(await text(popup, 'cpu')).toMatch(/^ ?\d+ %$/u);
    await popup.close();
    await chat.close();
  });

  it('has nothing that axe objects to, light and dark, and neither has a card', async () => {
    const popup = await world.chromium.popupPage();
    await popup.waitForSelector('[data-part="engine"]');
    expect(await violationsIn(popup, 'main')).toEqual([]);
    await popup.focus('[data-part="more-settings"] > summary');
    await popup.keyboard.press('Enter');
    await popup.waitForSelector('[data-setting="place-python"]');
    await popup.waitForSelector('[data-part="rules-field"]:not([disabled])');
    await popup.waitForSelector('[data-tier="memory"]');
    expect(await violationsIn(popup, 'main')).toEqual([]);
    await popup.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await popup.waitForSelector('html[data-theme="dark"]');
    expect(await violationsIn(popup, 'main')).toEqual([]);
    await popup.close();
    for (const theme of ['light', 'dark'] as const) {
      world.site.set({ ...defaultOptions, theme });
      const chat = await world.chromium.newChatPage();
      await sendMessage(chat, world.site, 'table');
      await finishedCard(chat);
      expect(await violationsIn(chat, cardSelector)).toEqual([]);
      await chat.close();
    }
    world.site.set(defaultOptions);
  });

  it('makes every call wait for Run when asked to, and leaves all to ChatGPT when switched off', async () => {
    const popup = await world.chromium.popupPage();
    await pressByKey(popup, '[data-setting="startCalls"]');
    await popup.waitForSelector('[data-setting="startCalls"]:checked');
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'hello');
    await turnEnded(chat);
    // The card hears of the turn's end over a port, a moment after the page.
    await partWith(chat, '[data-part="status"]', (parts) => parts[0]?.text === 'Ready to run');
    expect((await readCards(chat)).map(({ status }) => status)).toEqual(['Ready to run']);
    await pressInCard(chat, 'run');
    expect((await finishedCard(chat)).stdout).toBe('hello from Python\n');
    await chat.close();
    await pressByKey(popup, '[data-setting="startCalls"]');
    await popup.click('[data-setting="isOn"]');
    const quiet = await world.chromium.newChatPage();
    await sendMessage(quiet, world.site, 'hello');
    await turnEnded(quiet);
    expect(
      await quiet.$$eval(cardSelector, (cards) => cards.filter((card) => !card.hasAttribute('hidden')).length),
    ).toBe(0);
    await quiet.close();
    await popup.click('[data-setting="isOn"]');
    await popup.close();
  });

  it('says in a plain sentence that the site has changed, and copies a report of the shape without what it held', async () => {
    world.site.set({ ...defaultOptions, shape: 'drifted' });
    const chat = await world.chromium.newChatPage();
    for (let turn = 0; turn < 3; turn += 1) {
      await sendMessage(chat, world.site, 'hello');
      await chat.waitForFunction(
        (count) => document.querySelectorAll('.turn-action-controls').length >= count,
        {},
        turn + 1,
      );
    }
    const popup = await world.chromium.popupPage();
    await popup.waitForSelector('[data-part="health"][data-drift="suspected"]');
    expect(await text(popup, 'health')).toContain('The site has changed');

    const session = await popup.createCDPSession();
    const origin = await popup.evaluate(() => location.origin);
    await session.send('Browser.setPermission', { permission: { name: 'clipboard-read' }, setting: 'granted', origin });
    await popup.waitForSelector('[data-action="copy-report"]');
    await pressByKey(popup, '[data-action="copy-report"]');
    await popup.waitForFunction(() => document.querySelector('[data-action="copy-report"]')?.textContent === 'Copied');
    const report = await popup.evaluate(() => navigator.clipboard.readText());
    // Every member: nothing else of the page goes with it.
    expect(JSON.parse(report)).toStrictEqual({
      design: 'app-shell',
      missingLandmarks: [],
      streamsSeen: 3,
      decoded: 0,
      unknownShapes: expect.any(Number),
      problems: expect.any(Object),
      drift: 'suspected',
      sampleShape: '{note: {type: string, kind: string, token: string, conversation_id: string}}',
      frames: { processed: expect.any(Number), blocked: 0, failed: 0, size: expect.any(Number), canvases: 0 },
      log: expect.any(Array),
    });
    // Each line of the log is a time, a number, a kind or a route of ours, a size and a result.
    const { log } = JSON.parse(report) as { log: string[] };
    expect(log.length).toBeGreaterThan(5);
    for (const line of log) expect(line).toMatch(/^\d+ #\d+ [a-z-]+ \d+ processed$/);
    // Question, code, output and answer of the scene all say hello.
    expect((await shownText(chat)).match(/hello/gi)?.length).toBeGreaterThan(3);
    expect(report).not.toMatch(/hello/i);
    expect(report).not.toContain(new URL(chat.url()).pathname.split('/').at(-1));
    await session.send('Browser.resetPermissions');
    await session.detach();
    await popup.close();
    await chat.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});
