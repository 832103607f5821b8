import type { Page } from 'puppeteer-core';

const IN_FRONT = '.slot:not(.behind)';

/** The lines that the terminal in front shows, without what is empty at their ends. */
export function shownLines(page: Page): Promise<readonly string[]> {
  return page.$$eval(`${IN_FRONT} .xterm-rows > div`, (rows) =>
    rows.map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()),
  );
}

/** Settles when a line of the terminal in front matches; gives all of them. */
export async function lineWith(page: Page, pattern: RegExp): Promise<readonly string[]> {
  await page.waitForFunction(
    (front, source, flags) => {
      const wanted = new RegExp(source, flags);
      return [...document.querySelectorAll(`${front} .xterm-rows > div`)].some((row) =>
        wanted.test((row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()),
      );
    },
    { timeout: 60_000 },
    IN_FRONT,
    pattern.source,
    pattern.flags,
  );
  return shownLines(page);
}

/** Settles when the terminal in front waits at its prompt in a folder. */
export const prompt = (page: Page, folder = '/mnt/data'): Promise<readonly string[]> =>
  lineWith(page, new RegExp(`^${folder}[$#]`));

/** Types a line into the terminal in front. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.focus(`${IN_FRONT} textarea`);
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Closes every terminal of the page. */
export async function closeTerminals(page: Page): Promise<void> {
  for (;;) {
    const left = await page.$$('[data-part="tab"]');
    if (left.length === 0) return;
    await page.click('[data-action="close"]');
    await page.waitForFunction(
      (count) => document.querySelectorAll('[data-part="tab"]').length < count,
      {},
      left.length,
    );
  }
}
