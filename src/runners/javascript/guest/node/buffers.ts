import { requirePackage } from '../packages.ts';

interface BufferType {
  new (): Uint8Array;
  readonly prototype: Uint8Array & { toString(...args: unknown[]): string };
  from(value: unknown, ...rest: unknown[]): Uint8Array & { toString(encoding?: string): string };
  byteLength(value: unknown, encoding?: unknown): number;
  isBuffer(value: unknown): boolean;
  isEncoding(name: unknown): boolean;
}

const isUrlForm = (encoding: unknown): boolean =>
  typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';

/** The package knows all of Node's forms of text but `base64url`, which its `base64` reads as well. */
function withUrlForm(type: BufferType): BufferType {
  const { from, isEncoding, byteLength } = type;
  const { toString } = type.prototype;
  const plain = (encoding: unknown): unknown => (isUrlForm(encoding) ? 'base64' : encoding);
  type.from = (value, first, ...rest) => from(value, plain(first), ...rest);
  type.isEncoding = (name) => isUrlForm(name) || isEncoding(name);
  type.byteLength = (value, encoding) => byteLength(value, plain(encoding));
  type.prototype.toString = function (...args) {
    const [encoding, ...rest] = args;
    const text: string = Reflect.apply(toString, this, isUrlForm(encoding) ? ['base64', ...rest] : args);
    return isUrlForm(encoding) ? text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : text;
  };
  return type;
}

let loaded: BufferType | null = null;

/** Node's Buffer, loaded when it is first wanted. */
export function bufferType(): BufferType {
  loaded ??= withUrlForm((requirePackage('node:buffer') as { Buffer: BufferType }).Buffer);
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
