import { isObject } from '../json.ts';

const DEEPEST = 6;
const MOST_KEYS = 24;
const MOST_UTF16 = 2_000;
// A key that looks like an id or a word someone wrote is a value in disguise.
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;

/** The outline of a value: keys and types, no values. Safe to show in a report about a shape that is not known. */
export function shapeOf(value: unknown): string {
  return outline(value, 0).slice(0, MOST_UTF16);
}

function outline(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return depth >= DEEPEST ? '[…]' : `[${String(value.length)}× ${outline(value[0], depth + 1)}]`;
  }
  if (!isObject(value)) return typeof value;
  if (depth >= DEEPEST) return '{…}';
  const keys = Object.keys(value);
  const shown = keys
    .slice(0, MOST_KEYS)
    .map((key) => `${PLAIN_KEY.test(key) ? key : '…'}: ${outline(value[key], depth + 1)}`);
  if (keys.length > MOST_KEYS) shown.push('…');
  return `{${shown.join(', ')}}`;
}
