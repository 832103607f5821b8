import type { RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import {
  METER_ALERTS,
  METER_THRESHOLDS,
  type MeterAlert,
  type MeterReport,
  type MeterSample,
} from '../contracts/meter.ts';
import type { RunEvent } from '../contracts/run.ts';

export interface MeterOptions {
  /** Memory of all engines, in bytes, and its share of what there is for engines. */
  readonly memory: () => { readonly bytes: number; readonly share: number };
  /** What the browser tells of the extension's storage. */
  readonly storage: () => Promise<{ readonly usage?: number; readonly quota?: number }>;
  readonly networkBytes: () => number;
  readonly processors: number;
  /** Of one processor each, what machines take beside runs. */
  readonly cpuBesideRuns: () => number;
  /** Lets go of what nobody uses now. */
  readonly cleanUp: () => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Measures what the engines use, every five seconds while there is something to measure, and keeps an hour of it. */
export class Meter {
  readonly #options: MeterOptions;
  readonly #samples: MeterSample[] = [];
  readonly #cpuOf = new Map<RunId, number>();
  #storage = { usage: 0, quota: 0 };

  constructor(options: MeterOptions) {
    this.#options = options;
    const timer = setInterval(() => void this.measure(), LIMITS.meterEveryMs.standard);
    options.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** Takes what a run tells of itself. */
  note(runId: RunId, event: RunEvent): void {
    if (event.kind === 'usage') this.#cpuOf.set(runId, event.cpuShare);
    else if (event.kind === 'state' && event.state === 'running') this.#cpuOf.set(runId, 0);
    // Who waits for a person computes nothing, and tells nothing.
    else if (event.kind === 'input') this.#cpuOf.set(runId, 0);
    else if (event.kind === 'ended') this.#cpuOf.delete(runId);
  }

  /** Takes a sample now, unless there is nothing, the last one said so too, and no alert waits to be over. */
  async measure(): Promise<void> {
    const { memory, storage, networkBytes, processors, cpuBesideRuns, cleanUp, now, signal } = this.#options;
    const { bytes, share } = memory();
    const last = this.#samples.at(-1);
    const hasRested = last === undefined || (last.memoryBytes === 0 && last.runs === 0);
    if (bytes === 0 && this.#cpuOf.size === 0 && hasRested && this.report(0).alerts.length === 0) return;
    const told = await storage().catch(() => ({})); // not told: the last figures stand
    this.#storage = { ...this.#storage, ...told };
    if (signal.aborted) return;
    const { usage, quota } = this.#storage;
    const cpu = [...this.#cpuOf.values()].reduce((sum, one) => sum + one, cpuBesideRuns());
    this.#samples.push({
      atMs: now(),
      memoryBytes: bytes,
      memoryShare: share,
      cpuShare: Math.min(1, cpu / Math.max(1, processors)),
      storageBytes: usage,
      storageShare: quota === 0 ? 0 : usage / quota,
      networkBytes: networkBytes(),
      runs: this.#cpuOf.size,
    });
    if (this.#samples.length > LIMITS.meterSamples.standard) this.#samples.shift();
    if (share > METER_THRESHOLDS.memory) cleanUp();
  }

  /** The newest so many samples, oldest first. */
  report(most: number = LIMITS.meterSamples.standard): MeterReport {
    const last = this.#samples.at(-1);
    const shares: Readonly<Record<MeterAlert, number>> = {
      memory: last?.memoryShare ?? 0,
      cpu: last?.cpuShare ?? 0,
      storage: last?.storageShare ?? 0,
    };
    const alerts = METER_ALERTS.filter((name) => shares[name] > METER_THRESHOLDS[name]);
    return { samples: most === 0 ? [] : this.#samples.slice(-most), alerts };
  }
}
