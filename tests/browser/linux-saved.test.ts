import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserName, Fixture } from '../support/box/extension.ts';
import type { SavedMachinePage } from '../support/linux/saved-host.ts';
import { launchSavedMachines, openSavedMachine } from '../support/linux/saved-page.ts';

declare const savedMachine: SavedMachinePage;

describe.each<BrowserName>(['chrome', 'firefox'])('a full machine in %s', (name) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await launchSavedMachines(name, 'tests/support/linux/quick-rest.ts');
  });
  afterAll(() => fixture.close());

  test('rests, goes on, is saved with little, and is what the host goes on from after its page was closed', async () => {
    const page = await openSavedMachine(fixture);
    const before = await page.evaluate(async () => {
      const isResumed = await savedMachine.open();
      const { stdout } = await savedMachine.run(
        'mkdir -p /root/p; cd /root/p; git init -q; echo mine >note; git add note; export LOUD="a b"; greet() { echo "hi $1"; }; echo ours >/mnt/data/note; python3 -c "print(6*7)"',
      );
      return { isResumed, stdout };
    });
    expect(before).toEqual({ isResumed: false, stdout: '42\n' });
    await page.waitForFunction(async () => savedMachine.isResting() && (await savedMachine.savedBytes()) !== null, {
      polling: 50,
    });
    const woken = await page.evaluate(async () => ({
      bytes: await savedMachine.savedBytes(),
      run: await savedMachine.run('pwd; greet you; cat /mnt/data/note'),
    }));
    expect(woken.run.stdout).toBe('/root/p\nhi you\nours\n');
    expect(woken.bytes).toBeLessThan(1_000_000);
    await page.close();
    const next = await openSavedMachine(fixture);
    const after = await next.evaluate(async () => ({
      isResumed: await savedMachine.open(),
      run: await savedMachine.run(
        'pwd; echo $LOUD; greet you; git status --short; ls -A /mnt/data; echo $EPOCHSECONDS',
      ),
    }));
    // The workspace of the second page is another one, and empty.
    const [seconds, ...lines] = after.run.stdout.trimEnd().split('\n').reverse();
    expect({ isResumed: after.isResumed, lines: lines.reverse() }).toEqual({
      isResumed: true,
      lines: ['/root/p', 'a b', 'hi you', 'A  note'],
    });
    expect(Math.abs(Number(seconds) * 1000 - Date.now())).toBeLessThan(60_000);
    console.info(
      name,
      JSON.stringify({ bytes: woken.bytes, wokenMs: woken.run.firstMs, resumedFirstMs: after.run.firstMs }),
    );
  });
});
