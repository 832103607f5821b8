import { frameSize } from '../frame.ts';
import { PASS, type Interceptor } from './interceptor.ts';

/** Blocks single frames and chunks above `mostBytes`; they are counted, not stored. */
export function createSizeLimit(mostBytes: number): Interceptor {
  return {
    id: 'size-limit',
    intercept: (frame) => (frameSize(frame) > mostBytes ? { kind: 'block', reason: 'frame_too_large' } : PASS),
  };
}
