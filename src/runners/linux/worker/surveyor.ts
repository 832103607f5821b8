import type { Survey } from '../../../container/machine/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { METER_THRESHOLDS, type MachineUsage } from '../../../contracts/meter.ts';

/** Programs whose caches go read their files anew: not again and again. */
const CLEAN_UP_EVERY_MS = 60_000;

export interface SurveyorOptions {
  readonly survey: (dropsCaches: boolean) => Promise<Survey>;
  readonly tell: (usage: MachineUsage) => void;
}

/**
 * Asks a machine that goes what it uses, every five seconds, and tells of it. That is no use of the machine: it stands still
 * as if nobody asked, and nobody asks one that stands.
 */
export class Surveyor {
  readonly #options: SurveyorOptions;
  #timer: ReturnType<typeof setInterval> | null = null;
  #isAsking = false;
  #last: Survey | null = null;
  #isFull = false;
  #cleanedUpAtMs = -Infinity;

  constructor(options: SurveyorOptions) {
    this.#options = options;
  }

  /** The machine goes; a second call does nothing. */
  begin(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => void this.#look(), LIMITS.meterEveryMs.standard);
    // What the first figures are compared with.
    if (this.#last === null) void this.#look();
  }

  /** It is about to stand still. */
  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      this.#take(await this.#options.survey(this.#mayCleanUp()));
    } catch {
      // A machine that is lost, or that stood still before it came to answer: there is no figure for this moment.
      this.#last = null;
    }
    this.#isAsking = false;
  }

  /** Memory is short: what caches hold is given back, once. No program is ended for it. */
  #mayCleanUp(): boolean {
    const now = performance.now();
    if (!this.#isFull || now - this.#cleanedUpAtMs < CLEAN_UP_EVERY_MS) return false;
    this.#cleanedUpAtMs = now;
    return true;
  }

  #take(survey: Survey): void {
    const before = this.#last;
    this.#last = survey;
    const memoryBytes = Math.max(0, survey.memoryBytes - survey.availableBytes);
    this.#isFull = memoryBytes > survey.memoryBytes * METER_THRESHOLDS.memory;
    if (before === null) return;
    const busyMs = survey.busyMs - before.busyMs;
    const passedMs = busyMs + survey.idleMs - before.idleMs;
    // Back to its state: it counts from there.
    if (busyMs < 0 || passedMs < busyMs) return;
    this.#options.tell({
      memoryBytes,
      memoryMostBytes: survey.memoryBytes,
      cpuShare: passedMs === 0 ? 0 : busyMs / passedMs,
      load: survey.load,
      storageBytes: Math.max(0, survey.diskBytes - survey.freeDiskBytes),
      storageMostBytes: survey.diskBytes,
    });
  }
}
