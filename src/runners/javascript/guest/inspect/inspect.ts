// After Node's lib/internal/util/inspect.js (MIT), Node 24: what a program prints here reads as it does there.
import { host } from '../host-calls.ts';
import { brandOf, mapSize, setSize } from './brands.ts';
import { ARRAY_EXTRAS, type Context, createContext, CUSTOM, DEFAULTS, type InspectOptions, OBJECT } from './context.ts';
import {
  formatArray,
  formatBuffer,
  formatMap,
  formatPromise,
  formatProperty,
  formatSet,
  formatTypedArray,
  indented,
} from './entries.ts';
import { formatError } from './errors.ts';
import { joinEntries } from './layout.ts';
import { boxedName, constructorName, functionName, prefixOf } from './names.ts';
import { formatPrimitive } from './strings.ts';

/** Text of a value as Node's `util.inspect` gives it. */
export function inspect(value: unknown, options?: Partial<Record<keyof InspectOptions, unknown>> | boolean): string {
  // The old form: inspect(value, showHidden).
  const context = createContext(typeof options === 'object' ? options : { showHidden: options === true });
  return formatValue(context, value, 0);
}
inspect.custom = CUSTOM;
inspect.defaultOptions = DEFAULTS;

function formatValue(context: Context, value: unknown, depth: number): string {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return formatPrimitive(value, context);
  }
  context.left -= 1;
  if (context.left < 0) return '…';
  let target: object = value;
  if (host.isProxy(value)) {
    const inner = host.proxyTarget(value);
    if (inner === null) return '<Revoked Proxy>';
    if (context.showProxy) return `Proxy [ ${formatValue(context, inner, depth + 1)} ]`;
    target = inner;
    while (host.isProxy(target)) {
      const deeper = host.proxyTarget(target);
      if (deeper === null) return '<Revoked Proxy>';
      target = deeper;
    }
  }
  const custom = context.customInspect ? customText(context, value, target, depth) : null;
  if (custom !== null) return custom;
  if (context.seen.includes(target)) {
    context.circular ??= new Map();
    const index = context.circular.get(target) ?? context.circular.size + 1;
    context.circular.set(target, index);
    return `[Circular *${index}]`;
  }
  return formatObject(context, target, depth);
}

/** What the value's own `[inspect.custom]` says; null where it has none. */
function customText(context: Context, value: object, target: object, depth: number): string | null {
  const own = (target as Record<symbol, unknown>)[CUSTOM];
  if (typeof own !== 'function' || own === inspect) return null;
  const type = Object.getOwnPropertyDescriptor(target, 'constructor')?.value as { prototype?: unknown } | undefined;
  if (type?.prototype === target) return null;
  const left = context.depth === null ? null : context.depth - depth;
  const { indentationLvl } = context;
  const options = Object.fromEntries(Object.keys(DEFAULTS).map((key) => [key, context[key as keyof InspectOptions]]));
  const shown = Reflect.apply(own, value, [left, { ...options, depth: left, stylize: String }, inspect]) as unknown;
  if (shown === value) return null;
  if (typeof shown !== 'string') return formatValue(context, shown, depth);
  return shown.replaceAll('\n', `\n${' '.repeat(indentationLvl)}`);
}

interface Shape {
  base: string;
  braces: [string, string];
  kind: number;
  keys: PropertyKey[];
  entries: (depth: number) => string[];
  /** Getters of built-in classes that are shown like properties. */
  extra: readonly string[];
  /** Set where there is nothing between the braces. */
  whole: string | null;
}

function formatObject(context: Context, value: object, depth: number): string {
  const constructor = constructorName(value, context, depth, formatValue);
  const tag = ownTag(context, value);
  const shape = shapeOf(context, value, constructor, tag, depth);
  if (shape.whole !== null) return shape.whole;
  if (context.depth !== null && depth > context.depth) {
    const name = prefixOf(constructor, tag, Array.isArray(value) ? 'Array' : 'Object').slice(0, -1);
    return constructor === null ? name : `[${name}]`;
  }
  const inner = depth + 1;
  context.seen.push(value);
  context.currentDepth = inner;
  const entries = shape.entries(inner);
  for (const key of shape.extra) {
    const text = indented(context, 2, () => formatValue(context, (value as Record<string, unknown>)[key], inner));
    entries.push(`[${key}]: ${text}`);
  }
  for (const key of shape.keys) entries.push(formatProperty(context, formatValue, value, inner, key, shape.kind));
  const reference = context.circular?.get(value);
  let { base } = shape;
  if (reference !== undefined) base = base === '' ? `<ref *${reference}>` : `<ref *${reference}> ${base}`;
  context.seen.pop();
  if (context.sorted !== false && shape.kind === OBJECT) {
    entries.sort(typeof context.sorted === 'function' ? context.sorted : undefined);
  }
  const items = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>) : undefined;
  return joinEntries(context, entries, base, shape.braces, shape.kind, inner, items);
}

/** The tag, unless it stands among the properties anyway. */
function ownTag(context: Context, value: object): string {
  let tag: unknown;
  try {
    tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  } catch {
    return ''; // a getter of the person's threw
  }
  if (typeof tag !== 'string') return '';
  const isShown = context.showHidden
    ? Object.hasOwn(value, Symbol.toStringTag)
    : Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag);
  return isShown ? '' : tag;
}

function keysOf(context: Context, value: object, isIndexed: boolean): PropertyKey[] {
  const names = context.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  const chosen: PropertyKey[] = isIndexed ? names.filter((name) => !/^(?:0|[1-9]\d*)$/.test(name)) : names;
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (context.showHidden || Object.prototype.propertyIsEnumerable.call(value, symbol)) chosen.push(symbol);
  }
  return chosen;
}

interface Seen {
  readonly context: Context;
  readonly value: object;
  readonly constructor: string | null;
  readonly tag: string;
  readonly depth: number;
  readonly shape: Shape;
}

function shapeOf(context: Context, value: object, constructor: string | null, tag: string, depth: number): Shape {
  const isIndexed = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  const keys = keysOf(context, value, isIndexed);
  const shape: Shape = { base: '', braces: ['{', '}'], kind: OBJECT, keys, entries: () => [], extra: [], whole: null };
  const seen: Seen = { context, value, constructor, tag, depth, shape };
  if (isIndexed) return indexedShape(seen);
  if (typeof value === 'function') return namedShape(seen, functionName(value, constructor, tag));
  const make = SHAPES[brandOf(value)];
  return make ? make(seen) : plainShape(seen);
}

const prefixFor = ({ constructor, tag }: Seen, fallback: string, size = ''): string =>
  prefixOf(constructor, tag, fallback, size);

/** A text that stands alone where the value has no further properties. */
function namedShape({ shape }: Seen, base: string): Shape {
  shape.base = base;
  if (shape.keys.length === 0) shape.whole = base;
  return shape;
}

function indexedShape({ context, value, constructor, tag, shape }: Seen): Shape {
  const { length } = value as unknown as { length: number };
  const isList = Array.isArray(value);
  const isPlain = constructor === 'Array' && tag === '';
  const fallback = isList ? 'Array' : brandOf(value);
  const prefix = isPlain ? '' : prefixOf(constructor, isList ? tag : '', fallback, `(${length})`);
  shape.braces = [`${prefix}[`, ']'];
  shape.kind = ARRAY_EXTRAS;
  if (length === 0 && shape.keys.length === 0) shape.whole = `${shape.braces[0]}]`;
  shape.entries = isList
    ? (inner) => formatArray(context, formatValue, value as unknown[], inner)
    : () => formatTypedArray(context, value as Uint8Array);
  return shape;
}

function collectionShape(seen: Seen, brand: string, size: number, entries: Shape['entries']): Shape {
  const { shape } = seen;
  shape.braces[0] = `${prefixFor(seen, brand, `(${size})`)}{`;
  if (size === 0 && shape.keys.length === 0) shape.whole = `${shape.braces[0]}}`;
  shape.entries = entries;
  return shape;
}

function textShape(seen: Seen, brand: string, text: string): Shape {
  const head = prefixFor(seen, brand);
  return namedShape(seen, head === `${brand} ` ? text : `${head}${text}`);
}

function filledShape(seen: Seen, brand: string, entries: Shape['entries'], extra: readonly string[] = []): Shape {
  seen.shape.braces[0] = `${prefixFor(seen, brand)}{`;
  seen.shape.entries = entries;
  seen.shape.extra = extra;
  return seen.shape;
}

const unknownItems = (): string[] => ['<items unknown>'];

/** How the built-in classes are shown, by their brand. */
const SHAPES: Readonly<Record<string, (seen: Seen) => Shape>> = {
  Map: (seen) => {
    const map = seen.value as Map<unknown, unknown>;
    return collectionShape(seen, 'Map', mapSize(map), (inner) => formatMap(seen.context, formatValue, map, inner));
  },
  Set: (seen) => {
    const set = seen.value as Set<unknown>;
    return collectionShape(seen, 'Set', setSize(set), (inner) => formatSet(seen.context, formatValue, set, inner));
  },
  RegExp: (seen) => {
    const shape = textShape(seen, 'RegExp', RegExp.prototype.toString.call(seen.value));
    const isDeep = seen.context.depth !== null && seen.depth > seen.context.depth;
    if (isDeep) shape.whole = shape.base;
    return shape;
  },
  Date: (seen) => textShape(seen, 'Date', dateText(seen.value as Date)),
  Error: (seen) => {
    const { value, constructor, tag, context, shape } = seen;
    return namedShape(seen, formatError(value as Error, constructor, tag, context, shape.keys));
  },
  ArrayBuffer: (seen) => {
    const buffer = seen.value as ArrayBuffer;
    return filledShape(seen, 'ArrayBuffer', () => formatBuffer(seen.context, buffer), ['byteLength']);
  },
  DataView: (seen) => filledShape(seen, 'DataView', () => [], ['byteLength', 'byteOffset', 'buffer']),
  Promise: (seen) =>
    filledShape(seen, 'Promise', (inner) => formatPromise(seen.context, formatValue, seen.value, inner)),
  WeakSet: (seen) => filledShape(seen, 'WeakSet', unknownItems),
  WeakMap: (seen) => filledShape(seen, 'WeakMap', unknownItems),
};

function plainShape(seen: Seen): Shape {
  const { context, value, constructor, tag, shape } = seen;
  const boxed = boxedName(value, shape.keys, constructor, tag, context);
  if (boxed !== null) {
    shape.base = boxed;
    if (shape.keys.length === 0) shape.whole = shape.base;
    return shape;
  }
  if (brandOf(value) === 'Arguments') shape.braces[0] = '[Arguments] {';
  else if (constructor !== 'Object' || tag !== '') {
    const fallback = tag === 'Module' ? 'Module' : 'Object';
    shape.braces[0] = `${prefixOf(constructor, tag, fallback)}{`;
  }
  if (shape.keys.length === 0) shape.whole = `${shape.braces[0]}}`;
  return shape;
}

function dateText(value: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(value))
    ? Date.prototype.toString.call(value)
    : Date.prototype.toISOString.call(value);
}
