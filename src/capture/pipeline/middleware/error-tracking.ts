import type { Middleware } from './middleware.ts';

/** Counts what was blocked and what failed, by reason. */
export function createErrorTracking(count: (problem: string) => void): Middleware {
  return {
    id: 'error-tracking',
    after: (_frame, result) => {
      if (result.kind === 'blocked') count(result.reason);
      else if (result.kind === 'failed') count('frame_failed');
    },
  };
}
