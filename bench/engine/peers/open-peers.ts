import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { bundleScript } from '../../../tests/support/bundle-script.ts';
import type { benchPeers } from './page-script.ts';
import { ADD_MODULE, HI_MODULE } from './small-modules.ts';

interface InPage {
  readonly benchPeers: typeof benchPeers;
}

const MODULES = join(import.meta.dirname, '../../../node_modules');
const QUICKJS = join(MODULES, '@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm');
const WASMOON = join(MODULES, 'wasmoon/dist/glue.wasm');

/** Each engine of others, and the module that it runs or is. */
const PEERS = {
  'quickjs-emscripten': { script: 'quickjs-script.ts', wasm: async () => (await readFile(QUICKJS)).toString('base64') },
  wasmoon: { script: 'lua-script.ts', wasm: async () => (await readFile(WASMOON)).toString('base64') },
  '@bjorn3/browser_wasi_shim': { script: 'wasi-script.ts', wasm: async () => HI_MODULE },
  'WebAssembly.instantiate': { script: 'instantiate-script.ts', wasm: async () => ADD_MODULE },
} as const;

export type PeerName = keyof typeof PEERS;

export interface Peers {
  fresh(name: PeerName, code: string, times: number): Promise<number[]>;
  warm(name: PeerName, code: string, times: number): Promise<number[]>;
}

/** One classic script; what an engine would import in Node alone is left out. */
async function workerScript(name: string): Promise<string> {
  const built = await build({
    entryPoints: [join(import.meta.dirname, name)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    external: ['url', 'module', 'fs', 'path'],
    // There is no module to be beside: the bytes are handed in.
    define: { 'import.meta.url': '"https://peers.invalid/"' },
    write: false,
    logLevel: 'silent',
  });
  return built.outputFiles[0]?.text ?? '';
}

/** Other people's engines in plain workers of a page. */
export async function openPeers(page: Page): Promise<Peers> {
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'page-script.ts')));
  for (const [name, { script, wasm }] of Object.entries(PEERS)) {
    await page.evaluate(
      (a, b, c) => (globalThis as unknown as InPage).benchPeers.add(a, b, c),
      name,
      await workerScript(script),
      await wasm(),
    );
  }
  return {
    async fresh(name, code, times) {
      const samples: number[] = [];
      // The first one compiles the script for all that follow, as with us.
      for (let turn = 0; turn <= times; turn += 1) {
        const ms = await page.evaluate((a, b) => (globalThis as unknown as InPage).benchPeers.fresh(a, b), name, code);
        if (turn > 0) samples.push(ms);
      }
      return samples;
    },
    warm: (name, code, times) =>
      page.evaluate((a, b, c) => (globalThis as unknown as InPage).benchPeers.warm(a, b, c), name, code, times),
  };
}
