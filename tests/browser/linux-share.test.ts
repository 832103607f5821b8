import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainBrowsers } from '../support/browsers/plain-browsers.ts';
import type { GuestTask } from '../support/share/share-worker.ts';
import { type ServedPage, serveWorkspacePage } from '../support/workspace/serve-page.ts';

interface InPage {
  readonly shareTest: {
    mount(session: string): Promise<void>;
    guest(task: GuestTask): Promise<unknown>;
    put(session: string, path: string, text: string): Promise<boolean>;
    sizes(session: string): Promise<readonly number[]>;
    idle(): Promise<number>;
  };
}

describe.each(['Chromium', 'Firefox'] as const)("a machine's files over a port, with the store of %s", (name) => {
  let served: ServedPage;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    served = await serveWorkspacePage(undefined, {
      '/page.js': 'tests/support/share/page-script.ts',
      '/share-worker.js': 'tests/support/share/share-worker.ts',
    });
    browser = await plainBrowsers[name]();
    page = await browser.newPage();
    await page.goto(served.url);
    await page.waitForFunction('globalThis.shareTest !== undefined');
  });
  afterAll(async () => {
    await browser.close();
    await served[Symbol.asyncDispose]();
  });

  const mount = (session: string) =>
    page.evaluate((named) => (globalThis as unknown as InPage).shareTest.mount(named), session);
  const guest = (kind: GuestTask['kind'], path: string, text?: string) =>
    page.evaluate((task) => (globalThis as unknown as InPage).shareTest.guest(task), {
      kind,
      path,
      ...(text !== undefined && { text }),
    });
  const put = (session: string, path: string, text: string) =>
    page.evaluate((...args) => (globalThis as unknown as InPage).shareTest.put(...args), session, path, text);
  const idle = () => page.evaluate(() => (globalThis as unknown as InPage).shareTest.idle());
  const sizes = (session: string) =>
    page.evaluate((named) => (globalThis as unknown as InPage).shareTest.sizes(named), session);

  test('what others write is there at once, in open files too, and what the guest writes is in the store', async () => {
    await put('both', 'n.txt', 'one');
    await mount('both');
    await guest('hold', 'n.txt');
    expect(await guest('held', '')).toBe('one');
    await put('both', 'n.txt', 'three');
    expect(await guest('held', '')).toBe('three');
    await put('both', 'new.txt', 'x');
    expect(await guest('names', '')).toEqual(['n.txt', 'new.txt']);
    await guest('put', 'mine.txt', 'guest');
    await idle();
    expect(await sizes('both')).toEqual([5, 1, 5]);
    await mount('both');
    expect(await guest('text', 'mine.txt')).toBe('guest');
  });

  test('200 small files and one of 10 MB are all there', async () => {
    await mount('many');
    await guest('small', 'sm');
    await idle();
    expect((await sizes('many')).length).toBe(200);
    await guest('large', 'big');
    await idle();
    expect(await sizes('many')).toContain(40 * 262_120);
  });
});
