import { existsSync, globSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { savedGuest } from '../javascript/saved-guest.ts';
import { launchFixture, type BrowserName } from '../box/extension.ts';
import { NODE_ONLY, NODE_PARTS } from '../kit/node-source.ts';
import { CONTRACT_PROGRAMS } from './programs/index.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The workspace names its worker by its source, which the product's own bundler finds; here it lies beside the page. */
const besideThePage: Plugin = {
  name: 'worker-beside-the-page',
  setup(made) {
    made.onLoad({ filter: /open-workspace\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace('./file-worker.ts', './file-worker.js'),
      loader: 'ts',
    }));
  },
};

/** What the build's own wrapper does with a script of an entrypoint: it runs it. */
const unlistedScripts: Plugin = {
  name: 'unlisted-scripts',
  setup(made) {
    made.onResolve({ filter: /define-unlisted-script$/ }, ({ path }) => ({ path, namespace: 'unlisted' }));
    made.onLoad({ filter: /.*/, namespace: 'unlisted' }, () => ({
      contents: 'export const defineUnlistedScript = (main) => main();',
    }));
  },
};

/** The classic scripts of every engine, from the product's entrypoints. */
async function buildEngineScripts(dir: string): Promise<void> {
  const entryPoints = Object.keys(CONTRACT_PROGRAMS).flatMap((id) => globSync(join(ROOT, `entrypoints/${id}-*.ts`)));
  await build({
    entryPoints,
    outdir: dir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2023',
    external: NODE_ONLY,
    plugins: [unlistedScripts, NODE_PARTS],
    logLevel: 'silent',
  });
}

export interface ContractFixture {
  readonly page: Page;
  close(): Promise<void>;
}

/** The box fixture with the product's registry in it: every runner, its worker and its engine. */
export async function launchContract(name: BrowserName): Promise<ContractFixture> {
  const fixture = await launchFixture(name);
  await build({
    entryPoints: {
      'contract-host': join(ROOT, 'tests/support/contract/browser-host.ts'),
      'file-worker': join(ROOT, 'src/workspace/file-worker.ts'),
    },
    outdir: fixture.dir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    plugins: [besideThePage],
    logLevel: 'silent',
  });
  await buildEngineScripts(fixture.dir);
  await writeFile(join(fixture.dir, 'javascript-guest.memory'), await savedGuest());
  for (const id of Object.keys(CONTRACT_PROGRAMS)) {
    const engine = join(ROOT, 'public/vendor', id);
    if (existsSync(engine)) await cp(engine, join(fixture.dir, 'vendor', id), { recursive: true });
  }
  await writeFile(
    join(fixture.dir, 'contract-host.html'),
    '<!doctype html><meta charset="utf-8"><title>contract</title><body><script type="module" src="/contract-host.js"></script>',
  );
  const page = await fixture.open('contract-host.html');
  await page.waitForFunction('globalThis.contract !== undefined', { timeout: 60_000, polling: 50 });
  return { page, close: () => fixture.close() };
}
