/**
 * Checks of values from outside, for bundles with no room for a schema library: the few kinds that our messages and
 * settings are made of, under zod's names. `shape.test.ts` holds them against zod itself.
 */
export interface Issue {
  readonly path: readonly (string | number)[];
}

export type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

export interface Shape<T> {
  safeParse(input: unknown): Parsed<T>;
  /** Throws where only a bug of ours can be the cause. */
  parse(input: unknown): T;
  /** The same, with further conditions. */
  check(...checks: readonly Check<T>[]): Shape<T>;
}

export interface ObjectShape<T, S extends Fields = Fields> extends Shape<T> {
  readonly shape: S;
}

interface OptionalShape<T> extends Shape<T | undefined> {
  readonly isOptional: true;
}

interface LiteralShape<T> extends Shape<T> {
  readonly values: readonly T[];
}

type Check<T> = (value: T) => boolean;
type AnyShape = Shape<unknown>;
export type Fields = Readonly<Record<string, AnyShape>>;

/** The type of what passes a shape. */
export type output<S> = S extends Shape<infer T> ? T : never;
type Flat<T> = { readonly [K in keyof T]: T[K] };
type OptionalKeys<S> = { [K in keyof S]: S[K] extends OptionalShape<unknown> ? K : never }[keyof S];
type ObjectOf<S> = Flat<
  { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: output<S[K]> } & {
    readonly [K in OptionalKeys<S>]?: output<S[K]>;
  }
>;

const bad = (...path: (string | number)[]): Parsed<never> => ({ success: false, error: { issues: [{ path }] } });
const good = <T>(data: T): Parsed<T> => ({ success: true, data });
const below = (key: string | number, { error }: Extract<Parsed<unknown>, { success: false }>): Parsed<never> =>
  bad(key, ...(error.issues[0]?.path ?? []));

function shapeOf<T>(safeParse: (input: unknown) => Parsed<T>): Shape<T> {
  return {
    safeParse,
    parse(input) {
      const parsed = safeParse(input);
      if (parsed.success) return parsed.data;
      throw new TypeError(`a value has another shape, at ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
    },
    check: (...checks) =>
      shapeOf((input) => {
        const parsed = safeParse(input);
        return !parsed.success || checks.every((passes) => passes(parsed.data)) ? parsed : bad();
      }),
  };
}

export const custom = <T>(passes: (value: unknown) => boolean): Shape<T> =>
  shapeOf((input) => (passes(input) ? good(input as T) : bad()));

export const unknown = (): Shape<unknown> => shapeOf(good);
export const string = (): Shape<string> => custom((value) => typeof value === 'string');
export const boolean = (): Shape<boolean> => custom((value) => typeof value === 'boolean');
export const number = (): Shape<number> => custom((value) => Number.isFinite(value));
const nothing = (): Shape<null> => custom((value) => value === null);

const oneOf = <T>(values: readonly T[]): LiteralShape<T> => ({
  ...custom<T>((value) => values.includes(value as T)),
  values,
});
export const literal = <const T extends string>(value: T): LiteralShape<T> => oneOf([value]);
const choice = <const T extends string>(values: readonly T[]): LiteralShape<T> => oneOf(values);
export { choice as enum, nothing as null };

export const nullable = <T>(inner: Shape<T>): Shape<T | null> =>
  shapeOf<T | null>((input) => (input === null ? good(null) : inner.safeParse(input)));

export const optional = <T>(inner: Shape<T>): OptionalShape<T> => ({
  ...shapeOf<T | undefined>((input) => (input === undefined ? good(undefined) : inner.safeParse(input))),
  isOptional: true,
});

export const _default = <T>(inner: Shape<T>, standard: T): Shape<T> =>
  shapeOf((input) => (input === undefined ? good(standard) : inner.safeParse(input)));

export const union = <const S extends readonly AnyShape[]>(options: S): Shape<output<S[number]>> =>
  shapeOf((input) => {
    for (const option of options) {
      const parsed = option.safeParse(input) as Parsed<output<S[number]>>;
      if (parsed.success) return parsed;
    }
    return bad();
  });

export const array = <T>(inner: Shape<T>): Shape<T[]> =>
  shapeOf((input) => {
    if (!Array.isArray(input)) return bad();
    const items: T[] = [];
    for (let at = 0; at < input.length; at += 1) {
      const parsed = inner.safeParse(input[at]);
      if (!parsed.success) return below(at, parsed);
      items.push(parsed.data);
    }
    return good(items);
  });

function isPlain(input: unknown): input is Readonly<Record<string, unknown>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  // Not by identity: what a message brings may be of another realm. A class instance is no message.
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export const record = <T>(_keys: Shape<string>, inner: Shape<T>): Shape<Record<string, T>> =>
  shapeOf((input) => {
    if (!isPlain(input)) return bad();
    const entries: [string, T][] = [];
    for (const [key, value] of Object.entries(input)) {
      const parsed = inner.safeParse(value);
      if (!parsed.success) return below(key, parsed);
      entries.push([key, parsed.data]);
    }
    return good(Object.fromEntries(entries));
  });

/** Unknown keys are an error: these are messages of our own. */
export function strictObject<const S extends Fields>(shape: S): ObjectShape<ObjectOf<S>, S> {
  const parse = (input: unknown): Parsed<ObjectOf<S>> => {
    if (!isPlain(input)) return bad();
    for (const key of Object.keys(input)) if (!Object.hasOwn(shape, key)) return bad(key);
    const entries: [string, unknown][] = [];
    for (const [key, inner] of Object.entries(shape)) {
      const parsed = inner.safeParse(Object.hasOwn(input, key) ? input[key] : undefined);
      if (!parsed.success) return below(key, parsed);
      if (Object.hasOwn(input, key) || parsed.data !== undefined) entries.push([key, parsed.data]);
    }
    return good(Object.fromEntries(entries) as ObjectOf<S>);
  };
  return { ...shapeOf(parse), shape };
}

/** Picks the one option whose literal at `key` matches. */
export function discriminatedUnion<const S extends readonly ObjectShape<unknown>[]>(
  key: string,
  options: S,
): Shape<output<S[number]>> {
  const byValue = new Map<unknown, ObjectShape<unknown>>();
  for (const option of options) {
    for (const value of (option.shape[key] as LiteralShape<unknown>).values) byValue.set(value, option);
  }
  return shapeOf((input) => {
    const option = isPlain(input) ? byValue.get(input[key]) : undefined;
    return option === undefined ? bad(key) : (option.safeParse(input) as Parsed<output<S[number]>>);
  });
}

export const gte =
  (least: number): Check<number> =>
  (value) =>
    value >= least;
export const lte =
  (most: number): Check<number> =>
  (value) =>
    value <= most;
export const minLength =
  (least: number): Check<{ readonly length: number }> =>
  ({ length }) =>
    length >= least;
export const maxLength =
  (most: number): Check<{ readonly length: number }> =>
  ({ length }) =>
    length <= most;
