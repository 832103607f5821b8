import { PASS, type Interceptor } from './interceptor.ts';

/** Blocks single frames and chunks above `mostBytes`; they are counted, not stored. */
export function createSizeLimit(mostBytes: number): Interceptor {
  return {
    id: 'size-limit',
    intercept: (frame) => (frame.size > mostBytes ? { kind: 'block', reason: 'frame_too_large' } : PASS),
  };
}
