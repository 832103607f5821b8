import type { CallKey, RunId, SessionId } from './ids.ts';
import type { Outcome } from './outcome.ts';

export type Language = 'python' | 'javascript' | 'typescript' | 'lua' | 'wasm' | 'shell';

export interface RunLimits {
  readonly timeMs: number;
  readonly memoryMB: number;
}

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
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/** Numbered from 1 within a run, without gaps, so that a reader can ask for what it missed. */
export interface NumberedRunEvent {
  readonly runId: RunId;
  readonly n: number;
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
}
