import { invariant } from '../base/index.ts';
import type { EngineModule } from '../contracts/box.ts';
import type { ToBox } from './messages.ts';

type Part = Extract<ToBox, { op: 'part' }>;
type Named<T> = Record<string, T>;

export interface ReadyPart {
  readonly files: Named<ArrayBuffer>;
  readonly blobs: Named<Blob>;
  readonly modules: Named<WebAssembly.Module>;
}

/**
 * Reads a part's files, into memory of this box alone, and compiles their modules; files that go as blobs are left as they
 * are. Rejects when a module is not valid.
 */
export async function makePart(part: Part): Promise<ReadyPart> {
  const read = new Map<Blob, Promise<ArrayBuffer>>();
  const files = new Map<string, Promise<ArrayBuffer>>();
  for (const { name, blob, asBlob, slice } of part.files) {
    if (asBlob) continue;
    const reading = read.get(blob) ?? blob.arrayBuffer();
    read.set(blob, reading);
    files.set(name, slice ? reading.then((raw) => raw.slice(slice.offset, slice.offset + slice.length)) : reading);
  }
  const compile = async (module: EngineModule): Promise<[string, WebAssembly.Module]> => {
    const raw = await files.get(module.file);
    invariant(raw, `module ${module.name} names a file of its own stage`);
    const view = module.slice ? new Uint8Array(raw, module.slice.offset, module.slice.length) : new Uint8Array(raw);
    return [module.name, await WebAssembly.compile(view)];
  };
  const blobs = part.files.flatMap(({ name, blob, asBlob }): [string, Blob][] => (asBlob ? [[name, blob]] : []));
  const late = new Set(blobs.map(([name]) => name));
  const modules = await Promise.all(part.modules.filter(({ file }) => !late.has(file)).map(compile));
  const named = await Promise.all(
    [...files].map(async ([name, raw]): Promise<[string, ArrayBuffer]> => [name, await raw]),
  );
  return { files: Object.fromEntries(named), blobs: Object.fromEntries(blobs), modules: Object.fromEntries(modules) };
}

/** Compiles the modules in a part's blobs, one after another: the worker has work of its own and can do without them. */
export async function* lateModules(part: Part): AsyncGenerator<Named<WebAssembly.Module>> {
  for (const { name, blob, asBlob } of part.files) {
    if (!asBlob) continue;
    for (const module of part.modules) {
      if (module.file !== name) continue;
      const { slice } = module;
      const bytes = await (slice ? blob.slice(slice.offset, slice.offset + slice.length) : blob).arrayBuffer();
      yield { [module.name]: await WebAssembly.compile(bytes) };
    }
  }
}
