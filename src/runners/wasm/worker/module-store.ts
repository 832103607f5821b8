import { belowMount, type EngineHost, FileError } from '../../kit/worker/index.ts';
import { boundModule, pagesFor } from './bound-module.ts';
import { createContentCache } from './module-cache.ts';
import type { ModuleSource } from './program.ts';
import { BadModule, type ModuleParts, readModule } from './sections.ts';
import type { Assembler } from './wat.ts';

const FILE_BYTES_MOST = 64 * 1024 * 1024;

export interface ReadyModule {
  readonly module: WebAssembly.Module;
  readonly parts: ModuleParts;
  /** The most that a memory may become, in pages. */
  readonly pages: number;
}

export interface ModuleStore {
  /** Rejects with `BadModule`, `WatProblem`, or the browser's `CompileError`. */
  open(source: ModuleSource, memoryMB: number): Promise<ReadyModule>;
}

/** Modules from where a run has them; what was compiled once in this worker is found again by its content. */
export function createModuleStore(host: EngineHost, assembler: Assembler): ModuleStore {
  const texts = createContentCache<Uint8Array<ArrayBuffer>>();
  const modules = createContentCache<Map<number, ReadyModule>>();
  const assemble = async (text: string): Promise<Uint8Array<ArrayBuffer>> => {
    const written = new TextEncoder().encode(text);
    const known = texts.get(written);
    if (known) return known;
    const made = await assembler.assemble(text);
    texts.set(written, made);
    return made;
  };
  const bytesOf = async (source: ModuleSource): Promise<Uint8Array<ArrayBuffer>> => {
    if (source.kind === 'bytes') return source.bytes;
    if (source.kind === 'wat') return assemble(source.text);
    const bytes = readFile(host, source.path);
    return source.path.endsWith('.wat') ? assemble(new TextDecoder().decode(bytes)) : bytes;
  };
  return {
    async open(source, memoryMB) {
      const bytes = await bytesOf(source);
      const known = modules.get(bytes);
      const ready = known?.get(memoryMB);
      if (ready) return ready;
      const parts = readModule(bytes);
      const pages = pagesFor(parts, memoryMB);
      const made = { module: await WebAssembly.compile(boundModule(bytes, pages)), parts, pages };
      modules.set(bytes, new Map(known).set(memoryMB, made));
      return made;
    },
  };
}

function readFile(host: EngineHost, given: string): Uint8Array<ArrayBuffer> {
  const path = belowMount(given, host.mountPath, host.mountPath);
  if (path === null) throw new BadModule(`There is no file ${given} in the workspace.`);
  try {
    const { kind, sizeBytes } = host.tree.stat(path);
    if (kind === 'directory') throw new BadModule(`${given} is a folder, not a module.`);
    if (sizeBytes > FILE_BYTES_MOST) throw new BadModule(`${given} is larger than 64 MB.`);
    return host.tree.read(path, 0, sizeBytes);
  } catch (error) {
    if (error instanceof FileError && error.errno === 'ENOENT') {
      throw new BadModule(`There is no file ${given} in the workspace.`);
    }
    throw error;
  }
}
