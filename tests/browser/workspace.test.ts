import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainBrowsers } from '../support/browsers/plain-browsers.ts';
import { FILES_CASES } from '../support/files-contract.ts';
import { type ServedPage, serveWorkspacePage } from '../support/workspace/serve-page.ts';

interface InPage {
  readonly workspaceTest: {
    runCase(name: string): Promise<string>;
    timeSmallFiles(count: number, bytes: number): Promise<{ writeMs: number; readMs: number; count: number }>;
    largeFile(megabytes: number): Promise<{ writeMs: number; sizeBytes: number; isSame: boolean }>;
    putText(session: string, path: string, text: string): Promise<boolean>;
    listing(session: string): Promise<string[]>;
    reopen(): void;
    stored(): Promise<string[]>;
    watched(): Promise<string[]>;
    flush(session: string): Promise<boolean>;
  };
}

describe.each(['Chromium', 'Firefox'] as const)('files in %s', (name) => {
  let served: ServedPage;
  let browser: Browser;
  let page: Page;

  const open = async () => {
    page = await browser.newPage();
    await page.goto(served.url);
    await page.waitForFunction('globalThis.workspaceTest !== undefined');
  };
  beforeAll(async () => {
    served = await serveWorkspacePage();
    browser = await plainBrowsers[name]();
    await open();
  });
  afterAll(async () => {
    await browser.close();
    await served[Symbol.asyncDispose]();
  });

  test.each(FILES_CASES.map((one) => one.name))('%s', async (one) => {
    const result = await page.evaluate(
      (wanted) => (globalThis as unknown as InPage).workspaceTest.runCase(wanted),
      one,
    );
    expect(result).toBe('ok');
  });

  test('files are there again after the page and its worker are gone', async () => {
    const put = () =>
      page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.putText('keep', 'a:b.txt', 'kept'));
    expect(await put()).toBe(true);
    await page.close();
    await open();
    const list = await page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.listing('keep'));
    expect(list).toEqual(['a:b.txt 4']);
  });

  test('a watcher hears of what changed in its session, in order, and of nothing else', async () => {
    const heard = await page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.watched());
    expect(heard).toEqual(['mkdir d', 'write d/a', 'rename d/a']);
  });

  test('what was written can be put on the disk', async () => {
    const done = await page.evaluate(async () => {
      const { workspaceTest } = globalThis as unknown as InPage;
      await workspaceTest.putText('flushed', 'a', 'x');
      return workspaceTest.flush('flushed');
    });
    expect(done).toBe(true);
  });

  test('session names never become folder names', async () => {
    const names = await page.evaluate(async () => {
      const { workspaceTest } = globalThis as unknown as InPage;
      for (const session of ['../..', 'a/b', '.', 'con', 'x'.repeat(250)])
        await workspaceTest.putText(session, 'f', 'x');
      return workspaceTest.stored();
    });
    expect(names.every((stored) => /^[0-9a-f]{32}$/.test(stored))).toBe(true);
  });

  test('a thousand small files are written, read and listed', async () => {
    const figures = await page.evaluate(() =>
      (globalThis as unknown as InPage).workspaceTest.timeSmallFiles(1_000, 1_024),
    );
    console.info(
      `${name}: 1000 x 1 KiB written ${Math.round(figures.writeMs)} ms, read ${Math.round(figures.readMs)} ms`,
    );
    expect(figures.count).toBe(1_000);
  });

  test('a file of 100 MB is whole', async () => {
    const figures = await page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.largeFile(100));
    console.info(`${name}: 100 MiB written in ${Math.round(figures.writeMs)} ms`);
    expect(figures).toMatchObject({ sizeBytes: 100 * 1024 * 1024, isSame: true });
  });
});
