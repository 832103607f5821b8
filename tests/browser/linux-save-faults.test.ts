import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserName, Fixture } from '../support/box/extension.ts';
import { isWhole } from '../support/whole.ts';
import type { SavedMachinePage } from '../support/linux/saved-host.ts';
import { launchSavedMachines, openSavedMachine } from '../support/linux/saved-page.ts';

declare const savedMachine: SavedMachinePage;

/** What a program prints in the next host, which goes on from what is stored, and what is said of that. */
async function inNextHost(fixture: Fixture, code: string) {
  const page = await openSavedMachine(fixture);
  const isResumed = await page.evaluate(() => savedMachine.open());
  const { stdout, notices } = await page.evaluate((text) => savedMachine.run(text), code);
  await page.close();
  expect(isResumed).toBe(true);
  expect(notices.join()).toMatch(/goes on as it was saved \(.*202\d.*\/mnt\/data/);
  return stdout;
}

describe.each<BrowserName>(['chrome', 'firefox'])('a save that may go wrong in %s', (name) => {
  let fixture: Fixture;
  let page: Page;
  beforeAll(async () => {
    fixture = await launchSavedMachines(name, 'src/runners/linux/worker.ts');
  });
  afterAll(() => fixture.close());

  const run = (code: string) => page.evaluate((text) => savedMachine.run(text), code);
  const save = () => page.evaluate(() => savedMachine.save());
  const saved = async (code: string): Promise<void> => {
    page = await openSavedMachine(fixture);
    await page.evaluate(() => savedMachine.open());
    await run(code);
    expect(await save()).toBe('saved');
  };

  const whileStored = [
    'while it is stored',
    () => page.waitForFunction(() => savedMachine.isStoring(), { polling: 'raf' }),
  ] as const;
  const whenAsked = ['when it was asked for', () => Promise.resolve()] as const;
  // A browser may store the half of it, which both have to show. Before that nothing is the browser's: in one it is enough.
  test.each(isWhole || name === 'chrome' ? [whenAsked, whileStored] : [whileStored])(
    'because the page of the host is closed %s: what was saved before is whole',
    async (_title, moment) => {
      await saved('rm -f /root/other; echo 1 >/root/note');
      await run('echo 2 >/root/note; sync; echo 2 >/root/other');
      await page.evaluate(() => void savedMachine.save());
      await moment();
      await page.close();
      // The state before or the new one, and nothing between.
      expect(['1\n', '2\n2\n']).toContain(
        await inNextHost(fixture, 'cat /root/note; if [ -e /root/other ]; then cat /root/other; fi'),
      );
    },
  );

  // What a full disk does is the machine's, not the browser's: in one of them it is enough.
  if (name === 'firefox')
    test('does not, where its disk is full: also of what does not shrink it is saved, and again once that is gone', async () => {
      await saved('echo before >/root/note');
      const bytes = () => page.evaluate(() => savedMachine.savedBytes());
      const before = await bytes();
      const fill = (file: string) => `cat /dev/zero >/var/${file} 2>/tmp/said; tail -c 24 /tmp/said`;
      expect(
        (
          await run(
            `mount -t tmpfs none /tmp; head -c 2M /dev/urandom >/var/once; for n in {1..17}; do cat /var/once; done >/var/random; ${fill('rest')}`,
          )
        ).stdout,
      ).toBe('No space left on device\n');
      expect(await save()).toBe('saved');
      expect(Number(await bytes()) - Number(before)).toBeGreaterThan(32_000_000);
      const after = await run(
        `echo ours >/mnt/data/note; cat /root/note /mnt/data/note; rm /var/random; ${fill('more')}`,
      );
      expect(after.stdout).toBe('before\nours\nNo space left on device\n');
      // A disk full of zeros is small.
      expect(await save()).toBe('saved');
      await page.close();
      expect(
        await inNextHost(fixture, `cat /root/note; ${fill('still')}; rm /var/rest; echo y >/var/y; cat /var/y`),
      ).toBe('before\nNo space left on device\ny\n');
    }, 300_000);
});
