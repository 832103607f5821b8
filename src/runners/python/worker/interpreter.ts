import type { EngineStart } from '../../../contracts/runner-protocol.ts';
import {
  type EmscriptenModule as HeapModule,
  mountBlock,
  mountBlockOnDemand,
  type ReadBytes,
  readRecord,
  replaySideModules,
} from '../heap/index.ts';
import { type EngineParts, textOf } from '../../kit/worker/index.ts';
import type { Pyodide } from './emscripten.ts';
import { curatedGlobals } from './globals.ts';

type CreateModule = (settings: object) => Promise<HeapModule>;
type LoadPyodide = (options: object) => Promise<Pyodide>;

/** What Pyodide's scripts leave on the global object. */
interface EngineGlobals {
  loadPyodide?: LoadPyodide;
  _createPyodideModule?: CreateModule;
  importScripts?: unknown;
  fetch?: unknown;
  /** Of workers only. */
  readonly FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}

const scope = globalThis as unknown as EngineGlobals;
/** Indirect: the scripts are classic ones and define globals. */
// eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
const evaluate = globalThis.eval;

/** The interpreter itself; with it a start can begin. */
export const MAIN_MODULE = 'pyodide.asm.wasm';

/** Libraries that seeding numpy's random numbers calls, as every start does. */
const SEEDING = /\/numpy\/(_core\/_multiarray_umath|random\/(mtrand|bit_generator|_mt19937))\./u;
/** Taken before a program can put another in its place. */
const CompiledModule = WebAssembly.Module;

const ENVIRONMENT = { MPLBACKEND: 'agg', HOME: '/home/pyodide', LANG: 'en_US.UTF-8', PYTHONDONTWRITEBYTECODE: '1' };
const SOURCES = '/lib/companion';

/** Evaluates the engine's scripts; may be done before its big files have arrived. A second call does nothing. */
export function evaluateScripts(parts: EngineParts): void {
  if (scope.loadPyodide) return;
  evaluate(textOf(parts, 'pyodide.js'));
  evaluate(textOf(parts, 'pyodide.asm.js'));
  // Pyodide would load its second script by it; that one is here already.
  delete scope.importScripts;
}

/** Starts an interpreter from the delivered bytes alone. Rejects when it cannot; a failed heap leaves the worker good for a cold start. */
export async function startInterpreter(
  parts: EngineParts,
  start: EngineStart,
  mark: (stage: string) => void,
): Promise<Pyodide> {
  evaluateScripts(parts);
  mark('scripts');
  const module = parts.modules.get(MAIN_MODULE);
  if (!module) throw new Error('the engine lacks its compiled module');
  // Emscripten never settles when its module cannot be instantiated.
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_settle, reject) => {
    fail = reject;
  });
  const restore = lendFiles(parts, module, mark, fail);
  const create = scope._createPyodideModule;
  if (!create || !scope.loadPyodide) throw new Error('the engine scripts did not define their entries');
  try {
    scope._createPyodideModule = async (settings) => {
      const main = await create(settings);
      mark('created');
      if (start === 'cold') return main;
      if (start === 'science') await parts.blobsCame; // its packages lie in one
      prepareHeap(main, parts, start);
      mark('replayed');
      await parts.whole;
      mark('whole');
      lendHeap(settings, parts, start);
      return main;
    };
    const loading = scope.loadPyodide({
      indexURL: 'https://engine.invalid/',
      lockFileContents: JSON.parse(textOf(parts, 'lock.json')) as unknown,
      jsglobals: curatedGlobals(),
      env: ENVIRONMENT,
      stdin: () => null,
      stdout: () => undefined,
      stderr: () => undefined,
      ...(start === 'cold' ? {} : { _loadSnapshot: heapStandIn(parts, start) }),
    });
    const interpreter = await Promise.race([loading, failed]);
    mark('loaded');
    if (start === 'cold') {
      await parts.whole;
      prepareCold(interpreter, parts);
    }
    return interpreter;
  } finally {
    scope._createPyodideModule = create;
    restore();
  }
}

/**
 * Stands for a heap that is still on its way: Pyodide asks it for its length before it makes the module, and reads the
 * bytes only afterwards, through `API.restoreSnapshot`.
 */
function heapStandIn(parts: EngineParts, start: EngineStart): Uint8Array {
  const manifest = JSON.parse(textOf(parts, 'manifest.json')) as {
    readonly files: readonly { readonly name: string; readonly rawBytes: number }[];
  };
  const rawBytes = manifest.files.find(({ name }) => name === `${start}.heap`)?.rawBytes;
  if (rawBytes === undefined) throw new Error(`the engine lacks ${start}.heap`);
  return Object.defineProperty(new Uint8Array(0), 'length', { value: rawBytes });
}

/** Makes Pyodide restore the bytes that have arrived. Rejects a heap whose size is not what its list says. */
function lendHeap(settings: object, parts: EngineParts, start: EngineStart): void {
  const heap = parts.files.get(`${start}.heap`);
  if (!heap) throw new Error(`the engine lacks ${start}.heap`);
  const { API } = settings as { readonly API: { restoreSnapshot(bytes: Uint8Array): unknown } };
  const restore = API.restoreSnapshot.bind(API);
  API.restoreSnapshot = (standIn) => {
    if (standIn.length !== heap.length) throw new Error('python/heap-mismatch: the saved heap is cut short');
    return restore(heap);
  };
}

/** Pyodide asks for its files by address: answered from what was delivered. */
function lendFiles(
  parts: EngineParts,
  module: WebAssembly.Module,
  mark: (stage: string) => void,
  fail: (error: unknown) => void,
): () => void {
  const ownFetch = scope.fetch;
  const ownStreaming = WebAssembly.instantiateStreaming;
  scope.fetch = async (address: unknown) => {
    const name = String(address).split('/').pop() ?? '';
    if (name.endsWith('.wasm')) return { ok: true };
    const bytes = parts.files.get(name === 'python_stdlib.zip' ? 'python-stdlib.bin' : name);
    if (!bytes) throw new TypeError(`the engine lacks ${name}`);
    const json = (): unknown => JSON.parse(new TextDecoder().decode(bytes));
    return { ok: true, status: 200, arrayBuffer: async () => bytes.buffer, json: async () => json() };
  };
  WebAssembly.instantiateStreaming = async (source, imports) => {
    await source;
    try {
      const instance = await WebAssembly.instantiate(module, imports);
      mark('instance');
      return { module, instance };
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  return () => {
    scope.fetch = ownFetch;
    WebAssembly.instantiateStreaming = ownStreaming;
  };
}

function prepareHeap(main: HeapModule, parts: EngineParts, start: 'science' | 'base'): void {
  mountPackages(main, parts);
  const buildId = /BUILD_ID:"([0-9a-f]+)"/u.exec(textOf(parts, 'pyodide.js'))?.[1] ?? '';
  if (parts.files.has(`${start}.replay.json`)) {
    const record = readRecord(JSON.parse(textOf(parts, `${start}.replay.json`)));
    if (!record.ok) throw new Error(`${record.error.code}: ${record.error.detail ?? ''}`);
    const replayed = replaySideModules(main, record.value, {
      buildId,
      // What has not come yet is made from the library's file.
      moduleFor: (path) =>
        parts.modules.get(path) ?? new CompiledModule(main.FS.readFile(path) as Uint8Array<ArrayBuffer>),
      stubs: parts.modules.get(`${start}.stubs.wasm`),
      isNeeded: (path) => SEEDING.test(path),
    });
    if (!replayed.ok) throw new Error(`${replayed.error.code}: ${replayed.error.detail ?? ''}`);
  }
}

/** Every image that was delivered: the base one always, those of a heap with it. */
function mountPackages(main: HeapModule, parts: EngineParts): void {
  for (const [name, block] of parts.files) if (name.endsWith('.image')) mountBlock(main, block);
  for (const [name, blob] of parts.blobs) if (name.endsWith('.image')) mountBlockOnDemand(main, readerOf(blob));
}

/** Reads pieces of a blob at once, as a file system must. Only a worker can. */
function readerOf(blob: Blob): ReadBytes {
  const reader = new scope.FileReaderSync();
  const read = reader.readAsArrayBuffer.bind(reader);
  const slice = blob.slice.bind(blob);
  return (offset, length) => (length === 0 ? new Uint8Array() : new Uint8Array(read(slice(offset, offset + length))));
}

/** Without a heap: packages mounted if they came, our own support package written as source. */
function prepareCold(interpreter: Pyodide, parts: EngineParts): void {
  mountPackages(interpreter._module as unknown as HeapModule, parts);
  // Where the image has none (tests give the sources as they are).
  if (parts.files.has('companion-runtime.json')) {
    const sources = JSON.parse(textOf(parts, 'companion-runtime.json')) as Record<string, string>;
    for (const [path, source] of Object.entries(sources)) {
      const absolute = `${SOURCES}/${path}`;
      interpreter.FS.mkdirTree(absolute.slice(0, absolute.lastIndexOf('/')));
      interpreter.FS.writeFile(absolute, source);
    }
  }
  interpreter.runPython(`import importlib, sys; sys.path.insert(0, '${SOURCES}'); importlib.invalidate_caches()`);
}
