/**
 * Makes one saved heap. Arguments: a JSON object {pyodide, image, index, program, heap, record, imported}, all paths but `program`,
 * which is the Python to run before saving. Needs --experimental-wasm-jspi (decision 0020).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { mountImage, type EmscriptenModule, type ImageIndex } from '../../../src/runners/python/heap/index.ts';
import { fixClockAndRandom } from './determinism.ts';
import { loadPyodideFrom, readBuildId } from './node-pyodide.ts';
import { HeapRecorder } from './record.ts';

interface Job {
  readonly pyodide: string;
  readonly image: string;
  readonly index: string;
  readonly program: string;
  readonly heap: string;
  readonly record: string;
  readonly imported: string;
}

const job = JSON.parse(process.argv[2] ?? '') as Job;
// Emscripten keeps the command line in memory, hence in the heap: it must not name this machine's folders.
process.argv.splice(1, process.argv.length, 'python');
if (!('Suspending' in WebAssembly))
  throw new Error('this node has no stack switching: heaps made here would lack run_sync');
const index = JSON.parse(await readFile(job.index, 'utf8')) as ImageIndex;
const image = new Uint8Array(await readFile(job.image));
const buildId = await readBuildId(job.pyodide);

fixClockAndRandom();
const recorder = new HeapRecorder();
const pyodide = await loadPyodideFrom(job.pyodide, {
  _makeSnapshot: true,
  env: { HOME: '/home/pyodide', MPLBACKEND: 'agg', PYTHONHASHSEED: '0' },
});
const main = pyodide._module;
recorder.mark(main);
mountImage(main, index, image);
pyodide.runPython('import importlib; importlib.invalidate_caches()');
pyodide.runPython(job.program);
const importedFiles = String(
  pyodide.runPython(`
import json, sys
json.dumps(sorted({m.__spec__.origin for m in list(sys.modules.values()) if getattr(m, "__spec__", None) and m.__spec__.origin}))`),
);
pyodide.runPython('del json, sys');
// Frozen: no later collection visits what is saved, which would call into side modules that no program has used yet.
pyodide.runPython('import gc, importlib; importlib.invalidate_caches(); gc.collect(); gc.collect(); gc.freeze()');
refuseOpenFiles(main);
zeroFreeMemory(main);
const record = recorder.finish(main, buildId);
await writeFile(job.heap, pyodide.makeMemorySnapshot());
await writeFile(job.record, JSON.stringify(record));
await writeFile(job.imported, importedFiles);

/** Files belong to JavaScript and are not saved: one left open would be a bad descriptor in every restored interpreter. */
function refuseOpenFiles(target: EmscriptenModule): void {
  const { streams } = target.FS as unknown as { streams: readonly ({ readonly path?: string } | null | undefined)[] };
  const open = streams.slice(3).flatMap((stream) => (stream ? [stream.path ?? '?'] : []));
  if (open.length > 0) throw new Error(`open files cannot be saved: ${open.join(', ')}`);
}

/** Fills what the allocator holds free with zeros, which compress to nothing. */
function zeroFreeMemory(target: EmscriptenModule): void {
  const exports = target.LDSO.loadedLibsByName['__main__']?.exports ?? {};
  const malloc = exports['malloc'] as (bytes: number) => number;
  const free = exports['free'] as (pointer: number) => void;
  const grow = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'grow') ?? {};
  const complain = console.error;
  const held: number[] = [];
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError('the heap must not grow while its free memory is cleared');
  };
  // Emscripten reports each refusal.
  console.error = () => undefined;
  try {
    for (const bytes of [4 << 20, 1 << 20, 1 << 18, 1 << 16, 1 << 14, 1 << 12, 1 << 10]) {
      for (let pointer = malloc(bytes) >>> 0; pointer !== 0; pointer = malloc(bytes) >>> 0) {
        target.HEAPU8.fill(0, pointer, pointer + bytes);
        held.push(pointer);
      }
    }
    for (const pointer of held) free(pointer);
  } finally {
    Object.defineProperty(WebAssembly.Memory.prototype, 'grow', grow);
    console.error = complain;
  }
}
