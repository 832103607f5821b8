import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mountImage, readRecord, replaySideModules, sideModuleEntries, type ImageIndex, type ReplayRecord } from '../../../src/runners/python/heap/index.ts';
import { loadPyodideFrom, readBuildId, type NodePyodide } from './node-pyodide.ts';

/** Everything of one vendored folder that a start from a heap needs, read and inflated once. */
export interface VendoredPython {
  readonly pyodide: string;
  readonly buildId: string;
  readonly index: ImageIndex;
  readonly image: Uint8Array;
  readonly heaps: Readonly<Record<HeapName, Uint8Array>>;
  readonly record: ReplayRecord;
  readonly modules: ReadonlyMap<string, WebAssembly.Module>;
}
export type HeapName = 'base' | 'science';

/** Reads the files that `node tools/vendor.ts` made; the engine itself comes from the npm package of the same build. */
export async function readVendored(folder: string, pyodide: string): Promise<VendoredPython> {
  const inflate = async (name: string): Promise<Uint8Array> => new Uint8Array(gunzipSync(await readFile(join(folder, name))));
  const index = JSON.parse(await readFile(join(folder, 'packages.index.json'), 'utf8')) as ImageIndex;
  const image = await inflate('packages.image.gz');
  const record = readRecord(JSON.parse(await readFile(join(folder, 'science.replay.json'), 'utf8')));
  if (!record.ok) throw new Error(record.error.detail);
  const places = new Map(sideModuleEntries(index).map(([path, offset, length]) => [path, image.slice(offset, offset + length)]));
  const modules = new Map(
    record.value.libraries.map(({ name }) => [name, new WebAssembly.Module(places.get(name) ?? new Uint8Array())] as const),
  );
  return {
    pyodide,
    buildId: await readBuildId(pyodide),
    index,
    image,
    heaps: { base: await inflate('base.heap.gz'), science: await inflate('science.heap.gz') },
    record: record.value,
    modules,
  };
}

/** Starts an interpreter from a saved heap, or cold with the same packages mounted. */
export async function startVendored(vendored: VendoredPython, heap: HeapName | 'cold'): Promise<NodePyodide> {
  const env = { HOME: '/home/pyodide', MPLBACKEND: 'agg' };
  const options = heap === 'cold' ? { env } : { env, _loadSnapshot: vendored.heaps[heap] };
  const pyodide = await loadPyodideFrom(vendored.pyodide, options, (main) => {
    if (heap === 'science') {
      const replayed = replaySideModules(main, vendored.record, {
        buildId: vendored.buildId,
        moduleFor: (path) => vendored.modules.get(path),
      });
      if (!replayed.ok) throw new Error(replayed.error.detail);
    }
    if (heap !== 'cold') mountImage(main, vendored.index, vendored.image);
  });
  if (heap === 'cold') {
    mountImage(pyodide._module, vendored.index, vendored.image);
    pyodide.runPython('import importlib; importlib.invalidate_caches()');
  }
  return pyodide;
}
