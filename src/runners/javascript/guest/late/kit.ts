import type { HostCalls } from '../host-calls.ts';

/** Node's Buffer, as far as the modules here use it. */
export interface Bytes extends Uint8Array {
  toString(encoding?: string): string;
}

/** What a module that comes late is given of the guest, which has started without it. */
export interface LateKit {
  readonly host: HostCalls;
  /** The global one, whatever a program put in its place. */
  readonly process: object;
  /** The engine's own, whatever a program calls `crypto`. */
  readonly webCrypto: Crypto;
  readonly inspect: (value: unknown, options?: object) => string;
  readonly format: (...args: readonly unknown[]) => string;
  /** Text, a buffer or a view as bytes; throws for others. */
  readonly toBytes: (given: unknown, encoding?: string) => Uint8Array;
  readonly toBuffer: (bytes: Uint8Array) => Bytes;
  /** A module of Node. */
  readonly builtin: (name: string) => unknown;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: { readonly name?: string; readonly message: string; readonly code: string; readonly errno?: number };
}

const NONE = new Uint8Array(0);

/** Asks the worker for what `native/` does. Throws as Node would. */
export function askNative(
  { host }: LateKit,
  request: { readonly of: 'crypto' | 'zlib'; readonly [name: string]: unknown },
  first: Uint8Array = NONE,
  second: Uint8Array = NONE,
): unknown {
  const answer = host.native(JSON.stringify(request), first, second);
  if (typeof answer !== 'string') return answer;
  const { value, error } = JSON.parse(answer) as Answer;
  if (!error) return value;
  const type = error.name === 'TypeError' ? TypeError : error.name === 'RangeError' ? RangeError : Error;
  const { message, code, errno } = error;
  throw Object.assign(new type(message), errno === undefined ? { code } : { errno, code });
}

export function invalidType(name: string, kinds: string, value: unknown): TypeError {
  const got = value === null || value === undefined ? String(value) : `type ${typeof value}`;
  const error = new TypeError(`The "${name}" argument must be ${kinds}. Received ${got}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

type Callback = (error: unknown, value?: unknown) => void;

/** The form of a function that gives its value to a callback, later. */
export function later<T extends readonly unknown[]>(work: (...args: T) => unknown): (...args: unknown[]) => void {
  return (...args) => {
    const callback = args.pop();
    if (typeof callback !== 'function') throw invalidType('callback', 'of type function', callback);
    setTimeout(() => {
      let value: unknown;
      try {
        value = work(...(args as unknown as T));
      } catch (error) {
        (callback as Callback)(error);
        return;
      }
      (callback as Callback)(null, value);
    }, 0);
  };
}
