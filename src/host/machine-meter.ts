import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import {
  type CarriedBytes,
  METER_ALERTS,
  METER_THRESHOLDS,
  type MachineReport,
  type MachineSample,
  type MachineUsage,
  type MeterAlert,
} from '../contracts/meter.ts';
import type { RunnerSession } from '../contracts/runner.ts';

export interface MachineMeterOptions {
  /** What the network gate carried for the machine of a session since the host began. */
  readonly carried: (sessionId: SessionId) => CarriedBytes;
  readonly now: () => number;
}

type Machine = Pick<RunnerSession, 'isAlive' | 'isResting' | 'watchMachine'>;

interface Metered {
  readonly machine: Machine;
  readonly samples: MachineSample[];
  /** Before it began. */
  readonly carried: CarriedBytes;
}

/** A guest that tells more often is not heard: what it told before would be gone. */
const LEAST_MS = LIMITS.meterEveryMs.standard / 2;

/** Keeps, for each machine that stands, an hour of what it told of itself and what went over the network for it. */
export class MachineMeter {
  readonly #options: MachineMeterOptions;
  readonly #metered = new Map<SessionId, Metered>();

  constructor(options: MachineMeterOptions) {
    this.#options = options;
  }

  /** A session has this engine from now on; one that is no machine is not metered. */
  watch(sessionId: SessionId, machine: Machine): void {
    if (machine.watchMachine === undefined) return;
    for (const [other, { machine: known }] of this.#metered) if (!known.isAlive) this.#metered.delete(other);
    const metered: Metered = { machine, samples: [], carried: this.#options.carried(sessionId) };
    this.#metered.set(sessionId, metered);
    machine.watchMachine((usage) => this.#take(sessionId, metered, usage));
  }

  /** The newest so many samples of the session's machine, oldest first; null where it has none. */
  report(sessionId: SessionId, most: number = LIMITS.meterSamples.standard): MachineReport | null {
    const metered = this.#metered.get(sessionId);
    if (metered === undefined || !metered.machine.isAlive) return null;
    const { isResting } = metered.machine;
    const last = metered.samples.at(-1);
    const alerts =
      last === undefined ? [] : METER_ALERTS.filter((name) => sharesOf(last)[name] > METER_THRESHOLDS[name]);
    return {
      samples: metered.samples.slice(-most),
      // One that stands still keeps no processor busy.
      alerts: alerts.filter((name) => name !== 'cpu' || !isResting),
      isResting,
    };
  }

  /** Of one processor each, what the machines took last that work without a run: terminals, and what was left running. */
  cpuBeside(running: ReadonlySet<SessionId>): number {
    return [...this.#metered]
      .filter(([sessionId, { machine }]) => machine.isAlive && !machine.isResting && !running.has(sessionId))
      .reduce((sum, [, { samples }]) => sum + (samples.at(-1)?.cpuShare ?? 0), 0);
  }

  #take(sessionId: SessionId, { samples, carried: before }: Metered, usage: MachineUsage): void {
    const { carried, now } = this.#options;
    const atMs = now();
    if (atMs - (samples.at(-1)?.atMs ?? -Infinity) < LEAST_MS) return;
    const { sentBytes, receivedBytes, requests } = carried(sessionId);
    samples.push({
      ...usage,
      atMs,
      sentBytes: sentBytes - before.sentBytes,
      receivedBytes: receivedBytes - before.receivedBytes,
      requests: requests - before.requests,
    });
    if (samples.length > LIMITS.meterSamples.standard) samples.shift();
  }
}

function sharesOf(usage: MachineUsage): Readonly<Record<MeterAlert, number>> {
  const { memoryBytes, memoryMostBytes, cpuShare, storageBytes, storageMostBytes } = usage;
  return {
    memory: memoryMostBytes === 0 ? 0 : memoryBytes / memoryMostBytes,
    cpu: cpuShare,
    storage: storageMostBytes === 0 ? 0 : storageBytes / storageMostBytes,
  };
}
