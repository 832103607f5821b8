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

/** Modules of one engine that are compiled before it is wanted, by name. */
export interface AheadModules {
  readonly engine: string;
  readonly modules: ReadonlyMap<string, Promise<WebAssembly.Module>>;
}

/** Reads files into memory of this box alone; those that go as blobs are left as they are. */
function readFiles(parts: Part['files']): Map<string, Promise<ArrayBuffer>> {
  const read = new Map<Blob, Promise<ArrayBuffer>>();
  const files = new Map<string, Promise<ArrayBuffer>>();
  for (const { name, blob, asBlob, slice } of parts) {
    if (asBlob) continue;
    const reading = read.get(blob) ?? blob.arrayBuffer();
    read.set(blob, reading);
    files.set(name, slice ? reading.then((raw) => raw.slice(slice.offset, slice.offset + slice.length)) : reading);
  }
  return files;
}

async function compile(
  module: EngineModule,
  files: ReadonlyMap<string, Promise<ArrayBuffer>>,
): Promise<WebAssembly.Module> {
  const raw = await files.get(module.file);
  invariant(raw, `module ${module.name} names a file of its own stage`);
  const view = module.slice ? new Uint8Array(raw, module.slice.offset, module.slice.length) : new Uint8Array(raw);
  return WebAssembly.compile(view);
}

/** Begins to compile what an engine will need; whoever asks for one that cannot be compiled is told. */
export function compileAhead({ engine, files, modules }: Extract<ToBox, { op: 'compile' }>): AheadModules {
  const read = readFiles(files);
  const compiled = new Map(modules.map((module) => [module.name, compile(module, read)]));
  void Promise.allSettled(compiled.values());
  return { engine, modules: compiled };
}

/**
 * Reads a part's files and compiles their modules, but for those that are compiled already. Rejects when a module is not
 * valid.
 */
export async function makePart(part: Part, ahead: AheadModules | null): Promise<ReadyPart> {
  const files = readFiles(part.files);
  const known = ahead !== null && ahead.engine === part.engine ? ahead.modules : null;
  const blobs = part.files.flatMap(({ name, blob, asBlob }): [string, Blob][] => (asBlob ? [[name, blob]] : []));
  const late = new Set(blobs.map(([name]) => name));
  const modules = await Promise.all(
    part.modules
      .filter(({ file }) => !late.has(file))
      .map(
        async (module): Promise<[string, WebAssembly.Module]> => [
          module.name,
          await (known?.get(module.name) ?? compile(module, files)),
        ],
      ),
  );
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
