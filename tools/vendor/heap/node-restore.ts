import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Result } from '../../../src/base/index.ts';
import type { AppError } from '../../../src/contracts/errors.ts';
import {
  checkPiece,
  type HeapMap,
  heapMapName,
  heapPieces,
  heapStandIn,
  lendHeap,
  type ModulePlace,
  mountBlock,
  readRecord,
  readHeapMap,
  replaySideModules,
  type ReplayRecord,
  startPlacing,
} from '../../../src/runners/python/heap/index.ts';
import type { PythonManifest } from '../manifest.ts';
import { loadPyodideFrom, readBuildId, type NodePyodide } from './node-pyodide.ts';

export type HeapName = 'base' | 'science';

/** Everything of one vendored folder that a start needs, read and inflated once. */
export interface VendoredPython {
  readonly pyodide: string;
  readonly buildId: string;
  readonly manifest: PythonManifest;
  /** Inflated images by name. */
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly heaps: Readonly<Record<HeapName, { readonly map: HeapMap; readonly pieces: readonly Uint8Array[] }>>;
  readonly record: ReplayRecord;
  readonly modules: ReadonlyMap<string, WebAssembly.Module>;
  readonly stubs: WebAssembly.Module;
}

/** Reads the files that `node tools/vendor.ts` made; the engine itself comes from the npm package of the same build. */
export async function readVendored(folder: string, pyodide: string): Promise<VendoredPython> {
  const inflate = async (name: string): Promise<Uint8Array> => {
    const plain = join(folder, name);
    return new Uint8Array(existsSync(plain) ? await readFile(plain) : gunzipSync(await readFile(`${plain}.gz`)));
  };
  const parse = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
  const manifest = (await parse('manifest.json')) as PythonManifest;
  const record = readRecord(await parse('science.replay.json'));
  if (!record.ok) throw new Error(record.error.detail);
  const names = manifest.files.flatMap(({ name }) => (/\.image(\.gz)?$/.test(name) ? [name.replace(/\.gz$/, '')] : []));
  const images = new Map(await Promise.all(names.map(async (name) => [name, await inflate(name)] as const)));
  const places = (await parse('science.modules.json')) as Record<string, ModulePlace>;
  const modules = new Map(
    Object.entries(places).map(([path, { file, offset, length }]) => {
      const image = images.get(file) ?? new Uint8Array();
      return [path, new WebAssembly.Module(image.slice(offset, offset + length))] as const;
    }),
  );
  const factsOf = (name: string) => manifest.files.find((file) => file.name === name);
  const bytesOf = async (name: string) => new Uint8Array(await readFile(join(folder, name)));
  const heap = async (name: HeapName) => {
    const map = valueOf(readHeapMap(name, await bytesOf(heapMapName(name)), factsOf(heapMapName(name))));
    const pieces = await Promise.all(
      heapPieces(name).map(async (piece, at) =>
        valueOf(checkPiece(piece, await bytesOf(piece), { facts: factsOf(piece), runs: map.pieces[at] ?? [] })),
      ),
    );
    return { map, pieces };
  };
  return {
    pyodide,
    buildId: await readBuildId(pyodide),
    manifest,
    images,
    heaps: { base: await heap('base'), science: await heap('science') },
    record: record.value,
    modules,
    stubs: new WebAssembly.Module(await readFile(join(folder, 'science.stubs.wasm'))),
  };
}

function valueOf<T>(result: Result<T, AppError>): T {
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

/** Starts an interpreter from a saved heap, or cold. */
export async function startVendored(vendored: VendoredPython, heap: HeapName | 'cold'): Promise<NodePyodide> {
  const env = { HOME: '/home/pyodide', MPLBACKEND: 'agg' };
  const options = heap === 'cold' ? { env } : { env, _loadSnapshot: heapStandIn(vendored.heaps[heap].map) };
  const pyodide = await loadPyodideFrom(vendored.pyodide, options, (main, settings) => {
    if (heap === 'cold') return;
    if (heap === 'science') {
      const replayed = replaySideModules(main, vendored.record, {
        buildId: vendored.buildId,
        moduleFor: (path) => vendored.modules.get(path),
        stubs: vendored.stubs,
      });
      if (!replayed.ok) throw new Error(replayed.error.detail);
    }
    for (const name of vendored.manifest.heaps[heap].images) mountBlock(main, imageOf(vendored, name));
    // As a worker does it.
    const { map, pieces } = vendored.heaps[heap];
    const placing = startPlacing(main.HEAPU8, map);
    for (const [at, piece] of pieces.entries()) placing.put(at, piece);
    lendHeap(settings, placing.firstRun());
  });
  if (heap === 'cold') mountImages(vendored, pyodide, vendored.manifest.heaps.base.images);
  return pyodide;
}

/** Mounts images into a running interpreter. */
export function mountImages(vendored: VendoredPython, pyodide: NodePyodide, names: readonly string[]): void {
  for (const name of names) mountBlock(pyodide._module, imageOf(vendored, name));
  pyodide.runPython('import importlib; importlib.invalidate_caches()');
}

function imageOf(vendored: VendoredPython, name: string): Uint8Array {
  const image = vendored.images.get(name);
  if (!image) throw new Error(`no image ${name}`);
  return image;
}
