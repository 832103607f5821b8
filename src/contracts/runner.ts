import type { Result } from '../base/index.ts';
import type { BoxOpener, ExpectsEngines } from './box.ts';
import type { AppError } from './errors.ts';
import type { SessionFiles } from './files.ts';
import type { SessionId } from './ids.ts';
import type { MachineUsage } from './meter.ts';
import type { AskNetwork } from './network.ts';
import type { Outcome } from './outcome.ts';
import type { EngineWeb } from './preview.ts';
import type { Language, RunEvent, RunLimits } from './run.ts';
import type { EngineTerminal, TerminalEvents, TerminalSize } from './terminal.ts';

export interface RunnerManifest {
  readonly id: string;
  readonly languages: readonly Language[];
  /** Endings of files in these languages, without dot, the usual one first. */
  readonly extensions: Readonly<Partial<Record<Language, readonly string[]>>>;
  readonly capabilities: {
    readonly keepsVariables: boolean;
    readonly readsInput: boolean;
    readonly showsFigures: boolean;
    /** Programs may call functions of this product beyond their language's own: `display`, files, input. */
    readonly hostFunctions: boolean;
    /** Programs may reach, through the network gate, what their person allowed; else nothing at all. */
    readonly network: boolean;
    /** Whether a program sees at once what another runtime writes; else from one run to the next. */
    readonly liveFiles: 'always' | 'withSharedMemory';
  };
  /** Memory of a run where nobody asked for another; a row of LIMITS. */
  readonly memoryMB: number;
  /** What programs cannot do here, each as the end of the sentence "A program cannot …", for a person to read. */
  readonly cannot: readonly string[];
}

export interface ExecuteRequest {
  /** One of the runner's languages. */
  readonly language: Language;
  readonly code: string;
  readonly limits: RunLimits;
  /** Answers to `input()`; null asks the person by an `input` event. */
  readonly stdin: readonly string[] | null;
}

/**
 * Where a run is. Its time limit is for `working` alone: files that are copied in before the program begins, and those that
 * are still on their way out when it has ended, have bounds of their own.
 */
export type RunPhase = 'preparing' | 'working' | 'saving';

/** State that a runner keeps between runs of one conversation; owns its box. One run at a time. */
export interface RunnerSession {
  /**
   * Ends in exactly one outcome and never rejects for an expected reason. Abort stops the run (outcome `cancelled`);
   * `sessionLost` says whether variables are gone: the session must then be thrown away.
   */
  execute(
    request: ExecuteRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onEvent: (event: RunEvent) => void;
      /**
       * Told as the program's time begins, `working`, and as it is over, `saving`; until then the run is `preparing`. It may be
       * told twice; a runner that does not tell is ended as one that never began.
       */
      readonly onPhase?: (phase: RunPhase) => void;
      /** The network gate for this run; without one every request is refused. */
      readonly network?: AskNetwork;
    },
  ): Promise<Outcome>;
  /** Null closes the input (EOF). */
  answerInput(text: string | null): void;
  /** Syntax check without running. */
  validate(code: string, language: Language): Promise<Result<null, AppError>>;
  /**
   * Opens a terminal beside whatever runs; absent where the engine has none. It ends with the session at the latest. While one
   * is open, what no run asks for goes to the network gate of the first one's.
   */
  readonly openTerminal?: (size: TerminalSize, events: TerminalEvents, network?: AskNetwork) => EngineTerminal;
  /** The servers that its programs run; absent where they can run none. */
  readonly web?: EngineWeb;
  /** Current size of the engine's memory in bytes. */
  readonly memoryBytes: number;
  readonly isAlive: boolean;
  /** True while the engine stands still because nobody uses it: it takes no processor time, and the next run wakes it. */
  readonly isResting: boolean;
  /**
   * Has `listener` told what the machine uses, every five seconds while it does not rest; its guest may lie. The last one that
   * was given is told. Absent where the engine is no machine.
   */
  readonly watchMachine?: ((listener: (usage: MachineUsage) => void) => void) | undefined;
  /** True where it began as an earlier engine of its session was saved: variables of that one are there again. */
  readonly isResumed: boolean;
  /** What is saved of it; null where it cannot be saved. */
  readonly saved: SavedState | null;
  /**
   * Saves it as it is now; settles once that is stored. A second call while one works gets the same. `runner/in-use`,
   * `runner/not-saved`: then what was saved before is still there. Absent where it cannot be saved.
   */
  readonly save?: (() => Promise<Result<SavedAt, AppError>>) | undefined;
  dispose(): void;
}

/** When the engine was saved, as it will go on. */
export interface SavedAt {
  readonly atMs: number;
}

export interface SavedState {
  readonly isSaving: boolean;
  /** Of what is stored; null where nothing is. */
  readonly atMs: number | null;
  /** Why the last try that somebody asked for stored nothing: something ran in it, or it failed. Null where something was stored since. */
  readonly unsaved: 'in-use' | 'failed' | null;
}

/** An engine as its session left it. */
export interface SavedEngine {
  readonly state: Uint8Array;
  readonly atMs: number;
}

/** Engines as their sessions left them, over the end of the browser. Everything rejects when they cannot be kept. */
export interface SavedEngines {
  /** Null where none was saved. */
  load(sessionId: SessionId): Promise<SavedEngine | null>;
  /** Settles once it is on the disk, with the time that it is kept under. */
  save(sessionId: SessionId, state: Uint8Array): Promise<number>;
  remove(sessionId: SessionId): Promise<void>;
}

/** Executes one family of languages here. */
export interface Runner {
  readonly manifest: RunnerManifest;
  /** Gets a worker of this runner ready ahead of need. */
  warm(boxes: BoxOpener): void;
  /** A session is about to be opened: begins what all of them begin with. Absent where `warm` has done that long before. */
  readonly expect?: (boxes: ExpectsEngines) => void;
  /** Forgets what it saved of a session; absent where it saves nothing. */
  readonly forget?: (sessionId: SessionId) => void;
  /**
   * Keeps what is saved of a session as it is: its engine of before gives nothing more, and how often that broke down is
   * forgotten. Absent where it saves nothing.
   */
  readonly forgive?: (sessionId: SessionId) => void;
  openSession(options: {
    readonly sessionId: SessionId;
    readonly boxes: BoxOpener;
    readonly files: SessionFiles;
    readonly limits: RunLimits;
    readonly signal: AbortSignal;
  }): Promise<Result<RunnerSession, AppError>>;
}
