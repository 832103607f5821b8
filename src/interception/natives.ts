import { getOwnPropertyDescriptor, getPrototypeOf, ownMember, savedGetter as getter, unbind } from '../base/index.ts';

/**
 * The natives as they were before any script of the page ran. Everything that the hook calls later comes
 * from here: the page may replace, delete or trap what hangs on its prototypes.
 */
const TypedArray = getPrototypeOf(Uint8Array.prototype) as object;

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const promiseThen = unbind<[unknown, unknown], unknown>(Promise.prototype.then);
/** A side branch: the promise itself and what its owner sees of it stay as they are. */
export function whenSettled<T>(promise: Promise<T>, kept: (value: T) => void, broken: (reason: unknown) => void): void {
  promiseThen(promise, kept, broken);
}
export const mapSize = getter<number>(Map.prototype, 'size');
export const weakGet = unbind<[unknown], unknown>(WeakMap.prototype.get);
export const weakSet = unbind<[object, unknown], unknown>(WeakMap.prototype.set);
export const startsWith = unbind<[string], boolean>(String.prototype.startsWith);
export const endsWith = unbind<[string], boolean>(String.prototype.endsWith);
export const includes = unbind<[string], boolean>(String.prototype.includes);
export const indexOf = unbind<[string, number?], number>(String.prototype.indexOf);
export const slice = unbind<[number, number?], string>(String.prototype.slice);
export const toUpperCase = unbind<[], string>(String.prototype.toUpperCase);
export const toLowerCase = unbind<[], string>(String.prototype.toLowerCase);
export const stringifyJson = JSON.stringify;
export const NativeUrl = URL;
export const urlHref = getter<string>(URL.prototype, 'href');
export const urlHost = getter<string>(URL.prototype, 'host');
export const urlOrigin = getter<string>(URL.prototype, 'origin');
export const urlPath = getter<string>(URL.prototype, 'pathname');
export const urlSearch = getter<string>(URL.prototype, 'search');

export const bytesLength = getter<number>(TypedArray, 'byteLength');
export const bytesOffset = getter<number>(TypedArray, 'byteOffset');
export const bytesBuffer = getter<ArrayBuffer>(TypedArray, 'buffer');
const bufferLength = getter<number>(ArrayBuffer.prototype, 'byteLength');
const bufferSlice = unbind<[number, number?], ArrayBuffer>(ArrayBuffer.prototype.slice);
const viewBuffer = getter<ArrayBuffer>(DataView.prototype, 'buffer');
const viewLength = getter<number>(DataView.prototype, 'byteLength');
const viewOffset = getter<number>(DataView.prototype, 'byteOffset');
const isView = ArrayBuffer.isView;
const NativeBytes = Uint8Array;
const encoder = new TextEncoder();
const encode = unbind<[string], Uint8Array<ArrayBuffer>>(TextEncoder.prototype.encode);
const decoder = new TextDecoder();
const decode = unbind<[Uint8Array], string>(TextDecoder.prototype.decode);

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encode(encoder, text);
export const decodeUtf8 = (bytes: Uint8Array): string => decode(decoder, bytes);

export function copyRange(buffer: ArrayBuffer, from: number, to: number): Uint8Array<ArrayBuffer> {
  return new NativeBytes(bufferSlice(buffer, from, to));
}

function isBuffer(value: unknown): boolean {
  try {
    bufferLength(value);
    return true;
  } catch {
    return false; // the getter's brand check is the question; its refusal is the answer
  }
}

function isDataView(value: object): boolean {
  try {
    viewLength(value);
    return true;
  } catch {
    return false; // brand check, as above
  }
}

/** A copy of a buffer's or view's bytes that shares nothing with the page; null for anything else. */
export function copyBytes(value: unknown): Uint8Array<ArrayBuffer> | null {
  if (!isObject(value)) return null;
  if (isBuffer(value)) return new NativeBytes(bufferSlice(value, 0));
  if (!isView(value)) return null;
  if (isDataView(value)) {
    const at = viewOffset(value);
    return new NativeBytes(bufferSlice(viewBuffer(value), at, at + viewLength(value)));
  }
  const at = bytesOffset(value);
  return new NativeBytes(bufferSlice(bytesBuffer(value), at, at + bytesLength(value)));
}

/** Reads a data property along the prototype chain without running the page's getters. */
export function readPlain(object: unknown, name: string): { readonly value: unknown } | null {
  let at = object as object | null;
  while (at !== null) {
    const found = getOwnPropertyDescriptor(at, name);
    if (found) return ownMember(found, 'writable') === undefined ? null : { value: ownMember(found, 'value') };
    at = getPrototypeOf(at);
  }
  return { value: undefined };
}
