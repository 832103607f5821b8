/** What the guest has and uses at one moment, as its kernel counts it. */
export interface Survey {
  readonly memoryBytes: number;
  /** To be had without ending a program: free, or held by caches that can go. */
  readonly availableBytes: number;
  /** Of the file system at `/`. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number;
  /** Of its processor, since it was booted; both stand still while the machine does. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** Programs that wanted the processor, on average of its last minute. */
  readonly load: number;
}

const NUMBERS = 7;
const KIB = 1024;
const HUNDREDTH_MS = 10;

/** Reads the agent's answer to S; null where it is none. */
export function parseSurvey(bytes: Uint8Array): Survey | null {
  if (bytes.length !== NUMBERS * 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = (position: number): number => view.getUint32(position * 4, true);
  return {
    memoryBytes: at(0) * KIB,
    availableBytes: at(1) * KIB,
    diskBytes: at(2) * KIB,
    freeDiskBytes: at(3) * KIB,
    busyMs: at(4) * HUNDREDTH_MS,
    idleMs: at(5) * HUNDREDTH_MS,
    load: at(6) / 100,
  };
}
