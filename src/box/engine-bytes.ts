import type { EngineFile, EngineModule, EngineSpec, EngineStage } from '../contracts/box.ts';
import type { BoxHandle } from './box-handle.ts';

const LAST_STAGE: EngineStage = 2;

/** Engine files and scripts read from the package once, for every box that the host opens. */
export class EngineBytes {
  readonly #files = new Map<string, Promise<Blob>>();
  readonly #scripts = new Map<string, Promise<string>>();
  readonly #modules = new Map<string, Promise<readonly EngineModule[]>>();

  /** Sends script and parts through the wall, each as soon as it is read. Rejects when a file cannot be read. */
  async send(engine: EngineSpec, box: Promise<Pick<BoxHandle, 'tellBox'> | null>): Promise<void> {
    const script = kept(this.#scripts, engine.id, () => engine.script());
    const modules = kept(this.#modules, engine.id, () => engine.modules());
    const loads = engine.files.map((file) => ({ file, loaded: this.#load(engine, file) }));
    // Waited for below in order; one that fails meanwhile must not count as unhandled.
    void Promise.allSettled([script, modules, ...loads.map(({ loaded }) => loaded)]);
    const handle = await box;
    if (!handle) return;
    handle.tellBox({ op: 'start', script: await script });
    if (engine.opening !== undefined) handle.tellBox({ op: 'post', message: engine.opening, transfer: [] });
    const stages = [...new Set([...engine.files.map((file) => file.stage ?? LAST_STAGE), LAST_STAGE])].sort();
    const opensPosts = stages.at(-2) ?? LAST_STAGE;
    for (const stage of stages) {
      const chosen = loads.filter(({ file }) => (file.stage ?? LAST_STAGE) === stage);
      const files = await Promise.all(
        chosen.map(async ({ file, loaded }) => ({ name: file.name, blob: await loaded })),
      );
      const names = new Set(files.map((file) => file.name));
      const own = stage === 0 ? [] : (await modules).filter((module) => names.has(module.file));
      const isLast = stage === LAST_STAGE;
      handle.tellBox({ op: 'part', stage, files, modules: own, opensPosts: stage === opensPosts, isLast });
    }
  }

  #load(engine: EngineSpec, file: EngineFile): Promise<Blob> {
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
