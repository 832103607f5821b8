import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserName, Fixture } from '../box/extension.ts';
import type { SavedMachinePage } from '../linux/saved-host.ts';
import { launchSavedMachines, openSavedMachine } from '../linux/saved-page.ts';
import { CONTAINER_CASES, type ContainerCase } from './cases.ts';

declare const savedMachine: SavedMachinePage;

/** The container suite in a browser: programs in a machine of this image in the product's box, and what a session makes of one. */
export function describeContainerIn(
  browser: BrowserName,
  image: 'full' | 'small',
  which: (one: ContainerCase) => boolean,
): void {
  describe(`programs of a container in ${browser}, the ${image} image`, () => {
    let fixture: Fixture;
    let page: Page;
    beforeAll(async () => {
      fixture = await launchSavedMachines(browser, 'tests/support/container/suite-worker.ts');
      page = await openSavedMachine(fixture);
      await page.evaluate((of) => savedMachine.open(of), image);
    });
    afterAll(() => fixture.close());

    test.for(CONTAINER_CASES.filter(which))('$name', async ({ name, expected }) => {
      const outcome = await page.evaluate((given) => savedMachine.outcome(given), name);
      expect(outcome).toEqual(expect.objectContaining({ kind: 'completed', result: JSON.stringify(expected) }));
    });
  });

  describe(`a container of a session in ${browser}`, () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await launchSavedMachines(browser, 'src/runners/linux/worker.ts');
    });
    afterAll(() => fixture.close());

    test('has files both ways, is saved and goes on', async () => {
      const page = await openSavedMachine(fixture);
      const first = await page.evaluate(async () => {
        await savedMachine.open();
        await savedMachine.writeFile('given.txt', 'from outside\n');
        const { stdout } = await savedMachine.run(
          'cat given.txt; echo from inside >made.txt; head -c 3000000 /dev/zero >large; cd /root; echo mine >note; kept="a b"',
        );
        const made = [await savedMachine.readFile('made.txt'), (await savedMachine.readFile('large')).length];
        await savedMachine.writeFile('given.txt', 'changed outside\n');
        const { stdout: seen } = await savedMachine.run('cat /mnt/data/given.txt; rm /mnt/data/large; ls /mnt/data');
        return { stdout, made, seen, saved: await savedMachine.save() };
      });
      expect(first).toEqual({
        stdout: 'from outside\n',
        made: ['from inside\n', 3_000_000],
        seen: 'changed outside\ngiven.txt\nmade.txt\n',
        saved: 'saved',
      });
      await page.close();
      const next = await openSavedMachine(fixture);
      const found = await next.evaluate(async () => [
        await savedMachine.open(),
        (await savedMachine.run('pwd; echo "$kept"; cat note; ls /mnt/data')).stdout,
      ]);
      // The files are those of a workspace, which the second page has another of.
      expect(found).toEqual([true, '/root\na b\nmine\n']);
    });
  });
}
