import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserName, type Fixture, launchFixture } from '../support/box/extension.ts';
import { bundleScript } from '../support/bundle-script.ts';
import { workerScriptOf } from '../support/kit/node-source.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import type { SavedMachinePage } from '../support/linux/saved-host.ts';

declare const savedMachine: SavedMachinePage;

const ROOT = join(import.meta.dirname, '../..');

describe.each<BrowserName>(['chrome', 'firefox'])('a full machine in %s', (name) => {
  let fixture: Fixture;
  beforeAll(async () => {
    needsLinuxImage();
    fixture = await launchFixture(name);
    const put = (file: string, text: string): Promise<void> => writeFile(join(fixture.dir, file), text);
    await put('linux-worker.js', await workerScriptOf('tests/support/linux/quick-rest.ts'));
    await put('saved-host.js', await bundleScript(join(ROOT, 'tests/support/linux/saved-host.ts')));
    await put('saved-host.html', '<!doctype html><meta charset="utf-8"><body><script src="/saved-host.js"></script>');
    await mkdir(join(fixture.dir, 'vendor'), { recursive: true });
    await cp(join(ROOT, 'public/vendor/linux'), join(fixture.dir, 'vendor/linux'), { recursive: true });
  });
  afterAll(() => fixture.close());

  const ready = (page: Page) => page.waitForFunction('globalThis.savedMachine !== undefined', { polling: 50 });

  test('rests, goes on, is saved with little, and is what the host goes on from after its page was closed', async () => {
    const page = await fixture.open('saved-host.html');
    await ready(page);
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
    const next = await fixture.open('saved-host.html');
    await ready(next);
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
