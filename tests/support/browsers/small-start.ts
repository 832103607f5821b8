import type { Page } from 'puppeteer-core';

/** What `chooseSmallStart` sets. */
export const SMALL_START = { pythonStart: 'base' };

/** In a page of the extension: these settings, and all others as they come. */
export const chooseSettings = (page: Page, values: Readonly<Record<string, unknown>>): Promise<void> =>
  page.evaluate(async (chosen) => {
    const { chrome } = globalThis as unknown as {
      chrome: { storage: { local: { set(values: unknown): Promise<void> } } };
    };
    await chrome.storage.local.set({ settings: { version: 1, values: chosen } });
  }, values);

/**
 * In a page of the extension, the setting by which a device with little memory is treated as such: Python starts without its
 * packages, and Linux is the small one.
 */
export const chooseSmallStart = (page: Page): Promise<void> => chooseSettings(page, SMALL_START);
