import type { EngineFile, EngineModule, EngineSpec, EngineStage } from '../contracts/box.ts';
import type { BoxHandle } from './box-handle.ts';
import type { BoxFile } from './messages.ts';

const LAST_STAGE: EngineStage = 2;

type Box = Pick<BoxHandle, 'tellBox' | 'carry'>;
type Wanted = Promise<Box | null>;

interface Sending {
  readonly stage: EngineStage;
  readonly opensPosts: boolean;
  /** Default false. */
  readonly isLast?: boolean;
  readonly which: (file: EngineFile) => boolean;
}

const isBlob = (file: EngineFile): boolean => file.asBlob ?? false;
const stageOf = (file: EngineFile): EngineStage => file.stage ?? LAST_STAGE;

/**
 * True when the engine can begin ahead of need: it starts whole, or something of it comes before its last stage. One that is
 * costly begins only where it is asked for.
 */
export function canBegin(engine: EngineSpec): boolean {
  return engine.startsWhole === true || (isStaged(engine) && engine.isCostly !== true);
}

const isStaged = (engine: EngineSpec): boolean => engine.files.some((file) => stageOf(file) !== LAST_STAGE);

/**
 * Has all files of an engine read: what starts it first, what is big only then, since beside it the first would come late,
 * and last what an engine starts without. Whoever asks for a file that could not be read is told.
 */
export function readInOrder(engine: EngineSpec, load: (file: EngineFile) => Promise<unknown>): void {
  const turnOf = (file: EngineFile): number => {
    if (!isStaged(engine)) return 0;
    if (stageOf(file) === LAST_STAGE) return 1;
    return isBlob(file) ? 2 : 0;
  };
  const read = (turn: number) => Promise.allSettled(engine.files.filter((file) => turnOf(file) === turn).map(load));
  void read(0)
    .then(() => read(1))
    .then(() => read(2));
}

/**
 * Engine files and scripts for every box that the host opens. Read from the package once, as blobs; but those of which `loadBytes` is
 * known for each box anew where its page lives in the host's process, which then hands the bytes over (`carries`, decisions 0122, 0183).
 */
export class EngineBytes {
  readonly #carries: boolean;
  /** What is read for a box ahead of sending it. */
  readonly #carried = new WeakMap<Wanted, Map<string, Promise<ArrayBuffer>>>();
  readonly #files = new Map<string, Promise<Blob>>();
  readonly #scripts = new Map<string, Promise<string>>();
  readonly #whole = new Map<string, Promise<readonly BoxFile[]>>();
  readonly #modules = new Map<string, Promise<readonly EngineModule[]>>();

  constructor({ carries = false }: { readonly carries?: boolean } = {}) {
    this.#carries = carries;
  }

  /**
   * Sends script, opening and every stage but the last through the wall, each as soon as it is read, without what goes as
   * blobs; all of an engine that starts whole. Rejects when a file cannot be read. `isAhead`: nobody waits for the rest yet.
   */
  async begin(engine: EngineSpec, box: Wanted, { isAhead = false } = {}): Promise<void> {
    const script = kept(this.#scripts, engine.id, () => engine.script());
    // They are waited for in order, and one that fails meanwhile must not count as unhandled.
    void Promise.allSettled([script, this.#modulesOf(engine)]);
    readInOrder(engine, async (file) => {
      // What is carried is held for this box alone: not for one that may never be wanted.
      if (!isAhead || this.#ownBytes(file) === undefined) await this.#read(engine, file, box);
    });
    const handle = await box;
    if (!handle) return;
    handle.tellBox({ op: 'start', script: await script });
    if (engine.opening !== undefined)
      handle.tellBox({ op: 'post', message: engine.opening, transfer: [], isAnswer: false });
    if (engine.startsWhole === true) return this.#sendRest(engine, handle, box);
    const stages = earlyStages(engine);
    const compiled = new Set((await this.#modulesOf(engine)).map((module) => module.file));
    for (const stage of stages) {
      const own = engine.files.filter((file) => stageOf(file) === stage && !isBlob(file));
      // Compiling takes longest: it begins as soon as there is something to compile.
      const first = own.filter((file) => compiled.has(file.name));
      const isSplit = stage !== 0 && first.length > 0 && first.length < own.length;
      const groups = isSplit ? [first, own.filter((file) => !first.includes(file))] : [own];
      for (const group of groups) {
        const opensPosts = stage === stages.at(-1) && group === groups.at(-1);
        await this.#send(engine, handle, box, { stage, opensPosts, which: (file) => group.includes(file) });
      }
    }
  }

  /**
   * Sends the blobs of the early stages, of which an engine reads when a program needs it to: nothing that starts one waits
   * until they have been read from the package. To be called once for a box, after `begin`.
   */
  async sendBlobs(engine: EngineSpec, box: Wanted): Promise<void> {
    const handle = await box;
    if (!handle || !isStaged(engine)) return;
    for (const stage of earlyStages(engine)) {
      if (!engine.files.some((file) => stageOf(file) === stage && isBlob(file))) continue;
      await this.#send(engine, handle, box, { stage, opensPosts: false, which: isBlob });
    }
  }

  /** Sends the last stage, if it is still to come. To be called once `begin` is done, for the same engine and box. */
  async finish(engine: EngineSpec, box: Wanted): Promise<void> {
    const handle = await box;
    if (handle && engine.startsWhole !== true) await this.#sendRest(engine, handle, box);
  }

  /** Has an engine's modules compiled in a box that waits for whichever engine is wanted. Rejects when a file cannot be read. */
  async compileAhead(engine: EngineSpec, handle: Box): Promise<void> {
    const modules = await this.#modulesOf(engine);
    const compiled = new Set(modules.map((module) => module.file));
    const { opening } = engine;
    // Firefox, where bytes are carried, compiles modules whole: there a rehearsal gains nothing (measured).
    const rehearsal = this.#carries ? undefined : engine.rehearsal;
    const files = (await this.#joined(engine)).filter(
      ({ name, asBlob }) => compiled.has(name) || (rehearsal !== undefined && !asBlob),
    );
    handle.tellBox({
      op: 'compile',
      engine: engine.id,
      files,
      modules,
      rehearsal: rehearsal
        ? {
            script: await kept(this.#scripts, engine.id, () => engine.script()),
            posts: [opening, ...rehearsal.posts],
            lastKind: rehearsal.lastKind,
          }
        : null,
    });
  }

  async #sendRest(engine: EngineSpec, handle: Box, box: Wanted): Promise<void> {
    const last = engine.files.filter((file) => stageOf(file) === LAST_STAGE);
    if (!this.#goesApart(engine) || last.length === 0)
      return this.#send(engine, handle, box, {
        stage: LAST_STAGE,
        opensPosts: !isStaged(engine),
        isLast: true,
        which: () => true,
      });
    void Promise.allSettled(last.map((file) => this.#read(engine, file, box)));
    // One by one: the box reads or compiles the first while the next is still being read from the package.
    for (const [at, file] of last.entries()) {
      const isLast = at === last.length - 1;
      const opensPosts = isLast && !isStaged(engine);
      const which = (one: EngineFile) => one === file;
      await this.#send(engine, handle, box, { stage: LAST_STAGE, opensPosts, isLast, which });
    }
  }

  async #send(
    engine: EngineSpec,
    handle: Box,
    box: Wanted,
    { stage, opensPosts, isLast = false, which }: Sending,
  ): Promise<void> {
    const chosen = engine.files.filter((file) => stageOf(file) === stage && which(file));
    const files = await (this.#goesApart(engine) ? this.#each(engine, chosen, handle, box) : this.#joined(engine));
    const names = new Set(files.map((file) => file.name));
    const own = stage === 0 ? [] : (await this.#modulesOf(engine)).filter((module) => names.has(module.file));
    handle.tellBox({ op: 'part', engine: engine.id, stage, files, modules: own, opensPosts, isLast });
  }

  /** Whether an engine's files are sent as they are, not in the blobs that join all of them. */
  #goesApart(engine: EngineSpec): boolean {
    return isStaged(engine) || engine.files.some((file) => this.#ownBytes(file) !== undefined);
  }

  #each(engine: EngineSpec, chosen: readonly EngineFile[], handle: Box, box: Wanted): Promise<readonly BoxFile[]> {
    return Promise.all(
      chosen.map(async (file) => {
        const read = await this.#read(engine, file, box);
        const content = read instanceof Blob ? read : handle.carry(read);
        if (!(read instanceof Blob)) this.#carried.get(box)?.delete(file.name);
        return { name: file.name, content, asBlob: isBlob(file), slice: null };
      }),
    );
  }

  /** Reads the file for one box alone; undefined where all boxes share its blob. */
  #ownBytes(file: EngineFile): EngineFile['loadBytes'] {
    return this.#carries ? file.loadBytes : undefined;
  }

  /** The file for one box: bytes that are its own, or the blob that all share. */
  #read(engine: EngineSpec, file: EngineFile, box: Wanted): Promise<ArrayBuffer | Blob> {
    const loadBytes = this.#ownBytes(file);
    if (loadBytes === undefined) return this.#load(engine, file);
    const carried = this.#carried.get(box) ?? new Map<string, Promise<ArrayBuffer>>();
    this.#carried.set(box, carried);
    return kept(carried, file.name, loadBytes);
  }

  /**
   * All files of an engine without stages, in two blobs: what is compiled, which takes longest, is read apart from the rest.
   * Those that it gets as blobs are big, and stay as they are.
   */
  #joined(engine: EngineSpec): Promise<readonly BoxFile[]> {
    return kept(this.#whole, engine.id, async () => {
      const all = await Promise.all(
        engine.files.map(async (file) => ({
          name: file.name,
          blob: await this.#load(engine, file),
          asBlob: isBlob(file),
        })),
      );
      const compiled = new Set((await this.#modulesOf(engine)).map((module) => module.file));
      const each = all.filter(({ asBlob }) => !asBlob);
      const [first, rest] = await Promise.all([
        joinedBlob(each.filter(({ name }) => compiled.has(name))),
        joinedBlob(each.filter(({ name }) => !compiled.has(name))),
      ]);
      const whole = all.filter(({ asBlob }) => asBlob);
      return [
        ...first,
        ...rest,
        ...whole.map(({ name, blob }) => ({ name, content: blob, asBlob: true, slice: null })),
      ];
    });
  }

  #modulesOf(engine: EngineSpec): Promise<readonly EngineModule[]> {
    return kept(this.#modules, engine.id, () => engine.modules());
  }

  #load(engine: EngineSpec, file: EngineFile): Promise<Blob> {
    return kept(this.#files, `${engine.id}/${file.name}`, () => file.load());
  }
}

/** Their bytes in one blob, not the blobs themselves: a blob of blobs is read as slowly as they are. */
async function joinedBlob(files: readonly { readonly name: string; readonly blob: Blob }[]): Promise<BoxFile[]> {
  const bytes = await Promise.all(files.map(({ blob }) => blob.arrayBuffer()));
  const content = new Blob(bytes);
  let offset = 0;
  return files.map(({ name }, at) => {
    const length = bytes[at]?.byteLength ?? 0;
    const slice = { offset, length };
    offset += length;
    return { name, content, asBlob: false, slice };
  });
}

function earlyStages(engine: EngineSpec): readonly EngineStage[] {
  const stages = new Set(engine.files.map(stageOf));
  return ([0, 1] as const).filter((stage) => stages.has(stage));
}

function kept<T>(store: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = store.get(key);
  if (known) return known;
  const loading = load();
  store.set(key, loading);
  loading.catch(() => store.delete(key)); // reported by whoever asked; the next one tries again
  return loading;
}
