import type { Page } from 'puppeteer-core';

/** Presses what opens a file dialog and fills it. `files` are paths; one folder where the field takes a folder. */
export async function chooseFiles(
  page: Page,
  files: readonly string[],
  press: () => Promise<unknown> | undefined,
): Promise<void> {
  const opens = page.waitForFileChooser();
  // Keys and clicks reach the page by another way than DevTools' commands: on a busy machine they come first, and the
  // browser itself would answer the dialog. Once the page has answered this, it has taken the command before it, too.
  await page.evaluate(() => null);
  const [chooser] = await Promise.all([opens, press()]);
  await chooser.accept([...files]);
}
