import { isObject, listOf, type JsonObject } from '../../json.ts';
import { JSON_TEXT_KEY } from '../values/json-text.ts';
import type { Carry } from './carry.ts';

/** Where a piece of JSON that is held as text stands in it: `after` begins with all that comes before the piece. */
export interface JsonPiece {
  readonly start: number;
  readonly after: string;
}

interface Write {
  readonly frame: JsonObject;
  readonly operation: string;
  readonly value: unknown;
}

const DEEPEST = 500;

/** The operations of a frame on JSON held as text, in their order (rules D5 and D11). */
function writesIn(frame: JsonObject, { operation, path }: Carry, depth = 0): readonly Write[] {
  const { v: value } = frame;
  if (path.endsWith(`/${JSON_TEXT_KEY}`) && operation !== 'patch') return [{ frame, operation, value }];
  if (depth > DEEPEST) return [];
  return listOf(value).flatMap((item) => {
    if (!isObject(item)) return [];
    const { o, p } = item;
    if (typeof o !== 'string') return [];
    return writesIn(item, { operation: o, path: path + (typeof p === 'string' ? p : '') }, depth + 1);
  });
}

function written(before: string, { operation, value }: Write): string | null {
  if (operation === 'truncate') return typeof value === 'number' ? before.slice(0, value) : null;
  if (operation === 'remove') return '';
  if (typeof value !== 'string') return null;
  return operation === 'append' ? before + value : value;
}

/** What the text was before a frame that made `after` of it: what came in a stream before this one is not remembered. */
function textBefore(writes: readonly Write[], before: string, after: string): string {
  if (writes.some(({ operation }) => operation !== 'append')) return before;
  const added = writes.map(({ value }) => (typeof value === 'string' ? value : '')).join('');
  return after.endsWith(added) ? after.slice(0, after.length - added.length) : before;
}

/**
 * The pieces that a frame's operations bring for JSON held as text, which was `before` and is `after`. None where they do
 * not lead from the one to the other, for it is then not known where they stand.
 */
export function jsonPiecesIn(
  frame: JsonObject,
  carry: Carry,
  { before, after }: { readonly before: string; readonly after: string },
): ReadonlyMap<JsonObject, JsonPiece> {
  const pieces = new Map<JsonObject, JsonPiece>();
  const writes = writesIn(frame, carry);
  let text: string | null = textBefore(writes, before, after);
  for (const write of writes) {
    const next: string | null = written(text, write);
    if (next === null) return new Map();
    if (write.operation === 'append') pieces.set(write.frame, { start: text.length, after: next });
    text = next;
  }
  return text === after ? pieces : new Map();
}
