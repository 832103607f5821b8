import type { Result } from '../../../base/index.ts';
import type { AppError } from '../../../contracts/errors.ts';
import type { EngineStart } from '../../../contracts/runner-protocol.ts';
import {
  checkPiece,
  type EmscriptenModule as HeapModule,
  type HeapMap,
  heapMapName,
  heapPieces,
  heapStandIn,
  type ImageIndex,
  isFirstLibrary,
  lendHeap,
  mountBlock,
  mountOnDemand,
  type PieceFacts,
  type ReadBytes,
  readHeapMap,
  readRecord,
  replaySideModules,
  type SavedHeap,
  startPlacing,
} from '../heap/index.ts';
import { type AskMailbox, type EngineParts, textOf } from '../../kit/worker/index.ts';
import { CORE_IMAGE, CORE_INDEX, type CoreImage, readsCoreImage } from './core-image.ts';
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
  const map = start === 'cold' ? null : mapOf(parts, start, factsOf);
  const restore = lendFiles(parts, module, mark, fail);
  const readCore = () => core.reader(mailbox);
  const create = scope._createPyodideModule;
  if (!create || !scope.loadPyodide) throw new Error('the engine scripts did not define their entries');
  try {
    scope._createPyodideModule = async (settings) => {
      const main = await create(settings);
      mark('created');
      if (start === 'cold' || map === null) return main;
      prepareHeap(main, parts, start, readCore);
      mark('replayed');
      const firstRun = await placeHeap(main, parts, { start, map, factsOf });
      mark('placed');
      lendHeap(settings, firstRun);
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
      ...(map === null ? {} : { _loadSnapshot: heapStandIn(map) }),
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

function mapOf(parts: EngineParts, start: SavedHeap, factsOf: FactsOf): HeapMap {
  const name = heapMapName(start);
  return valueOf(readHeapMap(start, parts.files.get(name), factsOf(name)));
}

interface HeapOnItsWay {
  readonly start: SavedHeap;
  readonly map: HeapMap;
  readonly factsOf: FactsOf;
}

/**
 * Puts each piece of a heap in its place as it arrives, while the next is still on its way, and keeps none. Nothing of the
 * interpreter may run from here until the heap is whole. Gives the run that it begins with, header and all.
 */
async function placeHeap(
  main: HeapModule,
  parts: EngineParts,
  { start, map, factsOf }: HeapOnItsWay,
): Promise<Uint8Array> {
  const placing = startPlacing(main.HEAPU8, map);
  for (const [at, name] of heapPieces(start).entries()) {
    await parts.arrival(name);
    const about = { facts: factsOf(name), runs: map.pieces[at] ?? [] };
    placing.put(at, valueOf(checkPiece(name, parts.files.get(name), about)));
    parts.files.delete(name);
  }
  return placing.firstRun();
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

function prepareHeap(main: HeapModule, parts: EngineParts, start: SavedHeap, readCore: () => ReadBytes): void {
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
