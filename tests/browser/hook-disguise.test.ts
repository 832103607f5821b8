import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserName, type HookBrowser, openHookBrowser } from './support/hook-browser.ts';
import { describeNatives } from './support/native-looks.ts';

/**
 * What a page that looks on purpose can still tell, and no trap of a proxy could hide: the long deprecated
 * `arguments` of a function object answers with another error.
 */
function withoutKnown(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !/: arguments(, stack)?$/.test(name)));
}

describe.each(['chrome', 'firefox'] as const)('the page in %s cannot tell by its natives', (name: BrowserName) => {
  let hooked: HookBrowser;
  let plain: HookBrowser;
  let page: Page;
  let plainPage: Page;

  beforeAll(async () => {
    [hooked, plain] = await Promise.all([openHookBrowser(name), openHookBrowser(name, { hasExtension: false })]);
    [page, plainPage] = await Promise.all([hooked.open(), plain.open()]);
  });
  afterAll(() => Promise.all([hooked.close(), plain.close()]));

  test('looks, descriptors, errors and texts are those of a browser without the extension', async () => {
    const seen = await page.evaluate(describeNatives);
    const want = await plainPage.evaluate(describeNatives);
    expect(Object.keys(want).length).toBeGreaterThan(250);
    expect(withoutKnown(seen)).toEqual(withoutKnown(want));
  });

  test('the hook was there before the first script of the document', async () => {
    const first = 'first' as keyof Window;
    expect(await page.evaluate((key) => JSON.stringify(window[key]), first)).toBe(
      await plainPage.evaluate((key) => JSON.stringify(window[key]), first),
    );
  });

  test('frames of the page, of its site and empty ones, keep their own natives', async () => {
    const look = (): Promise<string[]> =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = '/frame';
        frame.onload = () => {
          const inner = frame.contentWindow as unknown as typeof globalThis;
          const facts = [inner.fetch, inner.WebSocket, inner.XMLHttpRequest].map((native) =>
            inner.Function.prototype.toString.call(native),
          );
          frame.remove();
          resolve(facts);
        };
        document.body.append(frame);
      });
    expect(await page.evaluate(look)).toEqual(await plainPage.evaluate(look));
  });

  test('a failing request nobody looks at still reports to the page', async () => {
    const run = (): Promise<string> => (window as unknown as { failing(): Promise<string> }).failing();
    expect(await page.evaluate(run)).toBe(await plainPage.evaluate(run));
  });
});
