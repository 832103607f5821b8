import { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } from '../base/index.ts';
import { includes, indexOf, slice, weakGet, weakSet, isObject } from './natives.ts';

type Callable = (...args: never[]) => unknown;
export type Applied = (target: Callable, self: unknown, args: readonly unknown[]) => unknown;

const NativeProxy = Proxy;
const { create: createObject, setPrototypeOf: setPrototype } = Object;
const { setPrototypeOf: reflectSetPrototype } = Reflect;
const originals = new WeakMap<object, object>();

/** Where this script was loaded from, as stack traces print it; '' when it has no address of its own. */
const ownAddress = ((): string => {
  const stack = new Error().stack ?? '';
  const at = indexOf(stack, '-extension://');
  if (at === -1) return '';
  const line = indexOf(stack, '\n', at);
  const start = at - (indexOf(slice(stack, at - 6, at), 'chrome') === 0 ? 6 : 3);
  const text = slice(stack, start, line === -1 ? undefined : line);
  const end = indexOf(text, '.js');
  return end === -1 ? '' : slice(text, 0, end + 3);
})();

function withoutOwnLines(stack: string): string {
  let kept = '';
  let at = 0;
  while (at < stack.length) {
    const newline = indexOf(stack, '\n', at);
    const end = newline === -1 ? stack.length : newline + 1;
    const line = slice(stack, at, end);
    if (!includes(line, ownAddress)) kept += line;
    at = end;
  }
  return slice(kept, -1) === '\n' ? slice(kept, 0, -1) : kept;
}

/** Takes our own lines out of the stack of an error that the page is about to see. */
export function cleanStack(error: unknown): void {
  if (ownAddress === '' || !isObject(error)) return;
  // An own member: a value, or an own pair of accessors in newer engines.
  const found = getOwnPropertyDescriptor(error, 'stack');
  const stack: unknown = found?.get ? apply(found.get, error, []) : found?.value;
  if (!found || typeof stack !== 'string' || !includes(stack, ownAddress)) return;
  const kept = withoutOwnLines(stack);
  if (found.set) apply(found.set, error, [kept]);
  else defineProperty(error, 'stack', { __proto__: null, value: kept } as PropertyDescriptor);
}

/** The native that a wrapper stands for, else the value itself. */
function original(value: unknown): unknown {
  return weakGet(originals, value) ?? value;
}

export interface Traps {
  readonly apply?: Applied;
  readonly construct?: (target: Callable, args: readonly unknown[], newTarget: object) => object;
}

/** A stand-in for a native function that looks native wherever the page looks. */
export function disguise<T extends Callable>(native: T, traps: Traps): T {
  const setPrototypeOf = (target: T, prototype: object | null): boolean => {
    // The engine looks for a cycle only up to a proxy. Let it find one, as it would have without us.
    for (let at = prototype; at !== null; at = getPrototypeOf(at)) {
      if (at === proxy) callNative(setPrototype as Callable, Object, [target, createObject(target)]);
    }
    return reflectSetPrototype(target, prototype);
  };
  const proxy: T = new NativeProxy(native, { __proto__: null, setPrototypeOf, ...traps } as ProxyHandler<T>);
  weakSet(originals, proxy, native);
  return proxy;
}

/** Calls the native for the page; errors reach it as they are, less our own lines in their stack. */
export function callNative(native: Callable, self: unknown, args: readonly unknown[]): unknown {
  try {
    return apply(native as (...all: unknown[]) => unknown, self, args);
  } catch (error) {
    cleanStack(error);
    throw error;
  }
}

/** Replaces one method, with its descriptor kept. `applied` is the proxy's trap. */
export function replaceMethod(owner: object, name: PropertyKey, applied: Applied): void {
  const found = getOwnPropertyDescriptor(owner, name);
  if (typeof found?.value !== 'function') return;
  replaceValue(owner, name, disguise(found.value as Callable, { apply: applied }));
}

/** Puts another value under a property and leaves its other attributes alone. */
export function replaceValue(owner: object, name: PropertyKey, value: unknown): void {
  defineProperty(owner, name, { __proto__: null, value } as PropertyDescriptor);
}

/** Makes `Function.prototype.toString` answer for a wrapper what it answers for its native. */
export function maskToString(): void {
  replaceMethod(Function.prototype, 'toString', (native, self, args) => callNative(native, original(self), args));
}
