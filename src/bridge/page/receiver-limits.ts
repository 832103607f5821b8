/** Bounds of the isolated end: what a page that forges everything can at most make us look at. */
export const RECEIVER_LIMITS = {
  envelopesPerSecond: 20_000,
  bytesPerSecond: 64 * 1024 * 1024,
  /** Seconds' worth that may come at once, after the page was busy. */
  burstSeconds: 3,
  envelopeBytes: 17 * 1024 * 1024,
  batchEnvelopes: 1_024,
  /** Malformed messages after which the port is closed for good. */
  malformed: 1_000,
} as const;

export type ReceiverLimits = { readonly [K in keyof typeof RECEIVER_LIMITS]: number };
