import { brandOf, unbox } from '../inspect/brands.ts';
import { format, inspect, stripAnsi } from '../inspect/index.ts';
import { host } from '../host-calls.ts';
import { deepEqual } from './deep-equal.ts';

type AnyFunction = (...args: unknown[]) => unknown;
const PROMISED = Symbol.for('nodejs.util.promisify.custom');

function promisify(work: AnyFunction & { [PROMISED]?: AnyFunction }): AnyFunction {
  const own = work[PROMISED];
  if (own) return own;
  return function promised(this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      const callback = (error: unknown, value: unknown): void => {
        if (error === null || error === undefined) resolve(value);
        else reject(error);
      };
      Reflect.apply(work, this, [...args, callback]);
    });
  };
}
promisify.custom = PROMISED;

function callbackify(work: (...args: unknown[]) => Promise<unknown>): AnyFunction {
  return (...args: unknown[]) => {
    const callback = args.pop() as AnyFunction;
    Reflect.apply(work, null, args).then(
      (value: unknown) => queueMicrotask(() => callback(null, value)),
      (error: unknown) => queueMicrotask(() => callback(error)),
    );
  };
}

function inherits(type: { prototype: object }, parent: { prototype: object }): void {
  Object.defineProperty(type, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(type.prototype, parent.prototype);
}

const is =
  (brand: string) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !host.isProxy(value) && brandOf(value) === brand;
const tagged =
  (tag: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'function' && tag.test(Object.prototype.toString.call(value));

const types = {
  isDate: is('Date'),
  isRegExp: is('RegExp'),
  isMap: is('Map'),
  isSet: is('Set'),
  isWeakMap: is('WeakMap'),
  isWeakSet: is('WeakSet'),
  isPromise: is('Promise'),
  isNativeError: is('Error'),
  isArrayBuffer: is('ArrayBuffer'),
  isAnyArrayBuffer: is('ArrayBuffer'),
  isDataView: is('DataView'),
  isUint8Array: is('Uint8Array'),
  isProxy: (value: unknown): boolean => typeof value === 'object' && value !== null && host.isProxy(value),
  isTypedArray: (value: unknown): boolean => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isBoxedPrimitive: (value: unknown): boolean => typeof value === 'object' && value !== null && unbox(value) !== null,
  isAsyncFunction: tagged(/Async/),
  isGeneratorFunction: tagged(/Generator/),
};

/** `node:util`. */
export function createUtil(): object {
  return {
    inspect,
    format: (...args: unknown[]) => format(args),
    formatWithOptions: (options: object, ...args: unknown[]) => format(args, options),
    promisify,
    callbackify,
    inherits,
    isDeepStrictEqual: (left: unknown, right: unknown) => deepEqual(left, right),
    deprecate: (work: AnyFunction) => work,
    debuglog: () => () => undefined,
    stripVTControlCharacters: stripAnsi,
    styleText: (_style: unknown, text: string) => text,
    toUSVString: (text: string) => text.toWellFormed(),
    isArray: Array.isArray,
    types,
    TextEncoder,
    TextDecoder,
  };
}
