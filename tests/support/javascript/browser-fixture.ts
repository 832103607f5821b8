import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { bundleScript } from '../bundle-script.ts';
import { launchFixture, type BrowserName } from '../box/extension.ts';
import { savedGuest } from './saved-guest.ts';
import { workerScriptOf } from '../kit/node-source.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface JavaScriptFixture {
  readonly page: Page;
  close(): Promise<void>;
}

/** The box fixture with the JavaScript runner, its worker, its guest and its engine in it. */
export async function launchJavaScript(name: BrowserName): Promise<JavaScriptFixture> {
  const fixture = await launchFixture(name);
  const put = (file: string, text: string): Promise<void> => writeFile(join(fixture.dir, file), text);
  await put('javascript-worker.js', await workerScriptOf('src/runners/javascript/worker.ts'));
  await writeFile(join(fixture.dir, 'javascript-guest.memory'), await savedGuest());
  await put('javascript-host.js', await bundleScript(join(import.meta.dirname, 'browser-host.ts')));
  await mkdir(join(fixture.dir, 'vendor'), { recursive: true });
  await cp(join(ROOT, 'public/vendor/javascript'), join(fixture.dir, 'vendor/javascript'), { recursive: true });
  await put(
    'javascript-host.html',
    '<!doctype html><meta charset="utf-8"><title>javascript</title><body><script src="/javascript-host.js"></script>',
  );
  const page = await fixture.open('javascript-host.html');
  await page.waitForFunction('globalThis.javascript !== undefined', { timeout: 60_000, polling: 50 });
  return { page, close: () => fixture.close() };
}
