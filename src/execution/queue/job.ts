import type { RunId, SessionId } from '../../contracts/ids.ts';
import type { QueueStrategy, QueueWait, RunNeed, RunPriority } from '../../contracts/run.ts';

/** A run as the queue sees it. */
export interface Job {
  readonly id: RunId;
  readonly sessionId: SessionId;
  /** Of a run that waits it may become another: `RunQueue.rankAgain`. */
  readonly priority: RunPriority;
  readonly strategy: QueueStrategy;
  /** Nobody pressed for it. Such runs of a session never go by each other: a later call may need what an earlier one made. */
  readonly isAuto: boolean;
  readonly dependsOn: readonly RunId[];
  /** What is known of it so far; the queue changes it when more is known. */
  need: RunNeed;
  /** Called at most once. Settles when the run is over, with whether it ended well; must not reject. */
  readonly begin: () => Promise<boolean>;
  /** Called once the queue knows that a begun run is over, before the next one begins. */
  readonly over: () => void;
  /** Called instead of `begin` when a run that it depends on did not end well. */
  readonly refuse: (dependency: RunId) => void;
  readonly onQueued: (ahead: number, waitsFor: QueueWait) => void;
}

/** A job that waits. */
export interface Waiting {
  readonly job: Job;
  /** Order of admission. */
  readonly seq: number;
  /** Of the most urgent that waits behind it in its session, itself included; smaller goes first. */
  rank: number;
  /** Runs that are not over yet. */
  readonly pending: Set<RunId>;
  /** How often a later one went before it while it could have gone. */
  passed: number;
  /** What its owner was told last; null before. */
  told: { readonly ahead: number; readonly waitsFor: QueueWait } | null;
}

const RANKS: Readonly<Record<RunPriority, number>> = { interactive: 0, background: 1, startup: 2 };

/** Of the run alone; smaller goes first. */
export const rankOf = ({ priority }: Pick<Job, 'priority'>): number => RANKS[priority];

/** Whether a person waits for it, or for one behind it. */
export const isAwaited = ({ rank }: Pick<Waiting, 'rank'>): boolean => rank === RANKS.interactive;
