import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
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

const grammar = async (address: string): Promise<string> => (await readFile(new URL(address))).toString('base64');

/** The lengths of several files, then all of them. */
const joinParts = (parts: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(Uint32Array.from(parts, (part) => part.length).buffer), ...parts]);

const LINUX = join(import.meta.dirname, '../../../public/vendor/linux');

async function smallMachine(): Promise<string> {
  const names = ['bios.bin', 'vgabios.bin', 'small.state.zst'];
  const [bios, vgaBios, state] = await Promise.all(names.map((name) => readFile(join(LINUX, name))));
  const wasm = await readFile(join(MODULES, 'v86/build/v86.wasm'));
  if (!bios || !vgaBios || !state) throw new Error('each name has its file');
  return joinParts([wasm, bios, vgaBios, zstdDecompressSync(state)]).toString('base64');
}

/** Each engine of others, and the module that it runs or is; '' where it has none. */
const PEERS = {
  'quickjs-emscripten': { script: 'quickjs-script.ts', wasm: async () => (await readFile(QUICKJS)).toString('base64') },
  wasmoon: { script: 'lua-script.ts', wasm: async () => (await readFile(WASMOON)).toString('base64') },
  '@bjorn3/browser_wasi_shim': { script: 'wasi-script.ts', wasm: async () => HI_MODULE },
  'WebAssembly.instantiate': { script: 'instantiate-script.ts', wasm: async () => ADD_MODULE },
  v86: { script: 'v86-script.ts', wasm: smallMachine },
  luaparse: { script: 'luaparse-script.ts', wasm: async () => '' },
  typescript: { script: 'typescript-script.ts', wasm: async () => '' },
  'tree-sitter-python': {
    script: 'tree-sitter-script.ts',
    wasm: () => grammar(import.meta.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  },
  'tree-sitter-bash': {
    script: 'tree-sitter-script.ts',
    wasm: () => grammar(import.meta.resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
  },
} as const;

export type PeerName = keyof typeof PEERS;

export interface Peers {
  /** Milliseconds from the wish for a worker to its first line; where a page had none before, its script is compiled for it. */
  once(name: PeerName, code: string): Promise<number>;
  fresh(name: PeerName, code: string, times: number): Promise<number[]>;
  warm(name: PeerName, code: string, times: number): Promise<number[]>;
  /** Each program once, one after the other in one worker. */
  each(name: PeerName, codes: readonly string[]): Promise<number[]>;
}

/** One classic script; what an engine would import in Node alone is left out. */
async function workerScript(name: string): Promise<string> {
  const built = await build({
    entryPoints: [join(import.meta.dirname, name)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    external: ['url', 'module', 'fs', 'fs/promises', 'path', 'os', 'inspector', 'perf_hooks', 'crypto', 'node:*'],
    loader: { '.wasm': 'binary' },
    // There is no module to be beside: the bytes are handed in.
    define: { 'import.meta.url': '"https://peers.invalid/"' },
    write: false,
    logLevel: 'silent',
  });
  return built.outputFiles[0]?.text ?? '';
}

/** Other people's engines in plain workers of a page; those that are named can be asked. */
export async function openPeers(page: Page, names: readonly PeerName[]): Promise<Peers> {
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'page-script.ts')));
  for (const name of names) {
    const { script, wasm } = PEERS[name];
    await page.evaluate(
      (a, b, c) => (globalThis as unknown as InPage).benchPeers.add(a, b, c),
      name,
      await workerScript(script),
      await wasm(),
    );
  }
  const once = (name: PeerName, code: string): Promise<number> =>
    page.evaluate((a, b) => (globalThis as unknown as InPage).benchPeers.fresh(a, b), name, code);
  return {
    once,
    async fresh(name, code, times) {
      // The first one compiles the script for all that follow, as with us.
      await once(name, code);
      const samples: number[] = [];
      for (let turn = 0; turn < times; turn += 1) samples.push(await once(name, code));
      return samples;
    },
    warm: (name, code, times) =>
      page.evaluate((a, b, c) => (globalThis as unknown as InPage).benchPeers.warm(a, b, c), name, code, times),
    each: (name, codes) =>
      page.evaluate((a, b) => (globalThis as unknown as InPage).benchPeers.each(a, b), name, codes),
  };
}
