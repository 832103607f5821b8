import { describe, expect, test } from 'vitest';
import { BROWSERS, type ChurnPage, launchOver, leftIn, openPage, somewhere } from '../support/workspace/deaths.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { times } from '../support/whole.ts';
import { serveWorkspacePage } from '../support/workspace/serve-page.ts';

const DEATHS = times(20, 6);

describe.each(BROWSERS)('deaths in %s', (name) => {
  test(`a worker that is ended ${DEATHS} times in its work has kept what it answered`, async () => {
    await using profile = createTemporaryFolder('deaths');
    const served = await serveWorkspacePage();
    const browser = await launchOver(name, profile.path);
    try {
      const page = await openPage(browser, served);
      for (let death = 0; death < DEATHS; death += 1) {
        const answered = await page.evaluate(
          (session, count) => (globalThis as unknown as ChurnPage).workspaceTest.churnUntilKilled(session, count),
          `worker-${death}`,
          somewhere(120),
        );
        const left = await leftIn(page, `worker-${death}`);
        expect(left.torn).toEqual([]);
        expect(left.found).toEqual(expect.arrayContaining(answered));
      }
    } finally {
      await browser.close();
      await served[Symbol.asyncDispose]();
    }
  });
});
