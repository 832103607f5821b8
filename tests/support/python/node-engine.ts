import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineSource } from '../../../src/runners/kit/index.ts';
import { nodeSource, workerScriptOf } from '../kit/node-source.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WORKER = 'src/runners/python/worker.ts';
const SUPPORT = join(ROOT, 'src/runners/python/support');

/**
 * The worker without its own hardening: what attacks must get through, to show that they are attacks. What the engine's start
 * takes away is given back, and the extension's own object, that no worker has, is there to be found.
 */
export function unwalledWorkerScript(): Promise<string> {
  const stubs = {
    globals: 'export const curatedGlobals = () => globalThis;',
    capabilities: `const planted = { importScripts: globalThis.importScripts, chrome: { runtime: { id: 'canary' } } };
      export const removeCapabilities = (scope) => { Object.assign(scope, planted); return []; };`,
  };
  return workerScriptOf(WORKER, [
    {
      name: 'unwalled',
      setup(made) {
        for (const [name, contents] of Object.entries(stubs))
          made.onLoad({ filter: new RegExp(`worker[\\\\/]${name}\\.ts$`) }, () => ({ contents, loader: 'ts' }));
      },
    },
  ]);
}

/** The worker's script as the build makes it: one classic script. */
export function workerScript(): Promise<string> {
  return workerScriptOf(WORKER);
}

/** The vendored files of this working tree, or those of another folder. */
export function vendoredSource(folder?: string): EngineSource {
  return nodeSource('python', WORKER, folder);
}

/** The support package as it is in the working tree, by path. */
export async function supportSources(): Promise<ArrayBuffer> {
  const folder = 'companion_runtime';
  const names = (await readdir(join(SUPPORT, folder))).filter((name) => name.endsWith('.py'));
  const entries = names.map(
    async (name): Promise<[string, string]> => [
      `${folder}/${name}`,
      await readFile(join(SUPPORT, folder, name), 'utf8'),
    ],
  );
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(await Promise.all(entries)))).buffer;
}
