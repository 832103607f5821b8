// What a frame must pass before it is decoded.
import type { WireLimits } from '../../../wire/index.ts';
import type { Interceptor } from './interceptor.ts';
import { createOriginCheck } from './origin-check.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSizeLimit } from './size-limit.ts';
import { createTypeDetection } from './type-detection.ts';

export type { BlockReason, Interceptor, Verdict } from './interceptor.ts';
export { pathOf } from './address.ts';

export function createInterceptors(limits: WireLimits): readonly Interceptor[] {
  return [
    createRateLimit(limits.envelopesPerSecond),
    createSizeLimit(limits.frameBytes),
    createOriginCheck(),
    createTypeDetection(),
  ];
}
