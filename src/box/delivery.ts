import { invariant } from '../base/index.ts';
import type { EngineModule } from '../contracts/box.ts';
import type { ToBox } from './messages.ts';

type Part = Extract<ToBox, { op: 'part' }>;

export interface ReadyPart {
  readonly files: Record<string, ArrayBuffer>;
  readonly modules: Record<string, WebAssembly.Module>;
}

/** Reads a part's files, into memory of this box alone, and compiles its modules. Rejects when a module is not valid. */
export async function makePart(part: Part): Promise<ReadyPart> {
  const files = new Map<string, Promise<ArrayBuffer>>();
  for (const { name, blob } of part.files) files.set(name, blob.arrayBuffer());
  const compile = async (module: EngineModule): Promise<[string, WebAssembly.Module]> => {
    const raw = await files.get(module.file);
    invariant(raw, `module ${module.name} names a file of its own stage`);
    const view = module.slice ? new Uint8Array(raw, module.slice.offset, module.slice.length) : new Uint8Array(raw);
    return [module.name, await WebAssembly.compile(view)];
  };
  const modules = await Promise.all(part.modules.map(compile));
  const named = await Promise.all(
    [...files].map(async ([name, raw]): Promise<[string, ArrayBuffer]> => [name, await raw]),
  );
  return { files: Object.fromEntries(named), modules: Object.fromEntries(modules) };
}
