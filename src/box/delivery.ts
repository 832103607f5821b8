import { invariant } from '../base/index.ts';
import type { EngineModule } from '../contracts/box.ts';
import type { ToBox } from './messages.ts';

type Part = Extract<ToBox, { op: 'part' }>;

export interface ReadyPart {
  readonly files: Record<string, ArrayBuffer>;
  readonly modules: Record<string, WebAssembly.Module>;
}

/** Inflates a part's files and compiles its modules. Rejects when an engine file is not what its spec says. */
export async function makePart(part: Part): Promise<ReadyPart> {
  const files = new Map<string, Promise<ArrayBuffer>>();
  for (const file of part.files) {
    const raw = file.inflatedBytes === null ? Promise.resolve(file.bytes) : inflate(file.bytes, file.inflatedBytes);
    files.set(file.name, raw);
  }
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

/** Gzip to raw bytes; rejects when the raw size is not `sizeBytes`. */
export async function inflate(packed: ArrayBuffer, sizeBytes: number): Promise<ArrayBuffer> {
  const raw = new Uint8Array(sizeBytes);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  let at = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    invariant(at + piece.value.length <= sizeBytes, 'an engine file inflates to its stated size');
    raw.set(piece.value, at);
    at += piece.value.length;
  }
  invariant(at === sizeBytes, 'an engine file inflates to its stated size');
  return raw.buffer;
}
