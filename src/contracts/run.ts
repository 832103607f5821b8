import type { CallKey, RunId, SessionId } from './ids.ts';
import type { Outcome } from './outcome.ts';

/** Languages with an engine: those of the runners in the host's registry (a test compares). */
export const LANGUAGES = ['python', 'javascript', 'typescript', 'lua', 'wasm', 'shell'] as const;
export type Language = (typeof LANGUAGES)[number];

export const STRATEGIES = ['sequential', 'priority', 'concurrent'] as const;
export const PRIORITIES = ['interactive', 'background', 'startup'] as const;

/** Who waits for it: a person; nobody now; nobody, while the product gets going. */
export type RunPriority = (typeof PRIORITIES)[number];

/**
 * `sequential`: after the earlier runs of its session. `priority`: among those of its session by urgency, still one at a
 * time. `concurrent`: beside them, in an engine of its own that sees the session's files but none of its variables.
 */
export type QueueStrategy = (typeof STRATEGIES)[number];

/** What a run will probably take; decides when it begins, never how far it may go. */
export interface RunNeed {
  readonly timeMs: number;
  readonly memoryMB: number;
}

export interface RunLimits {
  readonly timeMs: number;
  readonly memoryMB: number;
}

/** What bounds a run: settings for all, of which a conversation may have its own. */
export const RUN_LIMITS = ['runTimeMs', 'pythonMemoryMB', 'otherMemoryMB'] as const;
export type RunLimit = (typeof RUN_LIMITS)[number];

/** What is asked of the run service. */
export interface RunRequest {
  readonly sessionId: SessionId;
  readonly language: Language;
  readonly code: string;
  /** Null for runs that no call asked for (exec, describe). */
  readonly callKey: CallKey | null;
  /** `auto` starts at most once per call key, in all tabs and for ever; `press` may repeat. */
  readonly trigger: 'auto' | 'press';
  readonly limits: RunLimits;
  /** Answers to `input()`, in order; null asks the person. After the last one, input is at its end. */
  readonly stdin: readonly string[] | null;
  /** `interactive` where it is not said. */
  readonly priority?: RunPriority;
  /** What is set, where it is not said. */
  readonly strategy?: QueueStrategy;
  /** Runs that must have completed without an error before this one begins; else it is refused. */
  readonly dependsOn?: readonly RunId[];
  /** An estimate; the run service knows better where this device has run the like before. */
  readonly need?: RunNeed;
  /** A person saw which of its commands are asked about, and wants it to run. */
  readonly isAgreed?: boolean;
  /** It may be answered with what the same program answered before, where it is proved to depend on nothing. */
  readonly mayBeCached?: boolean;
}

/** A result worth keeping: figure, table, file. Bytes stay in the workspace until somebody asks. */
export interface Artifact {
  readonly id: string;
  readonly kind: 'figure' | 'table' | 'file';
  /** Name to show and to save under. */
  readonly name: string;
  /** Absolute path in the session's tree, `/mnt/data/x.csv`; null for figures and tables that are no files. */
  readonly path: string | null;
  readonly mime: string;
  readonly bytes: number;
}

/** A table cut to what is shown; the whole is in `csvArtifact` where one was made. */
export interface TableView {
  readonly title: string | null;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  /** Cells as the language prints them; null for missing. Numbers stay numbers so that sorting is right. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly index: readonly string[] | null;
  readonly totalRows: number;
  readonly totalColumns: number;
}

/** One piece of rich output. `data` maps a media type to text, or to base64 for binary types. */
export interface Display {
  readonly id: string;
  readonly data: Readonly<Record<string, string>>;
  readonly table: TableView | null;
  readonly artifact: Artifact | null;
}

/** `turn`: earlier runs of its session; `place`: too many at work; the rest by name. */
export type QueueWait = 'turn' | 'place' | 'memory' | 'processor' | 'dependency';

export type RunEvent =
  | { readonly kind: 'state'; readonly state: 'waiting' | 'starting' | 'running' }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** Output beyond the shown bound goes to this file and is counted. */
  | { readonly kind: 'truncated'; readonly shownBytes: number; readonly path: string | null }
  | { readonly kind: 'display'; readonly display: Display }
  | { readonly kind: 'artifact'; readonly artifact: Artifact }
  | { readonly kind: 'input'; readonly prompt: string; readonly isSecret: boolean }
  | { readonly kind: 'inputAnswered' }
  | { readonly kind: 'notice'; readonly text: string }
  /** While it works, about once a second; `cpuShare` is 0 to 1 of one processor. */
  | { readonly kind: 'usage'; readonly memoryBytes: number; readonly cpuShare: number }
  /** Bytes that went out and came in for it through the network gate so far. */
  | { readonly kind: 'network'; readonly bytes: number }
  /** While it waits: how many runs go before it, and what it waits for. Said when it changes, near its turn only. */
  | { readonly kind: 'queued'; readonly ahead: number; readonly waitsFor: QueueWait }
  /** A step that takes a while: packages that an import brings in. Over once `done` is `total`. */
  | { readonly kind: 'progress'; readonly step: 'packages'; readonly done: number; readonly total: number }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/** Numbered from 1 within a run, without gaps, so that a reader can ask for what it missed. */
export interface NumberedRunEvent {
  readonly runId: RunId;
  readonly n: number;
  /** The first number that it stands for, where output right before it is no longer kept. */
  readonly from?: number;
  /** Milliseconds since the epoch, host's clock. */
  readonly atMs: number;
  readonly event: RunEvent;
}

export interface RunSummary {
  readonly runId: RunId;
  readonly sessionId: SessionId;
  readonly callKey: CallKey | null;
  readonly language: Language;
  readonly startedAtMs: number;
  readonly outcome: Outcome | null;
  /** Absent in rows of earlier versions. */
  readonly priority?: RunPriority;
}

/** Which runs of the history are wanted; what is left out does not narrow. */
export interface RunFilter {
  readonly sessionId?: SessionId;
  readonly language?: Language;
  readonly outcome?: Outcome['kind'] | 'failed' | 'active';
  /** Milliseconds since the epoch: begun at or after, and before. */
  readonly sinceMs?: number;
  readonly beforeMs?: number;
  readonly most: number;
}
