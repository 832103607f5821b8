import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { bundleScript } from '../bundle-script.ts';
import type { ServedFile } from '../box/canary-server.ts';
import { launchFixture, type BrowserName, type Fixture } from '../box/extension.ts';
import { unwalledWorkerScript, workerScript } from './node-engine.ts';

const ROOT = join(import.meta.dirname, '../../..');
const HOST_PAGE =
  '<!doctype html><meta charset="utf-8"><title>python</title><body><script src="/python-host.js"></script>';

export interface PythonFixture {
  readonly fixture: Fixture;
  readonly page: Page;
  close(): Promise<void>;
}

/** The box fixture with the Python runner, its worker and the vendored engine in it. */
export async function launchPython(name: BrowserName): Promise<PythonFixture> {
  const fixture = await launchFixture(name);
  await writeFile(
    join(fixture.dir, 'python-host.js'),
    await bundleScript(join(import.meta.dirname, 'browser-host.ts')),
  );
  await writeFile(join(fixture.dir, 'python-worker.js'), await workerScript());
  await cp(join(ROOT, 'public/vendor/python'), join(fixture.dir, 'vendor/python'), { recursive: true });
  await writeFile(join(fixture.dir, 'python-host.html'), HOST_PAGE);
  const page = await fixture.open('python-host.html');
  await page.waitForFunction('globalThis.python !== undefined', { timeout: 60_000, polling: 50 });
  return { fixture, page, close: () => fixture.close() };
}

/** What a server gives out for a page where the same runner works in plain workers, without hardening. Null for other paths. */
export async function servesUnwalledPython(): Promise<(path: string) => Promise<ServedFile | null>> {
  const made: Readonly<Record<string, ServedFile>> = {
    '/python-host.html': { type: 'text/html', body: HOST_PAGE },
    '/python-host.js': {
      type: 'text/javascript',
      body: await bundleScript(join(import.meta.dirname, 'unwalled-host.ts')),
    },
    '/python-worker.js': { type: 'text/javascript', body: await unwalledWorkerScript() },
  };
  return async (path) => {
    if (!path.startsWith('/vendor/python/')) return made[path] ?? null;
    return { type: 'application/octet-stream', body: await readFile(join(ROOT, 'public', path)) };
  };
}
