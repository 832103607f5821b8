import type { EngineFile, EngineModule, EngineSpec, EngineStage } from '../contracts/box.ts';
import type { BoxHandle } from './box-handle.ts';

const LAST_STAGE: EngineStage = 2;

/** Engine files and scripts read from the package once, for every box that the host opens. */
export class EngineBytes {
  readonly #files = new Map<string, Promise<ArrayBuffer>>();
  readonly #scripts = new Map<string, Promise<string>>();
  readonly #modules = new Map<string, Promise<readonly EngineModule[]>>();

  /** Sends script and parts through the wall, each as soon as it is read. Rejects when a file cannot be read. */
  async send(engine: EngineSpec, box: Promise<BoxHandle | null>): Promise<void> {
    const script = kept(this.#scripts, engine.id, () => engine.script());
    const modules = kept(this.#modules, engine.id, () => engine.modules());
    const loads = engine.files.map((file) => ({ file, bytes: this.#load(engine, file) }));
    // Waited for below in order; one that fails meanwhile must not count as unhandled.
    void Promise.allSettled([script, modules, ...loads.map(({ bytes }) => bytes)]);
    const handle = await box;
    handle?.tellBox({ op: 'start', script: await script });
    const stagesOfFiles = engine.files.map((file) => file.stage ?? LAST_STAGE);
    const stages = [...new Set([...stagesOfFiles, LAST_STAGE])].sort();
    for (const stage of stages) {
      const chosen = loads.filter(({ file }) => (file.stage ?? LAST_STAGE) === stage);
      const files = await Promise.all(
        chosen.map(async ({ file, bytes }) => ({
          name: file.name,
          bytes: await bytes,
          inflatedBytes: file.inflatedBytes,
        })),
      );
      const names = new Set(files.map((file) => file.name));
      const own = stage === 0 ? [] : (await modules).filter((module) => names.has(module.file));
      // Cloned, not transferred: the bytes stay here for the next box.
      handle?.tellBox({ op: 'part', stage, files, modules: own, isLast: stage === LAST_STAGE });
    }
  }

  #load(engine: EngineSpec, file: EngineFile): Promise<ArrayBuffer> {
    return kept(this.#files, `${engine.id}/${file.name}`, () => file.load());
  }
}

function kept<T>(store: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = store.get(key);
  if (known) return known;
  const loading = load();
  store.set(key, loading);
  loading.catch(() => store.delete(key)); // reported by whoever asked; the next one tries again
  return loading;
}
