import type { Result } from '../../base/index.ts';
import type { Analysis, AnalysisRequest } from '../analysis.ts';
import type { AppError, AppErrorCode } from '../errors.ts';
import type { FileCount, FileStat } from '../files.ts';
import type { RunId, SessionId } from '../ids.ts';
import type { MachineReport, MeterReport } from '../meter.ts';
import type { EgressEntry, SessionNetwork } from '../network.ts';
import type { Language, RunFilter, RunPriority, RunSummary } from '../run.ts';
import type { SavedAt } from '../runner.ts';
import type { SessionChoices } from '../selection.ts';
import type { MachinesDoor } from './machines.ts';
import type { ToolPackDoor } from './tool-pack.ts';

type Answer<T> = Promise<Result<T, AppError>>;

/** What can be done here with one language. */
export interface LanguageCapabilities {
  readonly language: Language;
  readonly runner: string;
  readonly keepsVariables: boolean;
  readonly readsInput: boolean;
  readonly showsFigures: boolean;
  readonly hostFunctions: boolean;
  /** Programs may reach the hosts that their person allows; else none. */
  readonly network: boolean;
  /** Memory of a run where nobody asked for another. */
  readonly memoryMB: number;
  /** Each the end of the sentence "A program cannot …". */
  readonly cannot: readonly string[];
}

/** A run that is not over. */
export interface ActiveRun {
  readonly runId: RunId;
  readonly sessionId: SessionId;
  readonly language: Language;
  readonly runner: string;
  readonly priority: RunPriority;
  readonly state: 'waiting' | 'starting' | 'running' | 'asking';
  /** Runs that go before it; 0 once it began. */
  readonly ahead: number;
  readonly askedAtMs: number;
  /** Null while it waits. */
  readonly beganAtMs: number | null;
  /** Of its engine, in bytes; 0 before there is one. */
  readonly memoryBytes: number;
}

/** A failure of a run, in one form for all runners. */
export interface RunFailure {
  readonly runId: RunId;
  readonly runner: string;
  readonly language: Language;
  readonly code: AppErrorCode;
  /** The language's own name for it (`ValueError`), or the failure's detail; null where there is none. */
  readonly title: string | null;
  /** 1-based, in the person's code; null where it is not known. */
  readonly line: number | null;
  readonly atMs: number;
}

/** One place where results are kept. */
export interface CacheTierStatus {
  readonly name: string;
  readonly bytes: number;
  readonly mostBytes: number;
  readonly entries: number;
  /** Of this host's life. */
  readonly hits: number;
  readonly misses: number;
}

/** What only pages of the extension may ask of the host: one door with the runs door on one port. */
export interface EngineDoor extends MachinesDoor, ToolPackDoor {
  analyse(request: AnalysisRequest): Answer<Analysis>;
  capabilities(request: Record<string, never>): Answer<readonly LanguageCapabilities[]>;
  activeRuns(request: Record<string, never>): Answer<readonly ActiveRun[]>;
  /** Newest first. */
  runHistory(filter: RunFilter): Answer<readonly RunSummary[]>;
  /** What the engines use, now and in the last hour; at most so many samples, the newest. */
  meter(request: { readonly most?: number }): Answer<MeterReport>;
  /** What the conversation's machine uses, now and in the last hour; null where it has none. */
  machineMeter(request: { readonly sessionId: SessionId; readonly most?: number }): Answer<MachineReport | null>;
  /** Failures of this host's life, newest first. */
  runFailures(request: { readonly most: number }): Answer<readonly RunFailure[]>;
  /** The tiers of the cache of results, the quickest first. */
  cacheStatus(request: Record<string, never>): Answer<readonly CacheTierStatus[]>;
  clearCache(request: Record<string, never>): Answer<null>;
  /** What the programs of this conversation may reach. */
  network(request: { readonly sessionId: SessionId }): Answer<SessionNetwork>;
  /**
   * From now on its programs may reach exactly these: `api.example.org` (https), `example.org:8443`, `http://localhost:8000`.
   * None takes the consent back. `settings/bad-value` with the first that is no host.
   */
  allowHosts(request: { readonly sessionId: SessionId; readonly hosts: readonly string[] }): Answer<SessionNetwork>;
  /** What programs asked of the network, newest first. */
  egressLog(request: { readonly most: number }): Answer<readonly EgressEntry[]>;
  /** Forgets what programs asked so far; what a conversation used of its limit counts on. */
  clearEgressLog(request: Record<string, never>): Answer<null>;
  /** The person's own rules and bounds of the analyser, as they wrote them (JSON); '' where there are none. */
  analysisOptions(request: Record<string, never>): Answer<{ readonly json: string }>;
  /**
   * Code is read by these from now on; '' goes back to the built-in ones. `settings/bad-value` with what is wrong and where:
   * then what was kept before stays.
   */
  setAnalysisOptions(request: { readonly json: string }): Answer<null>;
  /**
   * Saves the conversation's machine as it is now; answered once that is on the disk. Null where it has none: what was saved
   * before is still there. `runner/in-use`, `runner/not-saved`: then too. `endsShells`: terminals that stand at their prompt are
   * ended first, in whatever page they are shown.
   */
  saveMachine(request: { readonly sessionId: SessionId; readonly endsShells?: boolean }): Answer<SavedAt | null>;
  sessionChoices(request: { readonly sessionId: SessionId }): Answer<SessionChoices>;
  /** How many files of the conversation there are and what they weigh together, `.output` aside, and which are damaged. */
  countFiles(request: { readonly sessionId: SessionId }): Answer<FileCount>;
  /**
   * Packs what is at or below `path` ('' for all) into one zip in the tree, in place of an earlier export. Fetch it by
   * `readPiece`, then remove it. `files/no-space` where tree and zip do not fit a session together.
   */
  exportZip(request: { readonly sessionId: SessionId; readonly path: string }): Answer<FileStat>;
  /** Unpacks a zip of the tree into the folder `into` ('' for the root), over files of the same names; all of it or nothing. */
  importZip(request: {
    readonly sessionId: SessionId;
    readonly path: string;
    readonly into: string;
  }): Answer<{ readonly files: number; readonly folders: number; readonly bytes: number }>;
  /** At most `filePieceBytes` of a file from `position` on, none at its end; `stat` is of after they were read. */
  readPiece(request: {
    readonly sessionId: SessionId;
    readonly path: string;
    readonly position: number;
  }): Answer<{ readonly bytes: Uint8Array; readonly stat: FileStat }>;
}
