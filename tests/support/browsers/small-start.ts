import type { Page } from 'puppeteer-core';

/**
 * In a page of the extension, the setting by which a device with little memory is treated as such: Python starts without its
 * packages, and Linux is the small one.
 */
export const chooseSmallStart = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { chrome } = globalThis as unknown as {
      chrome: { storage: { local: { set(values: unknown): Promise<void> } } };
    };
    await chrome.storage.local.set({ settings: { version: 1, values: { pythonStart: 'base' } } });
  });
