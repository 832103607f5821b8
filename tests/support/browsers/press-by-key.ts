import type { Page } from 'puppeteer-core';

/**
 * Presses a button, a switch or a summary of one of our own pages by the keyboard. What such a page learns meanwhile moves the
 * parts below it, and a click would land on what stands there now.
 */
export async function pressByKey(page: Page, selector: string): Promise<void> {
  await page.focus(selector);
  // By its character: the name of the key is unknown to Firefox's driver.
  await page.keyboard.press(' ');
}
