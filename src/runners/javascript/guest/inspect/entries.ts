// After Node's lib/internal/util/inspect.js (MIT).
import { host } from '../host-calls.ts';
import { mapSize, setSize } from './brands.ts';
import { ARRAY, type Context, type FormatValue, OBJECT } from './context.ts';
import { escapeSymbol, formatBigInt, formatNumber, formatPrimitive, moreItems, quote } from './strings.ts';

/** Formats one property, with its name unless it is an element of an array. */
export function formatProperty(
  context: Context,
  format: FormatValue,
  value: object,
  depth: number,
  key: PropertyKey,
  kind: number,
): string {
  const found = Object.getOwnPropertyDescriptor(value, key) ?? { value: undefined, enumerable: true };
  const text = formatDescriptor(context, format, value, depth, found, kind);
  if (kind === ARRAY) return text;
  const name = nameOf(key);
  return `${found.enumerable === false ? `[${name}]` : name}: ${text}`;
}

function formatDescriptor(
  context: Context,
  format: FormatValue,
  owner: object,
  depth: number,
  found: PropertyDescriptor,
  kind: number,
): string {
  if (found.value !== undefined) {
    const step = context.compact !== true || kind !== OBJECT ? 2 : 3;
    return indented(context, step, () => format(context, found.value, depth));
  }
  if (found.get !== undefined) return formatGetter(context, format, owner, depth, found);
  return found.set === undefined ? 'undefined' : '[Setter]';
}

function formatGetter(
  context: Context,
  format: FormatValue,
  owner: object,
  depth: number,
  found: PropertyDescriptor,
): string {
  const label = found.set === undefined ? 'Getter' : 'Getter/Setter';
  const { getters } = context;
  const isWanted =
    getters === true ||
    (getters === 'get' && found.set === undefined) ||
    (getters === 'set' && found.set !== undefined);
  if (!isWanted) return `[${label}]`;
  return indented(context, 2, () => {
    try {
      const value = (found.get as () => unknown).call(owner);
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
        return `[${label}] ${format(context, value, depth)}`;
      }
      return `[${label}: ${formatPrimitive(value, context)}]`;
    } catch (error) {
      return `[${label}: <Inspection threw (${format(context, error, depth)})>]`;
    }
  });
}

export function nameOf(key: PropertyKey): string {
  if (typeof key === 'symbol') return escapeSymbol(Symbol.prototype.toString.call(key));
  const text = String(key);
  if (text === '__proto__') return "['__proto__']";
  return /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(text) ? text : quote(text);
}

export function indented<T>(context: Context, step: number, work: () => T): T {
  context.indentationLvl += step;
  try {
    return work();
  } finally {
    context.indentationLvl -= step;
  }
}

export function formatArray(context: Context, format: FormatValue, value: unknown[], depth: number): string[] {
  const most = Math.min(Math.max(0, context.maxArrayLength), value.length);
  const output: string[] = [];
  for (let at = 0; at < most; at += 1) {
    if (!Object.hasOwn(value, at)) return formatSparse(context, format, value, depth, most, output, at);
    output.push(formatProperty(context, format, value, depth, at, ARRAY));
  }
  if (value.length > most) output.push(moreItems(value.length - most));
  return output;
}

const emptyItems = (count: number): string => `<${count} empty item${count > 1 ? 's' : ''}>`;

function formatSparse(
  context: Context,
  format: FormatValue,
  value: unknown[],
  depth: number,
  most: number,
  output: string[],
  from: number,
): string[] {
  let index = from;
  // By its keys: an array may be four thousand million long and hold one element.
  for (const key of Object.keys(value).slice(from)) {
    if (output.length >= most || !/^(?:0|[1-9]\d*)$/.test(key) || Number(key) > 2 ** 32 - 2) break;
    if (String(index) !== key) {
      output.push(emptyItems(Number(key) - index));
      index = Number(key);
      if (output.length >= most) break;
    }
    output.push(formatProperty(context, format, value, depth, key, ARRAY));
    index += 1;
  }
  const rest = value.length - index;
  if (rest > 0) output.push(output.length < most ? emptyItems(rest) : moreItems(rest));
  return output;
}

type TypedArray = Uint8Array | BigInt64Array;

export function formatTypedArray(context: Context, value: TypedArray): string[] {
  const most = Math.min(Math.max(0, context.maxArrayLength), value.length);
  const output: string[] = [];
  for (let at = 0; at < most; at += 1) {
    const element = value[at] as number | bigint;
    output.push(
      typeof element === 'bigint'
        ? formatBigInt(element, context.numericSeparator)
        : formatNumber(element, context.numericSeparator),
    );
  }
  if (value.length > most) output.push(moreItems(value.length - most));
  return output;
}

export function formatBuffer(context: Context, value: ArrayBuffer): string[] {
  const bytes = new Uint8Array(value);
  const shown = Array.from(bytes.subarray(0, context.maxArrayLength), (byte) => byte.toString(16).padStart(2, '0'));
  const rest = bytes.length - shown.length;
  const more = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : '';
  return [`[Uint8Contents]: <${shown.join(' ')}${more}>`];
}

export function formatSet(context: Context, format: FormatValue, value: Set<unknown>, depth: number): string[] {
  return formatMembers(context, setSize(value), Set.prototype.values.call(value), (member) =>
    format(context, member, depth),
  );
}

export function formatMap(
  context: Context,
  format: FormatValue,
  value: Map<unknown, unknown>,
  depth: number,
): string[] {
  return formatMembers(context, mapSize(value), Map.prototype.entries.call(value), (member) => {
    const [key, held] = member as [unknown, unknown];
    return `${format(context, key, depth)} => ${format(context, held, depth)}`;
  });
}

function formatMembers(
  context: Context,
  size: number,
  members: Iterator<unknown>,
  show: (member: unknown) => string,
): string[] {
  const most = Math.min(Math.max(0, context.maxArrayLength), size);
  const output: string[] = [];
  indented(context, 2, () => {
    for (let at = 0; at < most; at += 1) output.push(show(members.next().value));
  });
  if (size > most) output.push(moreItems(size - most));
  return output;
}

export function formatPromise(context: Context, format: FormatValue, value: object, depth: number): string[] {
  const state = host.promiseState(value);
  if (state === 0) return ['<pending>'];
  const text = indented(context, 2, () => format(context, host.promiseResult(value), depth));
  return [state === 2 ? `<rejected> ${text}` : text];
}
