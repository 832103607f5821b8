import { PASS, type Interceptor } from './interceptor.ts';

const SECOND_MS = 1_000;

/** Blocks what a page sends beyond `perSecond` envelopes in any one second. */
export function createRateLimit(perSecond: number): Interceptor {
  let windowStartMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    id: 'rate-limit',
    intercept: ({ receivedAtMs }) => {
      if (receivedAtMs - windowStartMs >= SECOND_MS || receivedAtMs < windowStartMs) {
        windowStartMs = receivedAtMs;
        count = 0;
      }
      count += 1;
      return count > perSecond ? { kind: 'block', reason: 'rate_limited' } : PASS;
    },
  };
}
