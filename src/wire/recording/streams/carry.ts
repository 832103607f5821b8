import { recogniseDelta } from '../../delta-v1/recognise.ts';
import { isObject, type JsonObject } from '../../json.ts';

/** What a delta frame takes over from those before it (rule D2), as far as it says where a value goes. */
export interface Carry {
  readonly operation: string;
  readonly path: string;
}

export const NO_CARRY: Carry = { operation: 'add', path: '' };

/** A delta frame in an event, out of its wrapper (rule D13); null for other events. */
export function frameOf(name: string, value: unknown): JsonObject | null {
  if (!isObject(value) || !recogniseDelta({ kind: 'sse', name, value, sizeUtf16: 0 })) return null;
  const { c, o, p, v, delta } = value;
  const isWrapper = c === undefined && o === undefined && p === undefined && v === undefined;
  return isWrapper && isObject(delta) ? delta : value;
}

/** What holds in a frame and after it (rules D2 and D5). */
export function carryOver(before: Carry, { o, p, v }: JsonObject): Carry {
  if ((o !== undefined && typeof o !== 'string') || (p !== undefined && typeof p !== 'string')) return before;
  if (o === undefined && p === undefined && isObject(v) && isObject(v['message'])) return NO_CARRY;
  return { operation: o ?? before.operation, path: p ?? before.path };
}
