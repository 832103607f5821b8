// After Node's lib/internal/util/inspect.js (MIT).
import { unbox } from './brands.ts';
import type { Context, FormatValue } from './context.ts';
import { formatPrimitive } from './strings.ts';

const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;
const functionText = Function.prototype.toString;

export const BUILT_IN: ReadonlySet<string> = new Set(
  Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z][a-zA-Z0-9]+$/.test(name)),
);

function isInstance(value: unknown, type: unknown): boolean {
  try {
    return value instanceof (type as new () => object);
  } catch {
    return false; // its prototype is no object
  }
}

/** The class of a value by its nearest prototype that names one; null for objects without prototype. */
export function constructorName(value: object, context: Context, depth: number, format: FormatValue): string | null {
  let at: object | null = value;
  let first: object | null | undefined;
  while (at) {
    const named = Object.getOwnPropertyDescriptor(at, 'constructor')?.value as unknown;
    const isNamed = typeof named === 'function' && named.name !== '' && at !== iteratorPrototype;
    if (isNamed && isInstance(value, named)) return String(named.name);
    at = Object.getPrototypeOf(at) as object | null;
    if (first === undefined) first = at;
  }
  if (first === null || first === undefined) return null;
  const own = 'Object';
  if (context.depth !== null && depth > context.depth) return `${own} <Complex prototype>`;
  const above = constructorName(first, context, depth + 1, format);
  if (above !== null) return `${own} <${above}>`;
  const bare = { ...context, customInspect: false, depth: -1, seen: [] };
  return `${own} <${format(bare, first, 0)}>`;
}

/** What stands before the braces: the class, its size, and the tag where it says something else. */
export function prefixOf(constructor: string | null, tag: string, fallback: string, size = ''): string {
  if (constructor === null) {
    const bare = `[${fallback}${size}: null prototype] `;
    return tag !== '' && fallback !== tag ? `${bare}[${tag}] ` : bare;
  }
  const head = `${constructor}${size} `;
  if (tag === '') return head;
  const position = constructor.indexOf(tag);
  if (position === -1) return `${head}[${tag}] `;
  const next = constructor[position + tag.length];
  return next !== undefined && next === next.toLowerCase() ? `${head}[${tag}] ` : head;
}

/** A class or a function, in brackets. */
export function functionName(value: object, constructor: string | null, tag: string): string {
  const text = functionText.call(value);
  if (/^class\b/.test(text) && text.endsWith('}')) return className(value, constructor, tag);
  const kind = /^(?:Async)?(?:Generator)?Function$/.exec(
    String((value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]),
  );
  const type = kind?.[0] ?? 'Function';
  const name = (value as { name?: unknown }).name;
  const own =
    name === '' || name === undefined ? ' (anonymous)' : `: ${typeof name === 'string' ? name : String(name)}`;
  let base = `[${type}${constructor === null ? ' (null prototype)' : ''}${own}]`;
  if (constructor !== type && constructor !== null) base += ` ${constructor}`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  return base;
}

function className(value: object, constructor: string | null, tag: string): string {
  const name = Object.hasOwn(value, 'name') ? String((value as { name?: unknown }).name) : '';
  let base = `class ${name || '(anonymous)'}`;
  if (constructor !== 'Function' && constructor !== null) base += ` [${constructor}]`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  if (constructor === null) return `[${base} extends [null prototype]]`;
  const above = (Object.getPrototypeOf(value) as { name?: unknown }).name;
  return above ? `[${base} extends ${String(above)}]` : `[${base}]`;
}

/** `new Number(1)` and its like; null for others. The letters of a String are no properties worth showing. */
export function boxedName(
  value: object,
  keys: PropertyKey[],
  constructor: string | null,
  tag: string,
  context: Context,
): string | null {
  const boxed = unbox(value);
  if (!boxed) return null;
  if (boxed.type === 'String') keys.splice(0, (boxed.inner as string).length);
  const other = constructor === null ? ' (null prototype)' : ` (${constructor})`;
  const own = boxed.type === constructor ? '' : other;
  const plain = { ...context, breakLength: Infinity };
  const base = `[${boxed.type}${own}: ${formatPrimitive(boxed.inner, plain)}]`;
  return tag !== '' && tag !== constructor ? `${base} [${tag}]` : base;
}
