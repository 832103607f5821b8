/** What the engines of this device use at one moment. Shares are 0 to 1 of what there is for them. */
export interface MeterSample {
  /** Milliseconds since the epoch, host's clock. */
  readonly atMs: number;
  /** Of all engines, idle ones too. */
  readonly memoryBytes: number;
  readonly memoryShare: number;
  /** Of all processors. */
  readonly cpuShare: number;
  /** Of the extension's whole storage, as the browser tells it. */
  readonly storageBytes: number;
  readonly storageShare: number;
  /** Through the gate since the host began. */
  readonly networkBytes: number;
  readonly runs: number;
}

export const METER_ALERTS = ['memory', 'cpu', 'storage'] as const;
export type MeterAlert = (typeof METER_ALERTS)[number];

export interface MeterReport {
  /** Oldest first, five seconds apart while something is there to measure. */
  readonly samples: readonly MeterSample[];
  /** What is above its threshold now. */
  readonly alerts: readonly MeterAlert[];
}

/** What the Linux of a machine uses at one moment, as it counts itself: its guest may lie. */
export interface MachineUsage {
  /** In use, without what caches hold of files. */
  readonly memoryBytes: number;
  readonly memoryMostBytes: number;
  /** Of its one processor, 0 to 1, since the look before. */
  readonly cpuShare: number;
  /** Programs that wanted the processor, on average of the last minute. */
  readonly load: number;
  /** Of its own disk; `/mnt/data` is not on it. */
  readonly storageBytes: number;
  /** 0 where it has no disk. */
  readonly storageMostBytes: number;
}

/** What the network gate carried: a machine has no network card whose packets could be counted. */
export interface CarriedBytes {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly requests: number;
}

/** A machine at one moment; what was carried for it is counted from its start on. */
export interface MachineSample extends MachineUsage, CarriedBytes {
  /** Milliseconds since the epoch, host's clock. */
  readonly atMs: number;
}

export interface MachineReport {
  /** Oldest first, five seconds apart while the machine does not stand still. */
  readonly samples: readonly MachineSample[];
  /** What is above its threshold now. */
  readonly alerts: readonly MeterAlert[];
  /** It stands still: the last sample tells how it was left. */
  readonly isResting: boolean;
}

/** Above these a person is told; above that of memory idle engines go at once, and a machine's caches of files. */
export const METER_THRESHOLDS: Readonly<Record<MeterAlert, number>> = { memory: 0.8, cpu: 0.9, storage: 0.85 };
