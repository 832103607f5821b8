/** What the two ends of the page channel say to each other. Both ends ship together; the page may read this file. */

/** Event by which the isolated end offers a port to the hook. */
export const OFFER = 'companion:offer';
/** Event by which the hook asks for the offer, when it starts second. */
export const ASK = 'companion:ask';

/** Isolated end to hook, over the private port. */
export type ToHook =
  | { readonly kind: 'ack'; readonly batch: number }
  | { readonly kind: 'answer'; readonly answer: number; readonly socket: number; readonly text: string }
  | { readonly kind: 'bye' };

/** Hook to isolated end, beside the batches: what became of the answer of that number. */
export interface Sent {
  readonly kind: 'sent';
  readonly answer: number;
  readonly isSent: boolean;
}

/** Longest text that the hook sends on a socket, in UTF-16 units. */
export const ANSWER_LIMIT_UTF16 = 1024 * 1024;

/** Bounds of the hook's end. */
export const SENDER_LIMITS = {
  /** Batches under way at once; later envelopes gather in the next one meanwhile. */
  batchesUnderWay: 2,
  batchEnvelopes: 256,
  batchBytes: 1024 * 1024,
  /** Waiting before the isolated end is there. */
  unclaimedEnvelopes: 4_096,
  unclaimedBytes: 8 * 1024 * 1024,
  /** Waiting once it is. */
  waitingEnvelopes: 65_536,
  waitingBytes: 64 * 1024 * 1024,
} as const;

export type SenderLimits = { readonly [K in keyof typeof SENDER_LIMITS]: number };
