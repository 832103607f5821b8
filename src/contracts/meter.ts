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

/** Above these a person is told; above that of memory idle engines go at once. */
export const METER_THRESHOLDS: Readonly<Record<MeterAlert, number>> = { memory: 0.8, cpu: 0.9, storage: 0.85 };
