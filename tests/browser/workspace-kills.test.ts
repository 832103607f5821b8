import { describe, expect, test } from 'vitest';
import {
  BROWSERS,
  type ChurnPage,
  killBrowser,
  launchOver,
  leftIn,
  openPage,
  somewhere,
} from '../support/workspace/deaths.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { times } from '../support/whole.ts';
import { serveWorkspacePage } from '../support/workspace/serve-page.ts';

const DEATHS = times(20, 4);

describe.concurrent.each(BROWSERS)('%s', (name) => {
  test(`killed ${DEATHS} times in its work, it has kept what was answered, and nothing half`, {
    timeout: 400_000,
  }, async () => {
    await using profile = createTemporaryFolder('deaths');
    let onTold: (path: string) => void = () => undefined;
    const served = await serveWorkspacePage((path) => onTold(path));
    const answered: number[][] = [];
    try {
      for (let death = 0; death <= DEATHS; death += 1) {
        const browser = await launchOver(name, profile.path);
        const page = await openPage(browser, served);
        // The last one, and one of those that survived more than one death.
        for (const earlier of [death - 1, death - 5].filter((round) => round >= 0)) {
          const left = await leftIn(page, `browser-${earlier}`);
          expect(left.torn).toEqual([]);
          expect(left.found).toEqual(expect.arrayContaining(answered[earlier] ?? []));
        }
        if (death === DEATHS) {
          await browser.close();
          break;
        }
        const done: number[] = [];
        const wanted = somewhere(120);
        const enough = new Promise<void>((resolve, reject) => {
          onTold = (path) => {
            if (path.startsWith('/failed/')) reject(new Error(decodeURIComponent(path)));
            done.push(Number(path.split('/').at(-1)));
            if (done.length >= wanted) resolve();
          };
        });
        await page.evaluate(
          (session) => (globalThis as unknown as ChurnPage).workspaceTest.churnForEver(session),
          `browser-${death}`,
        );
        await enough;
        await killBrowser(browser);
        onTold = () => undefined;
        answered.push(done);
      }
    } finally {
      await served[Symbol.asyncDispose]();
    }
  });
});
