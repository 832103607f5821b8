import type { Result } from '../base/index.ts';
import type { AppError } from './errors.ts';
import type { FileAnswer, FileOperation } from './files.ts';

/**
 * When a part of an engine reaches its worker: stages are delivered in order, each as soon as it is complete, so that a
 * worker can start its engine while big data is still being read.
 */
export type EngineStage = 0 | 1 | 2;

/** A file of an engine, as the host hands it to a box. */
export interface EngineFile {
  readonly name: string;
  /**
   * Read from the package by the host, once for all boxes (the opener keeps the blob). A blob, because a box reads one in
   * a fifth of the time that a copy of the bytes takes through the wall (decision 0029).
   */
  load(): Promise<Blob>;
  /** The same as bytes of the caller's own, for each box anew; where it is known, and boxes live in the host's own process. */
  readonly loadBytes?: () => Promise<ArrayBuffer>;
  /** Default 2. Stage 0 is for scripts: it waits for nothing else. */
  readonly stage?: EngineStage;
  /**
   * The worker gets the blob and reads of it what it needs, when it needs it. For big files of which most starts use little:
   * of an engine with stages it comes last of all, in a box ahead of need after the other files of the early stages.
   */
  readonly asBlob?: boolean;
}

/** A WebAssembly module that the box compiles and gives to its worker. */
export interface EngineModule {
  readonly name: string;
  /**
   * Name of the file that holds it; the module is delivered in that file's stage, which is not 0. Those of a file that goes
   * `asBlob` follow when the box has time, in deliveries of their own, or not at all: the worker must do without.
   */
  readonly file: string;
  /** Of the raw bytes. Null takes the whole file. */
  readonly slice: { readonly offset: number; readonly length: number } | null;
}

export interface EngineSpec {
  readonly id: string;
  /** The worker's script as text; a classic script. */
  script(): Promise<string>;
  readonly files: readonly EngineFile[];
  /** Known only once an index file was read, hence a function. */
  modules(): Promise<readonly EngineModule[]>;
  /**
   * Posted to the worker before anything else, while the wall is still being proven: it starts the engine and never holds a
   * program.
   */
  readonly opening?: unknown;
  /**
   * Posted after `opening` to a worker that nobody gets, in the empty box, which ends with its first message of `lastKind`:
   * what it calls is compiled for the worker that comes after it. Nobody's program; for engines whose files name no stages.
   */
  readonly rehearsal?: { readonly posts: readonly unknown[]; readonly lastKind: string };
  /**
   * Nothing of it waits for the last stage: where the device can afford it, one worker of it starts whole in a box ahead of
   * need (decision 0055). For engines that start in little memory; their files name no stages.
   */
  readonly startsWhole?: boolean;
  /** It holds much memory: made ahead of need only where `warm` asks for it, beside the spare of others, and once for each time. */
  readonly isCostly?: boolean;
}

/**
 * What a worker of a box gets: one message a stage that has parts, in order. Other messages come after the last stage but
 * one, so that an engine can start before its big data is there. A spec that names no stages is delivered whole, in one
 * message, before any other.
 */
export interface EngineDelivery {
  readonly kind: 'engine';
  readonly stage: EngineStage;
  /** True for the last one: nothing more comes but late modules. */
  readonly isLast: boolean;
  /** Private to this worker (one box, one worker): it may write to them. Only this stage's. */
  readonly files: Readonly<Record<string, ArrayBuffer>>;
  /** Files that were asked for `asBlob`; a worker reads them at once by FileReaderSync. Only this stage's; absent without any. */
  readonly blobs?: Readonly<Record<string, Blob>>;
  /** Only this stage's. */
  readonly modules: Readonly<Record<string, WebAssembly.Module>>;
  /** Null where there is no shared memory. */
  readonly stop: SharedArrayBuffer | null;
  readonly mailbox: SharedArrayBuffer | null;
}

export interface PostOptions {
  readonly transfer?: readonly Transferable[];
  /** The worker asked for it: a flood of its questions earns no more deliveries than any other. */
  readonly isAnswer?: boolean;
}

/** One box with its one worker, from the host's side. */
export interface BoxWorker {
  readonly boxId: string;
  /** True where the worker has shared memory: live files, interrupts. */
  readonly hasSharedMemory: boolean;
  /** True when it comes from the spare and `prepare` of `BoxOpener.warm` has run in it. */
  readonly isPrepared: boolean;
  post(message: unknown, options?: PostOptions): void;
  /**
   * Messages come in the order they were sent; those sent before a listener was there wait for it. At most 60 deliveries a second, and
   * eight more after each `post` that is no answer.
   */
  onMessage(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void;
  /**
   * Asks the worker to stop what it does: sets the stop words, again every 40 ms until `settle`; and posts one
   * `{kind:'interrupt'}` for workers that wait in their event loop (and for those without shared memory).
   */
  interrupt(): void;
  settle(): void;
  /**
   * Answers the worker's file operations until the box closes; one at a time, in order, without deadline. Paths are
   * checked for shape only. Without shared memory the answer is posted as `{kind:'fileAnswer', id, answer}`.
   */
  serveFiles(perform: (operation: FileOperation) => Promise<FileAnswer>): void;
  /** Ends worker and frame at once. A second call does nothing. */
  close(): void;
  /** Settles when the box is gone, for whatever reason. */
  readonly closed: Promise<'closed' | 'crashed'>;
  /** Why it crashed, once it has. */
  readonly crashReason: string | null;
}

/** Opens boxes, proves each before use, keeps one spare. Implemented by src/box. */
export interface BoxOpener {
  /**
   * Takes the spare if it was warmed for this engine, else opens a box. Never rejects: `box/self-test-failed`, `box/lost`,
   * `run/stopped` when `signal` aborts. The caller owns the worker and closes it.
   */
  open(engine: EngineSpec, options: { readonly signal: AbortSignal }): Promise<Result<BoxWorker, AppError>>;
  /**
   * Keeps one box of this engine open ahead of need from now on (replaces an earlier wish). `prepare` finishes the
   * engine's own start in it; must close nothing. Its failure drops the spare; the next `open` then starts afresh.
   */
  warm(engine: EngineSpec, prepare: (worker: BoxWorker) => Promise<void>): void;
}

/** What opens boxes, told of an `open` that is about to come. */
export interface ExpectsEngines {
  /** Begins a costly engine now; ended where nobody opens it within ten seconds. Nothing is begun where memory is short. */
  expect(engine: EngineSpec): void;
}
