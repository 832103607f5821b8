import { apply, defineProperty, getOwnPropertyDescriptor } from '../../base/index.ts';

/** A function whose receiver is its first argument. */
export type Plain = (self: unknown, args: readonly unknown[]) => unknown;

/** Puts `make`'s function in the place of a method, which it gets as it was; nothing where the browser has none. */
export function replaceMethod(owner: object, name: string, make: (plain: Plain) => Plain): void {
  const found = getOwnPropertyDescriptor(owner, name);
  const method: unknown = found?.value;
  if (!found || typeof method !== 'function') return;
  const made = make((self, args) => apply(method, self, args));
  defineProperty(owner, name, {
    ...found,
    value(this: unknown, ...args: unknown[]): unknown {
      return made(this, args);
    },
  });
}

/** The same for what an attribute is set by. */
export function replaceSetter(owner: object, name: string, make: (plain: Plain) => Plain): void {
  const found = getOwnPropertyDescriptor(owner, name);
  const set = found?.set;
  if (!found || !set) return;
  const made = make((self, args) => apply(set, self, args));
  defineProperty(owner, name, {
    ...found,
    set(this: unknown, value: unknown) {
      made(this, [value]);
    },
  });
}

/** The same for what an attribute is read by. */
export function replaceGetter(owner: object, name: string, make: (plain: Plain) => Plain): void {
  const found = getOwnPropertyDescriptor(owner, name);
  const get = found?.get;
  if (!found || !get) return;
  const made = make((self, args) => apply(get, self, args));
  defineProperty(owner, name, {
    ...found,
    get(this: unknown): unknown {
      return made(this, []);
    },
  });
}

/** What sets an attribute as a plain function; that function throws on a receiver of another kind. */
export function savedSetter<T>(prototype: object, name: string): (self: unknown, value: T) => void {
  const set = getOwnPropertyDescriptor(prototype, name)?.set;
  if (!set) throw new TypeError(`nothing sets ${name}`);
  return (self, value) => void apply(set, self, [value]);
}

/** As the browser reads what a script gives it, and once. */
export const textOf = (value: unknown): string => `${value as string}`;
