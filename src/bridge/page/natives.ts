/** Natives of the hook's end, saved before any script of the page ran; see interception/natives for the reasons. */
const { apply, getOwnPropertyDescriptor } = Reflect;
const { hasOwnProperty } = Object.prototype;

export function unbind<A extends readonly unknown[], R>(fn: (...args: never[]) => R): (self: unknown, ...args: A) => R {
  return (self, ...args) => apply(fn as (...all: unknown[]) => R, self, args);
}

export function getter<T>(prototype: object, name: string): (self: unknown) => T {
  const get = getOwnPropertyDescriptor(prototype, name)?.get;
  if (!get) throw new TypeError(`no getter ${name}`);
  return (self) => apply(get, self, []) as T;
}

/** A member of an object's own; what the page put on Object.prototype does not count. */
export function own(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null || !apply(hasOwnProperty, object, [name])) return undefined;
  return (object as Readonly<Record<string, unknown>>)[name];
}

const mapGetNative = Map.prototype.get;
const mapSetNative = Map.prototype.set;
const mapDeleteNative = Map.prototype.delete;
export const mapGet = (map: object, key: unknown): unknown => apply(mapGetNative, map, [key]);
export const mapSet = (map: object, key: unknown, value: unknown): void => void apply(mapSetNative, map, [key, value]);
export const mapDelete = (map: object, key: unknown): void => void apply(mapDeleteNative, map, [key]);

export const parseJson = JSON.parse as (text: string) => unknown;
export const symbolIterator: typeof Symbol.iterator = Symbol.iterator;
