const { toString: objectToString } = Object.prototype;
const sizeOf = (prototype: object): ((value: unknown) => number) => {
  const getter = Object.getOwnPropertyDescriptor(prototype, 'size')?.get as () => number;
  return (value) => getter.call(value as undefined);
};

/** Size of a real Map or Set, whatever a program made of its prototype; throws for others. */
export const mapSize = sizeOf(Map.prototype);
export const setSize = sizeOf(Set.prototype);

/** The class that a value says it is of; a getter of the person's may run. */
export function tagOf(value: object): string {
  return objectToString.call(value).slice(8, -1);
}

function holds(check: (value: unknown) => unknown): (value: object) => boolean {
  return (value) => {
    try {
      check(value);
      return true;
    } catch {
      return false; // the answer: the engine knows the value under another class
    }
  };
}

const dateTime = Date.prototype.getTime;
const weakMapHas = WeakMap.prototype.has;
const weakSetHas = WeakSet.prototype.has;
const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get as () => number;
const regExpSource = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags')?.get as () => string;
const nothing = {};

const checks: Readonly<Record<string, (value: object) => boolean>> = {
  Map: holds(mapSize),
  Set: holds(setSize),
  Date: holds((value) => dateTime.call(value as Date)),
  WeakMap: holds((value) => weakMapHas.call(value as WeakMap<object, unknown>, nothing)),
  WeakSet: holds((value) => weakSetHas.call(value as WeakSet<object>, nothing)),
  ArrayBuffer: holds((value) => bufferLength.call(value as ArrayBuffer)),
  RegExp: (value) => value instanceof RegExp && value !== RegExp.prototype && regExpSource.call(value) !== undefined,
  Promise: (value) => value instanceof Promise,
  Error: (value) => value instanceof Error || tagOf(value) === 'Error',
};

/** The built-in class that decides how a value is printed, or an empty string. */
export function brandOf(value: object): string {
  const tag = tagOf(value);
  const named = checks[tag];
  if (named) return named(value) ? tag : '';
  if (value instanceof Error) return 'Error';
  for (const [name, type] of CLASSES) if (value instanceof type && checks[name]?.(value)) return name;
  return tag;
}

const CLASSES: readonly (readonly [string, new (...args: never[]) => object])[] = [
  ['Map', Map],
  ['Set', Set],
  ['Date', Date],
  ['RegExp', RegExp],
  ['WeakMap', WeakMap],
  ['WeakSet', WeakSet],
];

type AnyFunction = (...args: never[]) => unknown;
const BOXED: readonly (readonly [string, AnyFunction])[] = [
  ['Number', Number.prototype.valueOf],
  ['String', String.prototype.valueOf],
  ['Boolean', Boolean.prototype.valueOf],
  ['BigInt', BigInt.prototype.valueOf],
  ['Symbol', Symbol.prototype.valueOf],
];

/** What an object such as `new Number(1)` holds. */
export function unbox(value: object): { readonly type: string; readonly inner: unknown } | null {
  const tag = tagOf(value);
  for (const [type, valueOf] of BOXED) {
    if (tag !== type) continue;
    try {
      return { type, inner: Reflect.apply(valueOf as never, value, []) };
    } catch {
      return null; // only named like one
    }
  }
  return null;
}
