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
