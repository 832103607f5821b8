import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer-core';
import { closeTerminals, lineWith, prompt, typeLine } from '../browsers/index.ts';

/** The tool pack in the window of machines of a page with terminals, as a person handles it; files that are chosen lie in `folder`. */
export function toolPackPage(page: () => Page, folder: string) {
  const open = async (): Promise<void> => {
    await page().click('[data-action="machines"]');
    await page().waitForSelector('[data-part="tool-pack"]');
  };
  const close = () => page().click('.dialog-head [data-action="close"]');
  return {
    open,
    close,
    async choose(name: string, bytes: Uint8Array): Promise<void> {
      const path = join(folder, name);
      await writeFile(path, bytes);
      const field = (await page().$('[data-part="tools-field"]')) as ElementHandle<HTMLInputElement> | null;
      await field?.uploadFile(path);
    },
    /** What it says once it is so. */
    inState: (state: 'absent' | 'added') =>
      page()
        .waitForSelector(`[data-part="tool-pack"][data-state="${state}"]`)
        .then((part) => part?.evaluate((one) => one.textContent)),
    /** Ends the machine of the conversation, so that the next terminal is in one that starts. */
    async stop(): Promise<void> {
      await closeTerminals(page());
      await open();
      await page().click('[data-machine=""] [data-action="stop-machine"]');
      await page().waitForSelector('[data-machine=""][data-state="stopped"]');
    },
    async inNewTerminal(line: string, answer: RegExp): Promise<void> {
      await close();
      await page().click('[data-action="new"]');
      await prompt(page());
      await typeLine(page(), `clear; ${line}`);
      await lineWith(page(), answer);
    },
  };
}
