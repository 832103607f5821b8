import type { FrameCounts } from '../../../contracts/capture.ts';
import type { Middleware } from './middleware.ts';

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
