import type { Page } from 'puppeteer-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import {
  closeTerminals,
  expectCleanSite,
  lineWith,
  prompt,
  typeLine,
  violationsIn,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const PHONE = { width: 360, height: 740, isMobile: true, hasTouch: true };

describe('a terminal', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({});
  let page: Page;
  const open = () => world.chromium.extensionPage('ide.html?session=terminals');
  const tabs = () => page.$$eval('[data-part="tab"]', (all) => all.map((tab) => tab.textContent));
  beforeEach(async () => {
    page = await open();
    await prompt(page);
  });
  afterEach(async () => {
    await closeTerminals(page);
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });

  it('shows what a typed line does, in colour and in every script', async () => {
    await typeLine(page, String.raw`printf '\e[31mr%s\e[0m %s\n' ed "日本 é 👍"`);
    await lineWith(page, /^red 日本 é 👍$/u);
    const classes = await page.$$eval('.slot:not(.behind) .xterm-rows span', (spans) =>
      spans.filter((span) => span.textContent === 'red').map((span) => span.className),
    );
    expect(classes).toContain('xterm-fg-1');
  });

  it('has the size of the page, and follows it', async () => {
    const size = async (label: string) => {
      await typeLine(page, `clear; echo ${label}: $(stty size)`);
      const lines = await lineWith(page, new RegExp(`^${label}: \\d+ \\d+$`));
      const line = lines.find((shown) => shown.startsWith(`${label}: `)) ?? '';
      const [rows = 0, columns = 0] = line.split(' ').slice(1).map(Number);
      return { rows, columns };
    };
    const before = await size('before');
    expect(before.columns).toBeGreaterThan(100);
    await page.setViewport({ width: 640, height: 480 });
    await page.waitForFunction(
      (rows) => document.querySelectorAll('.slot:not(.behind) .xterm-rows > div').length < rows,
      {},
      before.rows,
    );
    const after = await size('after');
    expect(after.columns).toBeLessThan(before.columns);
    expect(after.rows).toBeLessThan(before.rows);
  });

  it('stops a program by Ctrl+C, also in a flood of output', async () => {
    await typeLine(page, 'yes flood');
    await lineWith(page, /^flood$/);
    await page.keyboard.down('Control');
    await page.keyboard.press('KeyC');
    await page.keyboard.up('Control');
    await typeLine(page, 'clear; echo a""live');
    await lineWith(page, /^alive$/);
  });

  it('says how its shell ended, and starts again', async () => {
    await typeLine(page, 'exit 7');
    await page.waitForSelector('[data-part="ended"]');
    expect(await page.$eval('[data-part="ended"] span', (ended) => ended.textContent)).toBe(
      'The shell has ended with code 7.',
    );
    await page.click('[data-action="again"]');
    await prompt(page);
  });

  it('is there again after a reload, with what scrolled away, and so are the others', async () => {
    await typeLine(page, 'for i in $(seq 300); do echo "line $i of many"; done');
    await lineWith(page, /^line 300 of many$/);
    await page.click('[data-action="new"]');
    await prompt(page);
    await page.click('[data-part="tab"]:first-child');
    const shown = await tabs();
    expect(shown).toHaveLength(2);
    await page.reload();
    await lineWith(page, /^line 300 of many$/);
    expect(await tabs()).toEqual(shown);
    await page.click('[data-action="search"]');
    await page.type('[data-part="search"] input', 'line 17 of');
    await page.waitForFunction(() => document.querySelector('[data-part="found"]')?.textContent === '1 of 1');
    await lineWith(page, /^line 17 of many$/);
    await page.keyboard.press('Escape');
    await typeLine(page, 'clear; echo still""here');
    await lineWith(page, /^stillhere$/);
  });

  it('is said to be gone where another page closed it, and starts again', async () => {
    const other = await open();
    await prompt(other);
    await closeTerminals(other);
    await other.close();
    await page.bringToFront();
    const panel = await page.waitForSelector('[data-part="failure"][data-code="terminal/not-found"]');
    expect(await panel?.evaluate((part) => part.textContent)).toContain(FAILURES['terminal/not-found'].title);
    await page.click('[data-action="again"]');
    await prompt(page);
  });

  it('is one of so many and no more', async () => {
    const most = LIMITS.terminalsPerSession.standard;
    for (let opened = 2; opened <= most; opened += 1) {
      await page.click('[data-action="new"]');
      await page.waitForSelector(`[data-part="tab"][data-number="${String(opened)}"]`);
    }
    await page.click('[data-action="new"]');
    const panel = await page.waitForSelector('[data-part="failure"][data-code="terminal/too-many"]');
    expect(await panel?.evaluate((part) => part.textContent)).toContain(FAILURES['terminal/too-many'].title);
  });

  it('opens a link by a click, in a tab that does not know this one', async () => {
    await typeLine(page, 'clear; echo https://example.com/""made-up');
    await lineWith(page, /^https:\/\/example\.com\/made-up$/);
    const at = await page.$$eval('.slot:not(.behind) .xterm-rows > div', (rows) => {
      const row = rows.find((each) => /^https:\/\/example\.com\/made-up/.test(each.textContent ?? ''));
      const box = row?.getBoundingClientRect();
      return { x: (box?.left ?? 0) + 60, y: (box?.top ?? 0) + (box?.height ?? 0) / 2 };
    });
    await page.mouse.move(at.x, at.y);
    await page.waitForFunction(() =>
      document.querySelector('[data-part="said"]')?.textContent?.includes('example.com/made-up'),
    );
    const opened = world.chromium.browser.waitForTarget((target) => target.url() === 'https://example.com/made-up');
    await page.mouse.click(at.x, at.y);
    const tab = await (await opened).asPage();
    expect(await tab.evaluate(() => window.opener as unknown)).toBeNull();
    await tab.close();
  });

  it('copies what is selected and pastes it, and a paste presses no key', async () => {
    const session = await page.createCDPSession();
    const origin = await page.evaluate(() => location.origin);
    const allow = (name: string, setting: 'granted' | 'denied') =>
      session.send('Browser.setPermission', { permission: { name }, setting, origin });
    await allow('clipboard-read', 'granted');
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const isSaid = (words: string) =>
      page.waitForFunction((said) => document.querySelector('[data-part="said"]')?.textContent === said, {}, words);
    await page.click('[data-action="copy"]');
    await isSaid('Nothing is selected');
    await typeLine(page, 'clear; echo cop""ied; echo');
    await lineWith(page, /^copied$/);
    const at = await page.$$eval('.slot:not(.behind) .xterm-rows > div', (rows) => {
      const box = rows.find((row) => row.textContent?.startsWith('copied'))?.getBoundingClientRect();
      return { x: (box?.left ?? 0) + 20, y: (box?.top ?? 0) + (box?.height ?? 0) / 2 };
    });
    await page.mouse.click(at.x, at.y, { count: 2 });
    await page.click('[data-action="copy"]');
    await isSaid('Copied');
    expect(await clipboard()).toBe('copied');
    await page.keyboard.type('clear; echo is-');
    await page.click('[data-action="paste"]');
    await lineWith(page, /echo is-copied$/);
    await page.keyboard.press('Enter');
    await lineWith(page, /^is-copied$/);

    // Two lines, and between them what would end a bracketed paste: nothing of it runs before somebody presses Enter.
    const pasteByKeys = async () => {
      for (const key of ['Control', 'Shift'] as const) await page.keyboard.down(key);
      await page.keyboard.press('KeyV', { commands: ['paste'] });
      for (const key of ['Shift', 'Control'] as const) await page.keyboard.up(key);
    };
    await page.evaluate(() => navigator.clipboard.writeText('echo fir""st\u001b[201~\necho sec""ond\n'));
    // Whoever pastes before the prompt stands pastes into no shell that could tell a paste from keys.
    const cleared = async (word: string) => {
      await typeLine(page, `clear; echo cle""ared-${word}`);
      await lineWith(page, new RegExp(`^cleared-${word}$`));
      await prompt(page);
    };
    const pastes = { keys: pasteByKeys, button: () => page.click('[data-action="paste"]') };
    for (const [word, paste] of Object.entries(pastes)) {
      await cleared(word);
      await paste();
      await lineWith(page, /echo sec""ond$/);
      await page.keyboard.down('Control');
      await page.keyboard.press('KeyC');
      await page.keyboard.up('Control');
      // What is typed before bash has answered may still go to the line that it gives up.
      await lineWith(page, /^\/mnt\/data[$#]$/);
      await typeLine(page, 'echo af""ter');
      const shown = await lineWith(page, /^after$/);
      expect(shown.filter((line) => /^(first|second)/.test(line))).toEqual([]);
    }
    await session.send('Browser.resetPermissions');
  });

  it('has nothing that axe objects to, light and dark', async () => {
    for (const value of ['light', 'dark'] as const) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.waitForSelector(`html[data-theme="${value}"]`);
      expect(await violationsIn(page, 'main')).toEqual([]);
    }
  });

  it('has the keys that a phone lacks', async () => {
    // A touch screen means a page that is loaded again.
    await page.setViewport(PHONE);
    await page.waitForSelector('[data-part="keys"] [data-key="up"]', { visible: true });
    await prompt(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    await typeLine(page, 'echo by""key');
    await lineWith(page, /^bykey$/);
    await typeLine(page, 'clear; echo re""ady');
    await lineWith(page, /^ready$/);
    await page.click('[data-key="up"]');
    await page.click('[data-key="up"]');
    await page.keyboard.press('Enter');
    await lineWith(page, /^bykey$/);
    // A key that comes before the program does, or with the signal, is dropped by Linux.
    await typeLine(page, `clear; sh -c 'echo sle""eping; exec sleep 1000'`);
    await lineWith(page, /^sleeping$/);
    await page.click('[data-key="control"]');
    await page.keyboard.type('c');
    await prompt(page);
    await typeLine(page, 'echo wo""ken');
    await lineWith(page, /^woken$/);
  });

  it('is left by Ctrl+F6, and its tabs go by arrows', async () => {
    await page.click('[data-action="new"]');
    await prompt(page);
    await page.focus('.slot:not(.behind) textarea');
    await page.keyboard.down('Control');
    await page.keyboard.press('F6');
    await page.keyboard.up('Control');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tab');
    const before = await page.$eval('[data-part="tab"][aria-selected="true"]', (tab) => tab.textContent);
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (name) => document.querySelector('[data-part="tab"][aria-selected="true"]')?.textContent !== name,
      {},
      before,
    );
  });
});
