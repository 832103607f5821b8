import type { Result } from '../base/index.ts';
import type { AppError } from './errors.ts';
import type { FileAnswer, FileOperation } from './files.ts';

/** A file of an engine, as the host hands it to a box. */
export interface EngineFile {
  readonly name: string;
  /** Read from the package by the host; transferred into the box. */
  load(): Promise<ArrayBuffer>;
  /** Set for gzip data: the box inflates it straight into the memory that its workers share; the raw size in bytes. */
  readonly inflatedBytes: number | null;
}

/** A WebAssembly module that the box compiles once and gives to each of its workers. */
export interface EngineModule {
  readonly name: string;
  readonly file: string;
  /** Null takes the whole file. */
  readonly slice: { readonly offset: number; readonly length: number } | null;
}

export interface EngineSpec {
  readonly id: string;
  /** The worker's script as text; a classic script. */
  script(): Promise<string>;
  readonly files: readonly EngineFile[];
  /** Known only once an index file was read, hence a function. */
  modules(): Promise<readonly EngineModule[]>;
}

/** What a worker of a box gets as its first message (`{kind:'engine', …}`), before anything of the runner protocol. */
export interface EngineDelivery {
  readonly kind: 'engine';
  /** Shared among the workers of this box in Chromium (never write to it), a copy elsewhere. */
  readonly files: Readonly<Record<string, ArrayBuffer | SharedArrayBuffer>>;
  readonly modules: Readonly<Record<string, WebAssembly.Module>>;
  /** Null where there is no shared memory. */
  readonly stop: SharedArrayBuffer | null;
  readonly mailbox: SharedArrayBuffer | null;
}

/** One box with its one worker, from the host's side. */
export interface BoxWorker {
  readonly boxId: string;
  /** True where the worker has shared memory: live files, interrupts. */
  readonly hasSharedMemory: boolean;
  post(message: unknown, transfer?: readonly Transferable[]): void;
  onMessage(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void;
  /** Sets the stop words again every 40 ms until `settle` is called; does nothing without shared memory. */
  interrupt(): void;
  settle(): void;
  /** Answers the worker's file operations until the box closes. */
  serveFiles(perform: (operation: FileOperation) => Promise<FileAnswer>): void;
  /** Ends worker and frame at once. A second call does nothing. */
  close(): void;
  /** Settles when the box is gone, for whatever reason. */
  readonly closed: Promise<'closed' | 'crashed'>;
}

/** Opens boxes, proves each before use, keeps one spare. Implemented by src/box/frame.ts. */
export interface BoxOpener {
  open(engine: EngineSpec, options: { readonly signal: AbortSignal }): Promise<Result<BoxWorker, AppError>>;
}
