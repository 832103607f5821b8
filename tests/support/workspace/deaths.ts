import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { browserProgram, chromiumPrograms, firefoxPrograms } from '../browsers/extension-under-test.ts';
import type { ChurnLeft } from './churn.ts';
import type { ServedPage } from './serve-page.ts';

export const BROWSERS = ['Chromium', 'Firefox'] as const;

/** What `page-script.ts` offers to those who drive it to death. */
export interface ChurnPage {
  readonly workspaceTest: {
    churnUntilKilled(session: string, afterAnswers: number): Promise<number[]>;
    churnForEver(session: string): void;
    left(session: string): Promise<ChurnLeft>;
  };
}

/** Over a profile that may have been left by a browser that was killed. */
export async function launchOver(name: (typeof BROWSERS)[number], userDataDir: string): Promise<Browser> {
  if (name === 'Chromium') {
    return launch({
      executablePath: browserProgram('CHROMIUM', chromiumPrograms, 'chromium'),
      pipe: true,
      userDataDir,
      // A killed one leaves the folder of its lock behind: so it goes with the profile.
      env: { ...process.env, TMPDIR: userDataDir },
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
    });
  }
  // The driver puts this file aside while the browser runs, and cannot put it back after a kill.
  await writeFile(join(userDataDir, 'user.js'), '');
  const executablePath = browserProgram('FIREFOX', firefoxPrograms, 'firefox-esr');
  return launch({ browser: 'firefox', executablePath, userDataDir });
}

/** Any number, another one each round and each run of the tests. */
export const somewhere = (most: number): number => 1 + Math.floor(Math.random() * most);

export async function openPage(browser: Browser, served: ServedPage): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(served.url);
  await page.waitForFunction('globalThis.workspaceTest !== undefined');
  return page;
}

export function leftIn(page: Page, session: string): Promise<ChurnLeft> {
  return page.evaluate((name) => (globalThis as unknown as ChurnPage).workspaceTest.left(name), session);
}

export async function killBrowser(browser: Browser): Promise<void> {
  const process = browser.process();
  if (process === null) throw new Error('the browser is no process of ours');
  const gone = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await gone;
}
