import type { Middleware } from './middleware.ts';

export interface FrameCounts {
  readonly processed: number;
  readonly blocked: number;
  readonly failed: number;
  /** Bytes of bodies and binary frames, UTF-16 units of text frames. */
  readonly size: number;
}

export interface Metrics extends Middleware {
  counts(): FrameCounts;
}

export function createMetrics(): Metrics {
  const counts = { processed: 0, blocked: 0, failed: 0, size: 0 };
  return {
    id: 'metrics',
    after: (frame, { kind }) => {
      counts[kind] += 1;
      counts.size += frame.size;
    },
    counts: () => ({ ...counts }),
  };
}
