import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { savedGuest } from '../javascript/saved-guest.ts';
import { type BrowserName, type Fixture, launchFixture } from '../box/extension.ts';
import { bundleScript } from '../bundle-script.ts';
import { workerScriptOf } from '../kit/node-source.ts';
import { workerScript } from '../python/node-engine.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The box fixture with the network gate, and JavaScript, Python and Linux at it. */
export async function launchNetwork(name: BrowserName): Promise<Fixture & { readonly page: Page }> {
  const fixture = await launchFixture(name);
  const put = (file: string, text: string): Promise<void> => writeFile(join(fixture.dir, file), text);
  await put('javascript-worker.js', await workerScriptOf('src/runners/javascript/worker.ts'));
  await writeFile(join(fixture.dir, 'javascript-guest.memory'), await savedGuest());
  await put('python-worker.js', await workerScript());
  await put('linux-worker.js', await workerScriptOf('src/runners/linux/worker.ts'));
  await put('network-host.js', await bundleScript(join(import.meta.dirname, 'browser-host.ts')));
  await mkdir(join(fixture.dir, 'vendor'), { recursive: true });
  for (const engine of ['javascript', 'python', 'linux']) {
    await cp(join(ROOT, 'public/vendor', engine), join(fixture.dir, 'vendor', engine), { recursive: true });
  }
  await put(
    'network-host.html',
    '<!doctype html><meta charset="utf-8"><title>network</title><body><script src="/network-host.js"></script>',
  );
  const page = await fixture.open('network-host.html');
  await page.waitForFunction('globalThis.network !== undefined', { timeout: 60_000, polling: 50 });
  return { ...fixture, page };
}
