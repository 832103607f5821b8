import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { type BrowserName, type Fixture, launchFixture } from '../box/extension.ts';
import { bundleScript } from '../bundle-script.ts';
import { workerScriptOf } from '../kit/node-source.ts';
import { needsLinuxImage } from '../linux-image.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** A browser with an extension of which each page is a host with one full machine; `worker` is the machine's script. */
export async function launchSavedMachines(name: BrowserName, worker: string): Promise<Fixture> {
  needsLinuxImage();
  const fixture = await launchFixture(name);
  const put = (file: string, text: string): Promise<void> => writeFile(join(fixture.dir, file), text);
  await put('linux-worker.js', await workerScriptOf(worker));
  await put('saved-host.js', await bundleScript(join(ROOT, 'tests/support/linux/saved-host.ts')));
  await put('saved-host.html', '<!doctype html><meta charset="utf-8"><body><script src="/saved-host.js"></script>');
  await mkdir(join(fixture.dir, 'vendor'), { recursive: true });
  await cp(join(ROOT, 'public/vendor/linux'), join(fixture.dir, 'vendor/linux'), { recursive: true });
  return fixture;
}

/** A new host; the one before must be closed. */
export async function openSavedMachine(fixture: Fixture): Promise<Page> {
  const page = await fixture.open('saved-host.html');
  await page.waitForFunction('globalThis.savedMachine !== undefined', { polling: 50 });
  return page;
}
