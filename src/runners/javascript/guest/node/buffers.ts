import { requirePackage } from '../packages.ts';

interface BufferType {
  new (): Uint8Array;
  from(value: unknown, encoding?: string): Uint8Array & { toString(encoding?: string): string };
  isBuffer(value: unknown): boolean;
}

let loaded: BufferType | null = null;

/** Node's Buffer, loaded when it is first wanted. */
export function bufferType(): BufferType {
  loaded ??= (requirePackage('node:buffer') as { Buffer: BufferType }).Buffer;
  return loaded;
}

export function toBytes(given: unknown, encoding?: string): Uint8Array {
  if (typeof given === 'string') {
    const isPlain = encoding === undefined || /^utf-?8$/i.test(encoding);
    return isPlain ? new TextEncoder().encode(given) : bufferType().from(given, encoding);
  }
  if (given instanceof Uint8Array) return given;
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  const error = new TypeError(
    'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.',
  );
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

export function fromBytes(bytes: Uint8Array, encoding: string | null | undefined): string | Uint8Array {
  if (encoding === null || encoding === undefined || encoding === 'buffer') {
    return bufferType().from(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
  if (/^utf-?8$/i.test(encoding)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return bufferType().from(bytes).toString(encoding);
}
