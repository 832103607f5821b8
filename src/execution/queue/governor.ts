import { LIMITS } from '../../contracts/limits.ts';
import { METER_THRESHOLDS } from '../../contracts/meter.ts';
import type { QueueWait } from '../../contracts/run.ts';
import { isAwaited, type Job, type Waiting } from './job.ts';

/** A run that is expected to work for longer counts as heavy for the processor. */
const HEAVY_MS = 5_000;
/** Above this share of the device's memory for engines, where a person is told as well, only small runs begin. */
const FULL_SHARE = METER_THRESHOLDS.memory;
/** What a small run needs at most, beside a full memory. */
const SMALL_MB = 50;

/** What a person may set, read whenever a place is given. */
export interface QueueBounds {
  readonly atOnce: number;
  readonly poolMB: number;
}

export interface GovernorOptions {
  readonly bounds: () => QueueBounds;
  /** Share of the memory for engines that is in use, 0 to 1 and more. */
  readonly memoryShare: () => number;
}

interface Working {
  readonly job: Job;
  readonly isInteractive: boolean;
  isAsking: boolean;
}

const isHeavy = ({ need }: Pick<Job, 'need'>): boolean => need.timeMs >= HEAVY_MS;

/** Says whether one more run may begin beside those at work. One that works alone always may. */
export class Governor {
  readonly #options: GovernorOptions;
  readonly #working = new Map<Job, Working>();

  constructor(options: GovernorOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#working.size;
  }

  begin(waiting: Waiting): void {
    const { job } = waiting;
    this.#working.set(job, { job, isInteractive: isAwaited(waiting), isAsking: false });
  }

  end(job: Job): void {
    this.#working.delete(job);
  }

  /**
   * A run that waits for a person is idle: it gives its place and its part of the pool away, and takes them back when it
   * goes on, at once: a few more than allowed may then work for a while.
   */
  setAsking(job: Job, isAsking: boolean): void {
    const working = this.#working.get(job);
    if (working !== undefined) working.isAsking = isAsking;
  }

  /** Null when it may begin; else what it waits for. `yields`: only that others of its kind hold their share of places. */
  refusal(waiting: Waiting): QueueWait | 'yields' | null {
    const { job } = waiting;
    const { need } = job;
    const { atOnce, poolMB } = this.#options.bounds();
    const all = [...this.#working.values()];
    const asking = all.filter((each) => each.isAsking).length;
    const given = Math.min(asking, LIMITS.runsAskingAtOnce.standard);
    if (all.length - given >= atOnce) return 'place';
    // One place is always left for what a person waits for.
    const behind = all.filter((each) => !each.isInteractive).length;
    if (!isAwaited(waiting) && behind >= Math.max(1, atOnce - 1)) return 'yields';
    if (all.length === 0) return null;
    const used = all.reduce((sum, each) => sum + (each.isAsking ? 0 : Math.min(each.job.need.memoryMB, poolMB)), 0);
    if (used + Math.min(need.memoryMB, poolMB) > poolMB) return 'memory';
    if (need.memoryMB > SMALL_MB && this.#options.memoryShare() > FULL_SHARE) return 'memory';
    const heavy = all.filter((each) => isHeavy(each.job) && !each.isAsking).length;
    if (isHeavy(job) && heavy >= LIMITS.heavyRunsAtOnce.standard) return 'processor';
    return null;
  }
}
