import type { EngineFile, EngineModule, EngineSpec, EngineStage } from '../contracts/box.ts';
import type { BoxHandle } from './box-handle.ts';
import { inflate } from './delivery.ts';

const LAST_STAGE: EngineStage = 2;

interface LoadedFile {
  readonly bytes: ArrayBuffer;
  readonly inflatedBytes: number | null;
}

/** Engine files and scripts read from the package once, for every box that the host opens. */
export class EngineBytes {
  readonly #files = new Map<string, Promise<LoadedFile>>();
  readonly #scripts = new Map<string, Promise<string>>();
  readonly #modules = new Map<string, Promise<readonly EngineModule[]>>();

  /** Sends script and parts through the wall, each as soon as it is read. Rejects when a file cannot be read. */
  async send(engine: EngineSpec, box: Promise<Pick<BoxHandle, 'tellBox' | 'hasSharedMemory'> | null>): Promise<void> {
    const script = kept(this.#scripts, engine.id, () => engine.script());
    const modules = kept(this.#modules, engine.id, () => engine.modules());
    const loads = engine.files.map((file) => ({ file, loaded: this.#load(engine, file) }));
    // Waited for below in order; one that fails meanwhile must not count as unhandled.
    void Promise.allSettled([script, modules, ...loads.map(({ loaded }) => loaded)]);
    const handle = await box;
    if (!handle) return;
    handle.tellBox({ op: 'start', script: await script });
    const stages = [...new Set([...engine.files.map((file) => file.stage ?? LAST_STAGE), LAST_STAGE])].sort();
    for (const stage of stages) {
      const chosen = loads.filter(({ file }) => (file.stage ?? LAST_STAGE) === stage);
      const found = await Promise.all(chosen.map(async ({ file, loaded }) => ({ name: file.name, ...(await loaded) })));
      // The bytes stay here for the next box. Another process gets a clone in any case; in the same one a copy that is
      // handed over costs half of a clone.
      const files = handle.hasSharedMemory ? found : found.map((file) => ({ ...file, bytes: file.bytes.slice(0) }));
      const names = new Set(files.map((file) => file.name));
      const own = stage === 0 ? [] : (await modules).filter((module) => names.has(module.file));
      const moved = handle.hasSharedMemory ? [] : files.map((file) => file.bytes);
      handle.tellBox({ op: 'part', stage, files, modules: own, isLast: stage === LAST_STAGE }, moved);
    }
  }

  /** Replaces an engine's packed files by their raw bytes, so that later boxes need not inflate them. */
  async keepInflated(engine: EngineSpec): Promise<void> {
    for (const file of engine.files) {
      const key = keyOf(engine, file);
      const loaded = await this.#files.get(key);
      if (!loaded || loaded.inflatedBytes === null) continue;
      const bytes = await inflate(loaded.bytes, loaded.inflatedBytes);
      this.#files.set(key, Promise.resolve({ bytes, inflatedBytes: null }));
    }
  }

  #load(engine: EngineSpec, file: EngineFile): Promise<LoadedFile> {
    return kept(this.#files, keyOf(engine, file), async () => ({
      bytes: await file.load(),
      inflatedBytes: file.inflatedBytes,
    }));
  }
}

const keyOf = (engine: EngineSpec, file: EngineFile): string => `${engine.id}/${file.name}`;

function kept<T>(store: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = store.get(key);
  if (known) return known;
  const loading = load();
  store.set(key, loading);
  loading.catch(() => store.delete(key)); // reported by whoever asked; the next one tries again
  return loading;
}
