import type { Result } from '../../../base/index.ts';
import type { AppError } from '../../../contracts/errors.ts';
import type { EngineStart } from '../../../contracts/runner-protocol.ts';
import {
  type EmscriptenModule as HeapModule,
  gatherHeap,
  heapPieces,
  type ImageIndex,
  isFirstLibrary,
  mountBlock,
  mountOnDemand,
  type PieceFacts,
  placeRest,
  type ReadBytes,
  readRecord,
  replaySideModules,
} from '../heap/index.ts';
import { type AskMailbox, type EngineParts, textOf } from '../../kit/worker/index.ts';
import { CORE_IMAGE, CORE_INDEX, type CoreImage, readsCoreImage } from './core-image.ts';
import type { Pyodide } from './emscripten.ts';
import { curatedGlobals } from './globals.ts';

type HeapStart = Exclude<EngineStart, 'cold'>;
type CreateModule = (settings: object) => Promise<HeapModule>;
type LoadPyodide = (options: object) => Promise<Pyodide>;

/** What Pyodide's scripts leave on the global object. */
interface EngineGlobals {
  loadPyodide?: LoadPyodide;
  _createPyodideModule?: CreateModule;
  importScripts?: unknown;
  fetch?: unknown;
}

const scope = globalThis as unknown as EngineGlobals;
/** Indirect: the scripts are classic ones and define globals. */
// eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
const evaluate = globalThis.eval;

/** The interpreter itself; with it a start can begin. */
export const MAIN_MODULE = 'pyodide.asm.wasm';

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

/** Where the packages' files come from that are read as a program looks into them. */
export interface PackageFiles {
  readonly core: CoreImage;
  /** To the host; null where a worker cannot ask while a program runs. */
  readonly mailbox: AskMailbox | null;
}

/** Starts an interpreter from the delivered bytes alone. Rejects when it cannot; a failed heap leaves the worker good for a cold start. */
export async function startInterpreter(
  parts: EngineParts,
  start: EngineStart,
  { core, mailbox }: PackageFiles,
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
  const factsOf = factsOfFiles(parts);
  const restore = lendFiles(parts, module, mark, fail);
  const readCore = () => core.reader(mailbox);
  const create = scope._createPyodideModule;
  if (!create || !scope.loadPyodide) throw new Error('the engine scripts did not define their entries');
  try {
    scope._createPyodideModule = async (settings) => {
      const main = await create(settings);
      mark('created');
      if (start === 'cold') return main;
      prepareHeap(main, parts, start, readCore);
      mark('replayed');
      await parts.whole;
      mark('whole');
      const pieces = valueOf(gatherHeap(start, parts.files, factsOf));
      mark('checked');
      lendHeap(main, settings, pieces);
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
      ...(start === 'cold' ? {} : { _loadSnapshot: heapStandIn(start, factsOf) }),
    });
    const interpreter = await Promise.race([loading, failed]);
    mark('loaded');
    if (start === 'cold') {
      await parts.whole;
      prepareCold(interpreter, parts, readCore);
    }
    // Who cannot ask the host while a program runs must have it all before, and in memory: in Firefox a read that holds its
    // worker up may never come back (decision 0117).
    if (mailbox === null && readsCoreImage(parts)) await core.takeWhole();
    return interpreter;
  } finally {
    scope._createPyodideModule = create;
    restore();
  }
}

type FactsOf = (name: string) => PieceFacts | undefined;

/** What the build noted of each file, by the list that came with them. */
function factsOfFiles(parts: EngineParts): FactsOf {
  const manifest = JSON.parse(textOf(parts, 'manifest.json')) as {
    readonly files: readonly ({ readonly name: string } & PieceFacts)[];
  };
  const facts = new Map(manifest.files.map((file) => [file.name, file]));
  return (name) => facts.get(name);
}

/**
 * Stands for a heap that is still on its way: Pyodide asks it for its length before it makes the module, and reads the
 * bytes only afterwards, through `API.restoreSnapshot`.
 */
function heapStandIn(start: HeapStart, factsOf: FactsOf): Uint8Array {
  const length = heapPieces(start).reduce((sum, name) => sum + (factsOf(name)?.rawBytes ?? Number.NaN), 0);
  if (Number.isNaN(length)) throw new Error(`the engine lacks ${start}.heap`);
  return Object.defineProperty(new Uint8Array(0), 'length', { value: length });
}

/**
 * Makes Pyodide restore the bytes that have arrived: it reads the header and what follows in the first piece, the others are
 * put behind.
 */
function lendHeap(main: HeapModule, settings: object, pieces: readonly Uint8Array[]): void {
  const { API } = settings as { readonly API: { restoreSnapshot(bytes: Uint8Array): unknown } };
  const restore = API.restoreSnapshot.bind(API);
  API.restoreSnapshot = () => {
    const [first = new Uint8Array()] = pieces;
    const config = restore(first);
    const [, headerBytes = 0] = new Uint32Array(first.buffer, first.byteOffset, 2);
    placeRest(main.HEAPU8, pieces, headerBytes);
    return config;
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

/** What does not fit ends this try; a cold start follows. */
function valueOf<T>(result: Result<T, AppError>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail ?? ''}`);
  return result.value;
}

function prepareHeap(main: HeapModule, parts: EngineParts, start: HeapStart, readCore: () => ReadBytes): void {
  mountPackages(main, parts, readCore);
  const buildId = /BUILD_ID:"([0-9a-f]+)"/u.exec(textOf(parts, 'pyodide.js'))?.[1] ?? '';
  if (parts.files.has(`${start}.replay.json`)) {
    const record = valueOf(readRecord(JSON.parse(textOf(parts, `${start}.replay.json`))));
    const replayed = replaySideModules(main, record, {
      buildId,
      // What has not come yet is made from the library's file.
      moduleFor: (path) =>
        parts.modules.get(path) ?? new CompiledModule(main.FS.readFile(path) as Uint8Array<ArrayBuffer>),
      stubs: parts.modules.get(`${start}.stubs.wasm`),
      isNeeded: isFirstLibrary,
    });
    valueOf(replayed);
  }
}

/** Images whose files the interpreter has: those that were delivered, and the big one as soon as its index is here. */
export function mountedImages(parts: EngineParts): readonly string[] {
  const delivered = [...parts.files.keys()].filter((name) => name.endsWith('.image'));
  return readsCoreImage(parts) ? [...delivered, CORE_IMAGE] : delivered;
}

/** Every image that was delivered: the base one always, those of a heap with it. */
function mountPackages(main: HeapModule, parts: EngineParts, readCore: () => ReadBytes): void {
  for (const [name, block] of parts.files) if (name.endsWith('.image')) mountBlock(main, block);
  if (!readsCoreImage(parts)) return;
  const { imageStart, index } = JSON.parse(textOf(parts, CORE_INDEX)) as {
    readonly imageStart: number;
    readonly index: ImageIndex;
  };
  const read = readCore();
  mountOnDemand(main, index, (offset, length) => read(imageStart + offset, length));
}

/** Without a heap: packages mounted if they came, our own support package written as source. */
function prepareCold(interpreter: Pyodide, parts: EngineParts, readCore: () => ReadBytes): void {
  mountPackages(interpreter._module as unknown as HeapModule, parts, readCore);
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
