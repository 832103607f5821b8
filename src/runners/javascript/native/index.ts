// What programs ask of Node's crypto and zlib, answered in the worker: a hundred times as fast as inside of the engine.
// One script, which comes when a program wants it; see tools/engines/native-parts.ts.
import { runCrypto } from './crypto.ts';
import { type NativeLimits, type NativeRequest, Refused } from './request.ts';
import { runZlib } from './zlib.ts';

/** Bytes, or JSON of `{value}` or `{error}`. Never throws. */
export function runNative(
  json: string,
  first: Uint8Array,
  second: Uint8Array,
  limits: NativeLimits,
): Uint8Array | string {
  try {
    const request = JSON.parse(json) as NativeRequest;
    const answer = request.of === 'zlib' ? runZlib(request, first, second, limits) : runCrypto(request, first, second);
    return answer instanceof Uint8Array ? answer : JSON.stringify({ value: answer });
  } catch (error) {
    const refusal =
      error instanceof Refused ? error.refusal : { message: String((error as Error).message), code: 'ERR_INTERNAL' };
    return JSON.stringify({ error: refusal });
  }
}
