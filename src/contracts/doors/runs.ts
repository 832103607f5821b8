import type { Result } from '../../base/index.ts';
import type { AppError, AppErrorCode } from '../errors.ts';
import type { Failure } from '../failure.ts';
import type { FileStat } from '../files.ts';
import type { CallKey, RunId, SessionId } from '../ids.ts';
import type { Language, NumberedRunEvent, RunRequest, RunSummary, RunLimit } from '../run.ts';
import type { SavedState } from '../runner.ts';
import type { Place, Selection } from '../selection.ts';
import type { SuggestedFix } from '../suggested-fix.ts';

type Answer<T> = Promise<Result<T, AppError>>;

export interface HostStatus {
  readonly kind: 'offscreen' | 'background' | 'page';
  readonly python: 'cold' | 'warming' | 'ready' | 'failed';
  readonly sessions: readonly {
    readonly sessionId: SessionId;
    readonly memoryBytes: number;
    readonly isBusy: boolean;
    /** Its engine stands still until it is used again. */
    readonly isResting: boolean;
    /** What is saved of it; null where it is no engine that can be saved. */
    readonly saved: SavedState | null;
  }[];
  readonly activeRuns: readonly RunId[];
  readonly hasSharedMemory: boolean;
}

/** Who reads the events of a run: each once, in order, through reconnects. */
export interface RunFollower {
  readonly onEvent: (event: NumberedRunEvent) => void;
  readonly onLost: (error: AppError) => void;
  readonly signal: AbortSignal;
}

export interface SessionFacts {
  readonly hasPrivateFiles: boolean;
  readonly raisable: readonly string[];
  readonly savedAtMs: number | null;
}

/** How pages of ours talk to the host. Every method may be called again after the host came back. */
export interface RunsDoor {
  /**
   * What is started is told to `follower` from its first event on, as by `watch`, and sooner. `run/already-started` with the earlier run's id in `detail` when an `auto` start was claimed before;
   * `run/commands-asked` where code of a page has commands that a person must agree to first; `reader/failed` for an
   * `auto` start of such code that could not be read for them.
   */
  start(request: RunRequest, follower?: RunFollower): Answer<{ readonly runId: RunId }>;
  /**
   * The latest run of a call key that the host knows, live or ended with its events kept; null when none. With `isAwaited`
   * that is said only after `runAwaitedMs`: a run that another tab starts until then is the answer as soon as it is there.
   */
  findRun(request: {
    readonly callKey: CallKey;
    readonly isAwaited?: boolean;
  }): Answer<{ readonly runId: RunId; readonly isActive: boolean } | null>;
  /** Those of these call keys that the host knows a run of, with the program of the latest. Starts no host to ask. */
  knownRuns(request: {
    readonly callKeys: readonly CallKey[];
  }): Answer<readonly { readonly callKey: CallKey; readonly language: Language; readonly code: string }[]>;
  /**
   * A page's session (`chat:…`) got its conversation id: its tree, variables and marks are those of `to` from now on, under
   * both names, if `to` has none yet; else nothing moves. Repeating it answers the same.
   */
  adoptSession(request: { readonly from: SessionId; readonly to: SessionId }): Answer<{ readonly adopted: boolean }>;
  /**
   * `hasPrivateFiles`: `addFile` was ever used in this session, from any tab or the popup; kept durably. `raisable`: the
   * limits of its runs that are below their bounds, each by the name of its setting. `savedAtMs`: when the machine was saved
   * that its shell uses; null where nothing is.
   */
  sessionFacts(request: { readonly sessionId: SessionId }): Answer<SessionFacts>;
  stop(request: { readonly runId: RunId }): Answer<null>;
  /** A person waits for it now: of runs that have not begun it goes before those that nobody waits for. */
  hurry(request: { readonly runId: RunId }): Answer<null>;
  /** `question` is the number of the `input` event that is answered; `run/not-asking` when that is not the open one. */
  answerInput(request: {
    readonly runId: RunId;
    readonly question: number;
    readonly text: string | null;
  }): Answer<null>;
  /** Without `language` all engines of the session are ended; files stay. What was saved of them is forgotten, unless that is kept. */
  restartSession(request: {
    readonly sessionId: SessionId;
    readonly language?: Language;
    readonly keepsSaved?: true;
  }): Answer<null>;
  /** Without `position` (or at 0) the file becomes `bytes`; else they are written there, for files larger than a message. */
  addFile(request: {
    readonly sessionId: SessionId;
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly position?: number;
  }): Answer<FileStat>;
  /** Whole without `position`; else a piece from there on, empty at the end, for files larger than a message. */
  readFile(request: {
    readonly sessionId: SessionId;
    readonly path: string;
    readonly position?: number;
  }): Answer<{ readonly bytes: Uint8Array }>;
  listFiles(request: { readonly sessionId: SessionId }): Answer<readonly FileStat[]>;
  removeFile(request: { readonly sessionId: SessionId; readonly path: string }): Answer<null>;
  /** Names, columns, types and counts of a data file as text; values only if asked. Nothing leaves the device. */
  describeFile(request: {
    readonly sessionId: SessionId;
    readonly path: string;
    readonly withValues: boolean;
  }): Answer<{ readonly text: string }>;
  /**
   * What the code is, where it should run and why, without running it. `language` null has it found by label and code.
   * `once` is the person's choice for this time. `run/code-too-large`, `run/rate-limited`.
   */
  select(request: {
    readonly sessionId: SessionId;
    readonly language: Language | null;
    readonly label: string | null;
    readonly code: string;
    readonly once?: Place;
  }): Answer<Selection>;
  /**
   * What code that its language could not read was probably meant to be; null where nothing is sure enough. Runs nothing.
   * `run/code-too-large`, `run/rate-limited`.
   */
  suggestFix(request: {
    readonly sessionId: SessionId;
    readonly language: Language;
    readonly code: string;
  }): Answer<SuggestedFix | null>;
  /** Sets what the person chose for this conversation; null goes back to what is set for all. What is left out stays. */
  choose(request: {
    readonly sessionId: SessionId;
    readonly place?: { readonly language: Language | 'all'; readonly place: Place | null };
    readonly limits?: Readonly<Partial<Record<RunLimit, number | null>>>;
    /** Twice what it is now, up to its bound. */
    readonly raise?: RunLimit;
    /** Added to those that are allowed; null forgets all of them. */
    readonly commands?: readonly string[] | null;
  }): Answer<null>;
  /** Gets an engine ready ahead of need, e.g. when a call is being written; not where `sessionId` has one of it already. */
  warm(request: { readonly language: Language; readonly sessionId?: SessionId }): Answer<null>;
  /** The words for every failure, in one table: pages do not carry it. */
  failures(request: Record<string, never>): Answer<Readonly<Record<AppErrorCode, Failure>>>;
  status(request: Record<string, never>): Answer<HostStatus>;
  recentRuns(request: { readonly most: number }): Answer<readonly RunSummary[]>;
  /** Events of a run from number `after` + 1 on, replayed and then live. */
  watch(request: RunFollower & { readonly runId: RunId; readonly after: number }): void;
}
