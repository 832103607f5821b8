import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledScript, javascriptPackages, nativeScript } from './javascript-packages.ts';
import { withMemoryCap } from './memory-cap.ts';
import { NODE_MODULES } from './places.ts';
import { cutModule } from './swc.ts';

/** One file that ships under `public/vendor/<engine>/`. */
export interface EngineRow {
  readonly engine: string;
  /** Its name there. */
  readonly file: string;
  /** The npm package it comes from; its version and licence are recorded. */
  readonly from: string;
  /** A path inside that package, copied as it is; or what makes the bytes from it, the same bytes each time. */
  readonly take: string | (() => Promise<Uint8Array>);
  /** Further packages that are part of these bytes. */
  readonly also?: readonly string[];
}

/** The largest memory that a person may allow a run of JavaScript; the engine's own limit comes before it. */
const QUICKJS_MB = 1_024;

async function cappedQuickJs(): Promise<Uint8Array> {
  return withMemoryCap(new Uint8Array(await readFile(join(NODE_MODULES, 'quickjs-wasi/quickjs.wasm'))), QUICKJS_MB);
}

/** Every vendored file of the engines that come from npm (Python's are made by tools/vendor). One row a file. */
export const ENGINE_ROWS: readonly EngineRow[] = [
  { engine: 'javascript', file: 'quickjs.wasm', from: 'quickjs-wasi', take: cappedQuickJs },
  { engine: 'javascript', file: 'encoding.wasm', from: 'quickjs-wasi', take: 'extensions/encoding/encoding.so' },
  { engine: 'javascript', file: 'crypto.wasm', from: 'quickjs-wasi', take: 'extensions/crypto/crypto.so' },
  { engine: 'javascript', file: 'headers.wasm', from: 'quickjs-wasi', take: 'extensions/headers/headers.so' },
  {
    engine: 'javascript',
    file: 'structured-clone.wasm',
    from: 'quickjs-wasi',
    take: 'extensions/structured-clone/structured-clone.so',
  },
  { engine: 'javascript', file: 'swc.wasm', from: '@swc/wasm-typescript', take: async () => (await cutModule()).wasm },
  { engine: 'javascript', file: 'swc.js', from: '@swc/wasm-typescript', take: async () => (await cutModule()).script },
  { engine: 'javascript', file: 'acorn.js', from: 'acorn', take: () => bundledScript('acorn', 'companionAcorn') },
  {
    engine: 'javascript',
    file: 'packages.json',
    from: 'lodash-es',
    also: [
      'date-fns',
      'dayjs',
      'papaparse',
      'nanoid',
      'simple-statistics',
      'buffer',
      'base64-js',
      'ieee754',
      'events',
      'path-browserify',
      'readable-stream',
      'string_decoder',
    ],
    take: javascriptPackages,
  },
  {
    engine: 'javascript',
    file: 'native.js',
    from: '@noble/hashes',
    also: ['pako', 'crc-32'],
    take: () => nativeScript('companionNative'),
  },
  { engine: 'lua', file: 'lua.wasm', from: 'wasmoon', take: 'dist/glue.wasm' },
  { engine: 'wasm', file: 'wabt.js', from: 'wabt', take: 'index.js' },
];
