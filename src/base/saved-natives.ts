/**
 * Natives of the language as they are when this module is evaluated, for code that runs beside scripts which may
 * replace them later. No call here goes through anything that can be patched.
 */
export const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;

const { hasOwnProperty } = Object.prototype;

/** Makes a method a plain function whose first argument is the receiver. */
export function unbind<A extends readonly unknown[], R>(
  method: (...args: never[]) => R,
): (self: unknown, ...args: A) => R {
  return (self, ...args) => apply(method as (...all: unknown[]) => R, self, args);
}

/** The getter of a prototype's member as a plain function; that function throws on a receiver of another kind. */
export function savedGetter<T>(prototype: object, name: string): (self: unknown) => T {
  const get = getOwnPropertyDescriptor(prototype, name)?.get;
  if (!get) throw new TypeError(`no getter ${name}`);
  return (self) => apply(get, self, []) as T;
}

/** A member of the object's own; what hangs on prototypes does not count. */
export function ownMember(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null || !apply(hasOwnProperty, object, [name])) return undefined;
  return (object as Readonly<Record<string, unknown>>)[name];
}

export const mapGet = /* @__PURE__ */ unbind<[unknown], unknown>(Map.prototype.get);
export const mapSet = /* @__PURE__ */ unbind<[unknown, unknown], unknown>(Map.prototype.set);
export const mapDelete = /* @__PURE__ */ unbind<[unknown], boolean>(Map.prototype.delete);
export const parseJson = JSON.parse as (text: string) => unknown;
