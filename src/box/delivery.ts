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

/** The bytes of a file, of this box alone. */
export type BytesOf = (content: Blob | number) => Promise<ArrayBuffer>;

/** Modules of one engine that are compiled before it is wanted, by name. */
export interface AheadModules {
  readonly engine: string;
  readonly modules: ReadonlyMap<string, Promise<WebAssembly.Module>>;
}

/** Reads files into memory of this box alone; those that go as blobs are left as they are. */
function readFiles(parts: Part['files'], bytesOf: BytesOf): Map<string, Promise<ArrayBuffer>> {
  const read = new Map<Blob | number, Promise<ArrayBuffer>>();
  const files = new Map<string, Promise<ArrayBuffer>>();
  for (const { name, content, asBlob, slice } of parts) {
    if (asBlob) continue;
    const reading = read.get(content) ?? bytesOf(content);
    read.set(content, reading);
    files.set(name, slice ? reading.then((raw) => raw.slice(slice.offset, slice.offset + slice.length)) : reading);
  }
  return files;
}

const asBlobOf = async (content: Blob | number, bytesOf: BytesOf): Promise<Blob> =>
  content instanceof Blob ? content : new Blob([await bytesOf(content)]);

async function compile(
  module: EngineModule,
  files: ReadonlyMap<string, Promise<ArrayBuffer>>,
): Promise<WebAssembly.Module> {
  const raw = await files.get(module.file);
  invariant(raw, `module ${module.name} names a file of its own stage`);
  const view = module.slice ? new Uint8Array(raw, module.slice.offset, module.slice.length) : new Uint8Array(raw);
  return WebAssembly.compile(view);
}

/** Begins to compile what an engine will need; whoever asks for one that cannot be compiled is told. `files`: all that came. */
export function compileAhead(
  { engine, files, modules }: Pick<Extract<ToBox, { op: 'compile' }>, 'engine' | 'files' | 'modules'>,
  bytesOf: BytesOf,
): { readonly ahead: AheadModules; readonly files: ReadonlyMap<string, Promise<ArrayBuffer>> } {
  const read = readFiles(files, bytesOf);
  const compiled = new Map(modules.map((module) => [module.name, compile(module, read)]));
  void Promise.allSettled([...compiled.values(), ...read.values()]);
  return { ahead: { engine, modules: compiled }, files: read };
}

/**
 * Reads a part's files and compiles their modules, but for those that are compiled already. Rejects when a module is not
 * valid.
 */
export async function makePart(part: Part, ahead: AheadModules | null, bytesOf: BytesOf): Promise<ReadyPart> {
  const files = readFiles(part.files, bytesOf);
  const known = ahead !== null && ahead.engine === part.engine ? ahead.modules : null;
  const asBlobs = part.files.filter(({ asBlob }) => asBlob);
  const late = new Set(asBlobs.map(({ name }) => name));
  const early = part.modules.filter(({ file }) => !late.has(file));
  // side by side: compiling needs no blob
  const [modules, blobs, named] = await Promise.all([
    Promise.all(
      early.map(
        async (module): Promise<[string, WebAssembly.Module]> => [
          module.name,
          await (known?.get(module.name) ?? compile(module, files)),
        ],
      ),
    ),
    Promise.all(
      asBlobs.map(async ({ name, content }): Promise<[string, Blob]> => [name, await asBlobOf(content, bytesOf)]),
    ),
    Promise.all([...files].map(async ([name, raw]): Promise<[string, ArrayBuffer]> => [name, await raw])),
  ]);
  return { files: Object.fromEntries(named), blobs: Object.fromEntries(blobs), modules: Object.fromEntries(modules) };
}

/** Compiles the modules in a part's blobs, one after another: the worker has work of its own and can do without them. */
export async function* lateModules(
  modules: readonly EngineModule[],
  blobs: ReadyPart['blobs'],
): AsyncGenerator<Named<WebAssembly.Module>> {
  for (const [name, blob] of Object.entries(blobs)) {
    for (const module of modules) {
      if (module.file !== name) continue;
      const { slice } = module;
      const bytes = await (slice ? blob.slice(slice.offset, slice.offset + slice.length) : blob).arrayBuffer();
      yield { [module.name]: await WebAssembly.compile(bytes) };
    }
  }
}
