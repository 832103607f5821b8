import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import ts from 'typescript';
import type { Language } from '../../src/contracts/run.ts';
import { bundleScript } from '../../tests/support/bundle-script.ts';
import { wasmPrograms } from '../../tests/support/contract/programs/wasm.ts';
import { type BenchGroup, type BenchRow, percentile, type RowSamples } from '../bench-row.ts';
import { type BrowserName, repeat, startBrowser } from '../support/extension-browser.ts';
import { measuredHere } from '../support/measured.ts';
import { openPeers, type PeerName, type Peers } from './peers/open-peers.ts';
import { HI_MODULE } from './peers/small-modules.ts';
import type { benchRunners, Program } from './runners-script.ts';

interface InPage {
  readonly benchRunners: typeof benchRunners;
}

interface Runtime {
  readonly name: string;
  readonly language: Language;
  /** Prints one line. */
  readonly first: string;
  readonly freshMs: number;
  readonly peer: PeerName;
  /** What the peer is given to print one line. */
  readonly peerFirst: string;
  /** Prints, and never ends. */
  readonly endless: string;
}

const RUNTIMES: readonly Runtime[] = [
  {
    name: 'JavaScript',
    language: 'javascript',
    first: 'console.log(1)',
    freshMs: 30,
    peer: 'quickjs-emscripten',
    peerFirst: 'print(1)',
    endless: 'console.log("go"); for (;;) {}',
  },
  {
    name: 'Lua',
    language: 'lua',
    first: 'print(1)',
    freshMs: 40,
    peer: 'wasmoon',
    peerFirst: 'print(1)',
    endless: 'print("go")\nwhile true do end',
  },
  {
    name: 'WASI',
    language: 'wasm',
    first: HI_MODULE,
    freshMs: 20,
    peer: '@bjorn3/browser_wasi_shim',
    peerFirst: '',
    endless: wasmPrograms.endless,
  },
];

const PEERS = [...RUNTIMES.map(({ peer }) => peer), 'WebAssembly.instantiate'] as const;

const ADD =
  ';; run: add 2 3\n(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))';
const TYPED = 'const typed: number[] = [1, 2]; function sum(all: number[]): number { return all.length } sum(typed)';
const PLAIN = TYPED.replaceAll(/: number(?:\[\])?/gu, '');

const COUNTS = {
  chromium: { starts: 7, warm: 30, stops: 20, next: 5, peers: 5 },
  firefox: { starts: 5, warm: 15, stops: 10, next: 4, peers: 3 },
} as const;

/** The page's side of runners-script.ts. */
function productIn(page: Page) {
  const warm = (programs: readonly Program[], times: number): Promise<number[][]> =>
    page.evaluate((a, b) => (globalThis as unknown as InPage).benchRunners.warm(a, b), programs, times);
  return {
    warm,
    fresh: async (language: Language, code: string, times: number): Promise<number[]> => {
      await page.evaluate((a, b) => (globalThis as unknown as InPage).benchRunners.first(a, b), language, code);
      return repeat(times, () =>
        page.evaluate((a, b) => (globalThis as unknown as InPage).benchRunners.fresh(a, b), language, code),
      );
    },
    stops: (language: Language, endless: string, times: number): Promise<number[]> =>
      page.evaluate(
        (a, b, c) => (globalThis as unknown as InPage).benchRunners.stops(a, b, c),
        language,
        endless,
        times,
      ),
    next: (language: Language, endless: string, code: string, isEmptyOnly: boolean): Promise<number> =>
      page.evaluate(
        (a, b, c, d) => (globalThis as unknown as InPage).benchRunners.next(a, b, c, d),
        language,
        endless,
        code,
        isEmptyOnly,
      ),
  };
}

type Product = ReturnType<typeof productIn>;

/** Types are taken out, the rest stays: the same work as ours does beyond a run of plain JavaScript. */
function transpile(times: number): number[] {
  const once = (): number => {
    const from = performance.now();
    ts.transpileModule(TYPED, { compilerOptions: { target: ts.ScriptTarget.ESNext } });
    return performance.now() - from;
  };
  once();
  return Array.from({ length: times }, once);
}

interface Case {
  readonly name: string;
  /** In one browser only, so that all rows together stay below four minutes. */
  readonly isForChromium?: boolean;
  readonly measure: (product: Product, peers: Peers, counts: (typeof COUNTS)[BrowserName]) => Promise<RowSamples>;
}

const CASES: readonly Case[] = [
  ...RUNTIMES.map(
    ({ name, language, first, freshMs, peer, peerFirst }): Case => ({
      name: `${name}, fresh worker to first line`,
      measure: async (product, peers, counts) => ({
        samples: await product.fresh(language, first, counts.starts),
        peer: { name: `${peer} in a plain worker`, samples: await peers.fresh(peer, peerFirst, counts.peers) },
        budget: { median: freshMs },
      }),
    }),
  ),
  {
    name: 'JavaScript, 1+1 in a warm worker',
    measure: async (product, peers, counts) => ({
      samples: (await product.warm([{ language: 'javascript', code: '1+1' }], counts.warm))[0] ?? [],
      peer: {
        name: 'quickjs-emscripten in a plain worker',
        samples: await peers.warm('quickjs-emscripten', '1+1', counts.warm),
      },
      budget: { median: 5 },
    }),
  },
  {
    name: 'TypeScript adds, stripper loaded',
    measure: async (product, _peers, counts) => {
      const programs = [
        { language: 'typescript', code: TYPED },
        { language: 'javascript', code: PLAIN },
      ] as const;
      const [typed = [], plain = []] = await product.warm(programs, counts.warm);
      const without = percentile(plain, 0.5);
      return {
        samples: typed.map((ms) => Math.max(0, ms - without)),
        peer: { name: 'typescript transpileModule, warm, in Node', samples: transpile(counts.warm) },
        budget: { median: 15 },
      };
    },
  },
  {
    name: 'Lua, 1 + 1 in a warm worker',
    measure: async (product, peers, counts) => ({
      samples: (await product.warm([{ language: 'lua', code: '1 + 1' }], counts.warm))[0] ?? [],
      peer: { name: 'wasmoon in a plain worker', samples: await peers.warm('wasmoon', 'return 1 + 1', counts.warm) },
      budget: { median: 5 },
    }),
  },
  {
    name: 'WASM, add from a cached module',
    measure: async (product, peers, counts) => ({
      samples: (await product.warm([{ language: 'wasm', code: ADD }], counts.warm))[0] ?? [],
      peer: {
        name: 'WebAssembly.instantiate in a plain worker',
        samples: await peers.warm('WebAssembly.instantiate', '', counts.warm),
      },
      budget: { median: 5 },
    }),
  },
  ...RUNTIMES.flatMap(({ name, language, first, endless, peer, peerFirst }): Case[] => [
    {
      name: `${name}, Stop of an endless loop`,
      measure: async (product, _peers, counts) => ({
        samples: await product.stops(language, endless, counts.stops),
        // Without a peer: engines on npm ask a function of ours whether to go on, and how Stop reaches a busy worker is left open.
        // In Firefox a busy worker hears nothing without shared memory: it is ended when it has not answered for 50 ms.
        budget: { p95: 100 },
      }),
    },
    {
      name: `${name}, next worker's first line after a kill`,
      measure: async (product, peers, counts) => ({
        samples: await repeat(counts.next, () => product.next(language, endless, first, false)),
        // Who ends a worker of the peer's starts the next one as the first.
        peer: { name: `${peer} in a plain worker, fresh`, samples: await peers.fresh(peer, peerFirst, counts.peers) },
        budget: { median: 40 },
      }),
    },
    {
      name: `${name}, next worker's first line after a kill, from an empty box`,
      isForChromium: true,
      measure: async (product, peers, counts) => ({
        samples: await repeat(counts.next, () => product.next(language, endless, first, true)),
        peer: { name: `${peer} in a plain worker, fresh`, samples: await peers.fresh(peer, peerFirst, counts.peers) },
        budget: { median: 40 },
      }),
    },
  ]),
];

async function* rowsIn(browser: BrowserName): AsyncGenerator<BenchRow> {
  await using started = await startBrowser(browser);
  const page = await started.quietPage();
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'runners-script.ts')));
  const [product, peers] = [productIn(page), await openPeers(await started.blankPage(), PEERS)];
  await page.bringToFront();
  for (const { name, measure, isForChromium = false } of CASES) {
    if (isForChromium && browser === 'firefox') continue;
    const named = `${name}${browser === 'firefox' ? ' (Firefox)' : ''}`;
    yield await measuredHere(named, 'ms', () => measure(product, peers, COUNTS[browser]));
  }
}

/** JavaScript, TypeScript, Lua and WebAssembly in boxes, with an empty box kept open as in the host. */
export const runnerRows: BenchGroup = async function* () {
  yield* rowsIn('chromium');
  yield* rowsIn('firefox');
};
