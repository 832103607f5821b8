// What programs ask of Node's crypto and zlib, answered in the worker: a hundred times as fast as inside of the engine.
// One script, which comes when a program wants it; see tools/engines/native-parts.ts.
import { runCrypto } from './crypto.ts';
import { runZlib } from './zlib.ts';

/** A request of the guest: JSON, and up to two pieces of bytes. */
export interface NativeRequest {
  readonly of: 'crypto' | 'zlib';
  readonly [name: string]: unknown;
}

/** How it is refused; the guest makes an error of it. */
export interface NativeRefusal {
  readonly name?: 'Error' | 'TypeError' | 'RangeError';
  readonly message: string;
  readonly code: string;
  readonly errno?: number;
}

export interface NativeLimits {
  /** Bytes that one answer may have. */
  readonly bytesMost: number;
  readonly shouldStop: () => boolean;
}

export class Refused extends Error {
  readonly refusal: NativeRefusal;
  constructor(refusal: NativeRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

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
