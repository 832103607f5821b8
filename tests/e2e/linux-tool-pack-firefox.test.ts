import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { expectCleanSite, type FirefoxUnderTest, launchFirefox, prompt } from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { extensionWithPack } from '../support/linux/extension-with-pack.ts';
import { toolPackPage } from '../support/linux/tool-pack-page.ts';
import { bytesOfPack, smallToolPack } from '../support/linux/tool-pack.ts';
import { type Site, startSite } from '../support/site/index.ts';
import { removeFolder } from '../support/temporary-folder.ts';
import { testFolder } from '../support/test-folder.ts';

describe('the tool pack in Firefox', () => {
  let site: Site;
  let firefox: FirefoxUnderTest;
  let extension: string;
  let pack: { readonly name: string; readonly bytes: Uint8Array };
  const folder = testFolder('tool-pack-firefox');

  beforeAll(async () => {
    needsLinuxImage();
    await ensureBuilt('firefox');
    const built = await smallToolPack();
    pack = { name: built.row.name, bytes: await bytesOfPack(built) };
    extension = extensionWithPack(built.row, pack.bytes, 'firefox-mv3');
    site = await startSite({});
    firefox = await launchFirefox({ extension, site });
  }, 300_000);
  afterAll(async () => {
    await firefox.close();
    await site.close();
    await removeFolder(join(import.meta.dirname, '../..', extension));
  });

  it('is offered, refused where it differs, added, and there for the first program of a machine that starts then', {
    timeout: 240_000,
  }, async () => {
    const page: Page = await firefox.extensionPage('ide.html?session=tools');
    await prompt(page);
    const { open, choose, inState, stop, inNewTerminal } = toolPackPage(() => page, folder);
    await open();
    expect(await inState('absent')).toContain(`Not added. Its file is ${pack.name}`);
    await choose(
      'changed.pack',
      pack.bytes.map((byte, at) => (at === pack.bytes.length - 1 ? byte ^ 1 : byte)),
    );
    await page.waitForSelector('[data-part="tool-pack"] [data-code="pack/damaged"]');
    await choose('mine.pack', pack.bytes);
    expect(await inState('added')).toMatch(/Added, .* on this device/);
    await page.click('.dialog-head [data-action="close"]');
    await stop();
    await inNewTerminal('tmux -V; strace -o /tmp/calls true; grep -c exit_group /tmp/calls', /^tmux 3\.3a$/);
    await page.close();
    expectCleanSite(site, firefox.problems);
  });
});
