import type { PipelineFrame } from '../frame.ts';

export type BlockReason = 'foreign_origin' | 'rate_limited' | 'frame_too_large';

export type Verdict = { readonly kind: 'pass' } | { readonly kind: 'block'; readonly reason: BlockReason };

/** Looks at a frame before anything is decoded; may block it, may note what it found. Never throws. */
export interface Interceptor {
  readonly id: string;
  intercept(frame: PipelineFrame): Verdict;
}

export const PASS: Verdict = { kind: 'pass' };
