import type { Page } from 'puppeteer-core';
import { until } from '../until.ts';

/**
 * Opens a page of an extension in Firefox, which loads it and never reports that to WebDriver: what the page says of itself
 * is waited for, for as long as a busy machine may need.
 */
export async function openUnreported(page: Page, url: string): Promise<void> {
  let refused: unknown = null;
  // Without an end of its own: whoever closes the page ends it.
  void page.goto(url, { timeout: 0 }).catch((error: unknown) => (refused = error));
  await until(async () => {
    const isLoaded = await page.evaluate(
      // What stands behind '#' is the page's own to change.
      (wanted) => location.href.split('#', 1)[0] === wanted && document.readyState === 'complete',
      url,
    );
    if (!isLoaded) throw new Error(`${url} is not loaded`, { cause: refused });
  });
}
