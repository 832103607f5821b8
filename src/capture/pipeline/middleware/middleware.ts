import type { PipelineFrame } from '../frame.ts';

/** How a frame left the pipeline. */
export type FrameResult =
  | { readonly kind: 'processed' }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'failed'; readonly errorName: string };

/** Sees every frame after its way through the stages. Never sees contents, never changes anything. */
export interface Middleware {
  readonly id: string;
  after(frame: PipelineFrame, result: FrameResult): void;
}
