import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import { ensureBuilt } from '../../tools/build.ts';
import type { BuiltToolPack } from '../../tools/linux/tool-pack.ts';
import {
  type ChromiumUnderTest,
  closeTerminals,
  expectCleanSite,
  launchChromium,
  lineWith,
  prompt,
  typeLine,
  violationsIn,
} from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { extensionWithPack } from '../support/linux/extension-with-pack.ts';
import { toolPackPage } from '../support/linux/tool-pack-page.ts';
import { bytesOfPack, smallToolPack } from '../support/linux/tool-pack.ts';
import { expectNoOrphans } from '../support/no-orphans.ts';
import { type Site, startSite } from '../support/site/index.ts';
import { removeFolder } from '../support/temporary-folder.ts';
import { testFolder } from '../support/test-folder.ts';

const PHONE = { width: 360, height: 740 };

describe('the tool pack', () => {
  let site: Site;
  let chromium: ChromiumUnderTest;
  const folder = testFolder('tool-pack');
  let extension: string;
  let built: BuiltToolPack;
  let page: Page;

  beforeAll(async () => {
    needsLinuxImage();
    await ensureBuilt('chrome');
    built = await smallToolPack();
    extension = extensionWithPack(built.row, await bytesOfPack(built));
    site = await startSite({});
    chromium = await launchChromium({ extension, site, isCalm: true });
  }, 300_000);
  afterAll(async () => {
    await expectNoOrphans(chromium);
    await chromium.close();
    await site.close();
    await removeFolder(join(import.meta.dirname, '../..', extension));
  });
  beforeEach(async () => {
    page = await chromium.extensionPage('ide.html?session=tools');
    await prompt(page);
  });
  afterEach(async () => {
    await page.close();
    expectCleanSite(site, chromium.problems);
  });

  const { open, close, choose, inState, stop, inNewTerminal } = toolPackPage(() => page, folder);
  const failure = async (code: keyof typeof FAILURES) => {
    const panel = await page.waitForSelector(`[data-part="tool-pack"] [data-part="failure"][data-code="${code}"]`);
    const text = await panel?.evaluate((part) => part.textContent);
    expect(text).toContain(FAILURES[code].title);
    return text;
  };
  it('is not added where that is cancelled, by keys alone, and nothing of its file stays', async () => {
    await open();
    await inState('absent');
    // A slow device: its second piece comes when the test says so.
    const slow = await page.evaluateHandle(() => {
      const second = Promise.withResolvers<void>();
      const read = Blob.prototype.arrayBuffer;
      let reads = 0;
      Blob.prototype.arrayBuffer = async function (this: Blob) {
        reads += 1;
        if (reads === 2) await second.promise;
        return read.call(this);
      };
      return {
        arrive() {
          Blob.prototype.arrayBuffer = read;
          second.resolve();
        },
      };
    });
    await page.focus('[data-action="add-tools"]');
    await choose('slow.pack', await bytesOfPack(built));
    await page.waitForSelector('[data-action="cancel-tools"]:focus');
    await page.waitForFunction(
      () => (document.querySelector<HTMLProgressElement>('.tool-pack progress')?.value ?? 0) > 0,
    );
    expect(await violationsIn(page, '.dialog')).toEqual([]);
    await page.keyboard.press('Enter');
    await slow.evaluate((device) => device.arrive());
    expect(await inState('absent')).toContain('Not added');
    await page.waitForSelector('[data-action="add-tools"]:focus');
    const files = await page.evaluate(async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('tool-pack');
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    });
    expect(files).toEqual([]);
    await close();
    await closeTerminals(page);
  });

  it('is added from its file alone, is there in machines that start then, and goes again', {
    timeout: 240_000,
  }, async () => {
    const bytes = await bytesOfPack(built);
    await open();
    expect(await inState('absent')).toContain(`Not added. Its file is ${built.row.name}`);
    await choose('holiday.pack', bytes.subarray(1));
    expect(await failure('pack/wrong-file')).toContain(
      `holiday.pack has ${bytes.length - 1} bytes; this extension takes ${built.row.name} (${bytes.length} bytes, SHA-256 ${built.row.sha256})`,
    );
    await choose(
      'changed.pack',
      bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
    );
    expect(await failure('pack/damaged')).toContain(`changed.pack differs from ${built.row.name}`);
    expect(await inState('absent')).toContain('Not added');
    await choose('renamed.bin.pack', bytes);
    expect(await inState('added')).toMatch(/Added, .* on this device/);
    expect(await page.$('[data-part="tool-pack"] [data-part="failure"]')).toBeNull();
    await close();

    await stop();
    await inNewTerminal('type -P strace; tmux -V', /^tmux 3\.3a$/);
    await lineWith(page, /^\/opt\/tools\/bin\/strace$/);
    await open();
    await page.click('[data-action="remove-tools"]');
    expect(await inState('absent')).toContain('until the machines that use it are stopped');
    // That machine goes on with what it has.
    await close();
    await typeLine(page, 'clear; echo 3 >/proc/sys/vm/drop_caches; strace -o /tmp/calls true && echo traced');
    await lineWith(page, /^traced$/);

    await stop();
    await page.waitForFunction(
      () => document.querySelector('[data-part="tool-pack-state"]')?.textContent?.includes('until') === false,
    );
    await inNewTerminal('strace true', /strace: command not found/);
  });

  it('is kept over a host that ended', { timeout: 120_000 }, async () => {
    // While no machine stands: nothing that is on its way is taken for what can go.
    await stop();
    await choose('tools.pack', await bytesOfPack(built));
    expect(await inState('added')).not.toContain('until the machines');
    await page.close();
    await chromium.endHost();
    page = await chromium.extensionPage('ide.html?session=tools');
    await prompt(page);
    await typeLine(page, 'clear; tmux -V');
    await lineWith(page, /^tmux 3\.3a$/);
    await open();
    expect(await inState('added')).toContain('Added');
    await close();
    await closeTerminals(page);
  });

  it('has nothing that axe objects to, light and dark, and fits a phone', async () => {
    await page.setViewport(PHONE);
    await open();
    await choose('other.pack', new Uint8Array(10));
    await failure('pack/wrong-file');
    for (const value of ['light', 'dark'] as const) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.waitForSelector(`html[data-theme="${value}"]`);
      expect(await violationsIn(page, '.dialog')).toEqual([]);
      const width = await page.$eval('.dialog', (dialog) => dialog.scrollWidth - dialog.clientWidth);
      expect(width).toBe(0);
    }
    await close();
    await closeTerminals(page);
  });
});
