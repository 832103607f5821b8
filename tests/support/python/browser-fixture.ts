import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { launchFixture, type BrowserName, type Fixture, type LaunchOptions } from '../box/extension.ts';
import { workerScript } from './node-engine.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface PythonFixture {
  readonly fixture: Fixture;
  readonly page: Page;
  close(): Promise<void>;
}

/** The box fixture with the Python runner, its worker and the vendored engine in it. */
export async function launchPython(name: BrowserName, options: LaunchOptions = {}): Promise<PythonFixture> {
  const fixture = await launchFixture(name, options);
  await build({
    entryPoints: { 'python-host': join(ROOT, 'tests/support/python/browser-host.ts') },
    outdir: fixture.dir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  await writeFile(join(fixture.dir, 'python-worker.js'), await workerScript());
  await cp(join(ROOT, 'public/vendor/python'), join(fixture.dir, 'vendor/python'), { recursive: true });
  const html =
    '<!doctype html><meta charset="utf-8"><title>python</title><body><script src="/python-host.js"></script>';
  await writeFile(join(fixture.dir, 'python-host.html'), html);
  const page = await fixture.open('python-host.html');
  await page.waitForFunction('globalThis.python !== undefined', { timeout: 60_000, polling: 50 });
  return { fixture, page, close: () => fixture.close() };
}
