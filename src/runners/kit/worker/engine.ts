import type { OnBegun } from './network.ts';
import type { MachineUsage } from '../../../contracts/meter.ts';
import type { Language, TableView } from '../../../contracts/run.ts';
import type { SaveEnd, TerminalNews, WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import type { MachineSpec } from '../../../contracts/machine-spec.ts';
import type { SavedEngine } from '../../../contracts/runner.ts';
import type { TerminalRequest } from '../../../contracts/terminal.ts';
import type { WebNews, WebRequest } from '../../../contracts/web-protocol.ts';
import type { WorkerTree } from './worker-tree.ts';

export interface EngineRequest {
  /** Counts from 1 in a session. */
  readonly run: number;
  readonly language: Language;
  readonly code: string;
  readonly memoryMB: number;
  /** False where a person is asked for each line of input. */
  readonly isInputGiven: boolean;
  /** All that was given is nothing. */
  readonly isInputEmpty: boolean;
}

export interface CellResult {
  readonly exitCode: number;
  /** The last value as the language's own prompt would print it. */
  readonly result: string | null;
  /** Null where the program was stopped: the host says why. */
  readonly error: WorkerProgramError | null;
  /** True where the engine can run no more after this: its session is over, though the run ended well. */
  readonly isSpent?: boolean;
}

/** One engine in its worker, with the variables of one session. Runs come one at a time. */
export interface Engine {
  /** As the engine names itself, `QuickJS 2025-09-13`. */
  readonly version: string;
  /** Highest size of the engine's memory so far, in bytes. */
  memoryBytes(): number;
  /** The most memory of the program that runs or ran last; where that is the program's own, and the engine's size is fixed. */
  programBytes?(): number;
  /** Milliseconds, from any moment on, in which programs did not work; where the engine knows better than by its own waits. */
  waitedMs?(): number;
  /**
   * Runs one program to its end. Settles soon after `EngineHost.shouldStop` says so, whatever the program catches. Rejecting
   * means that the engine is broken: its worker is thrown away.
   */
  execute(request: EngineRequest): Promise<CellResult>;
  /** For the terminal of this number, beside whatever runs; what it tells goes to `EngineHost.tellTerminal`. */
  readonly terminal?: (id: number, request: TerminalRequest) => void;
  /** For the request, websocket or watch of this number; what is told of it goes to `EngineHost.tellWeb`. */
  readonly web?: (id: number, request: WebRequest) => void;
  /**
   * Gives itself as it is now to `EngineHost.keep`, before this settles. Not where it is in use; where it was not used since
   * the last time only when that is wanted. Absent where it cannot be saved.
   */
  readonly save?: (isWanted: boolean) => Promise<SaveEnd>;
  /** Null where the code can be parsed. Never runs it. */
  validate(code: string, language: Language): Promise<WorkerProgramError | null>;
}

/** What an engine may ask of its worker. Good for all runs of the session; between runs nothing of it is called but `network`. */
export interface EngineHost {
  /** Delivered files and compiled modules, by name. The engine drops what it no longer needs. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly modules: Map<string, WebAssembly.Module>;
  /** Files to read from as needed, by FileReaderSync: taken before the engine is made, programs find none. */
  readonly blobs: Map<string, Blob>;
  /** One of those that come late, once it is here. */
  readonly blob: (name: string) => Promise<Blob>;
  /** Where the session's files are served to an engine that reaches them by itself; settles once there is a session. */
  readonly filesPort: Promise<MessagePort>;
  /** What an earlier engine of the session gave to keep, null where there is nothing; settles with `filesPort`. */
  readonly saved: Promise<SavedEngine | null>;
  /** Gives the engine as it is now to keep for a later one of its session; null: what was kept is of no use. */
  keep(state: Uint8Array<ArrayBuffer> | null): void;
  /** Absolute path of the tree's root, as programs see it. */
  readonly mountPath: string;
  /** What the person of the session asked its machine to be; null for the usual one. */
  readonly machine: MachineSpec | null;
  /** True where a sleeping or reading program may block its worker. */
  readonly hasSharedMemory: boolean;
  readonly tree: WorkerTree;
  /** Shows text in order; 1 is stdout, 2 stderr. False once the run may print no more: unwind, the run is over. */
  write(stream: 1 | 2, text: string): boolean;
  /** Rich output: media type to text, base64 for binary types. False as for `write`. */
  display(data: Readonly<Record<string, string>>, table?: TableView | null): boolean;
  tellTerminal(id: number, news: TerminalNews): void;
  tellWeb(id: number, news: WebNews, transfer?: Transferable[]): void;
  /** The engine stands still because nobody uses it, or goes on. */
  tellResting(isResting: boolean): void;
  /** What the machine that is the engine uses now. */
  tellMachineUsage(usage: MachineUsage): void;
  /** The engine broke down, whether a program runs in it or not: its worker is thrown away. */
  tellBroken(detail: string): void;
  /** A sentence about the run for the person, beside its output. */
  notice(text: string): void;
  /**
   * True once the run must end: stopped, out of time, past a limit. Called often by the engine (interrupt handler, hook,
   * every host function): the only moment at which a busy worker lets its output go and looks at the clock.
   */
  shouldStop(): boolean;
  /** Milliseconds until the run's time is up. */
  remainingMs(): number;
  /** Blocks; only with shared memory. False when the run must end. */
  sleepSync(ms: number): boolean;
  /** False when the run must end. Ends early when `sooner` settles. */
  sleep(ms: number, sooner?: Promise<unknown>): Promise<boolean>;
  /**
   * A line of input without its end; null at the end of the input, and when the run must end. Blocks where it may; without
   * shared memory it can only give what was given before the run, and says so to the person.
   */
  readLine(prompt: string, isSecret?: boolean): string | null;
  /** The same for engines that can wait, in every browser. */
  readLineAsync(prompt: string, isSecret?: boolean): Promise<string | null>;
  /** Asks the network gate: JSON of a `NetworkRequest` to JSON of a `NetworkAnswer`. `onBegun` gets what ends it. */
  network(request: string, onBegun?: OnBegun): Promise<string>;
  /** A late part of the engine, by name; null where there is none. Without shared memory only `loadPart` has it. */
  loadPartSync(name: string): Uint8Array | null;
  loadPart(name: string): Promise<Uint8Array | null>;
}

/** Makes an engine from what was delivered. Rejecting means that it cannot start. */
export type CreateEngine = (host: EngineHost) => Promise<Engine>;
