import { isObject, textOrNull, type JsonObject } from '../../json.ts';
import { maskText } from './mask.ts';
import { valueOf } from './parse.ts';
import { isKnownKey, isKnownValue } from './words.ts';

const MASK = 'x';
// The last string and its last escape may be cut off.
const STRING =
  /"([^"\\\0-\x1F]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\0-\x1F]*)*)("|(?:\\(?:u[0-9a-fA-F]{0,3})?)?$)/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const CUT_NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?)?)?$/y;
const LITERAL = /true|false|null|(?:t|tr|tru|f|fa|fal|fals|n|nu|nul)$/y;
const BLANKS = /[ \t\r\n]*/y;
const ESCAPE_OR_CHARACTER = /\\u[0-9a-fA-F]{4}|\\u?[0-9a-fA-F]{0,3}$|\\.|[^]/g;

/** The field of a message's widget that holds JSON as text (rule M6). */
export const JSON_TEXT_KEY = 'widget_state';

/** What may come next: a value, one or the end of a list, a key, one or the end of an object, a colon, or what goes on. */
type Wanted = 'value' | 'first-item' | 'key' | 'first-key' | 'colon' | 'next';

/** Where a reader of JSON stands. */
interface Reading {
  readonly text: string;
  /** The brackets that are open. */
  readonly open: string[];
  wanted: Wanted;
  key: string;
  at: number;
}

/** What is wanted behind each sign, by what is wanted where it stands and the bracket that is open there. */
const AFTER: ReadonlyMap<string, Wanted> = new Map(
  Object.entries({
    ...{ 'value {': 'first-key', 'first-item {': 'first-key', 'value [': 'first-item', 'first-item [': 'first-item' },
    ...{ 'colon :': 'value', 'next{ ,': 'key', 'next[ ,': 'value' },
    ...{ 'next{ }': 'next', 'first-key }': 'next', 'next[ ]': 'next', 'first-item ]': 'next' },
  } as const),
);

/** That text of a message; null where it has none. */
export function jsonTextOf(message: JsonObject | undefined): string | null {
  const metadata = message?.['metadata'];
  const widget = isObject(metadata) ? metadata['chatgpt_sdk'] : null;
  return isObject(widget) ? textOrNull(widget[JSON_TEXT_KEY]) : null;
}

/**
 * Masks JSON that is written as text, sign for sign, so that pieces of it still fit together. It may be cut off at its
 * end; from where it is no JSON on, it is text like any other.
 */
export function maskJsonText(text: string): string {
  const reading: Reading = { text, open: [], wanted: 'value', key: '', at: 0 };
  let shown = '';
  for (;;) {
    shown += take(reading, BLANKS)?.[0] ?? '';
    const token = reading.at < text.length ? maskToken(reading) : null;
    if (token === null) return shown + maskText(text.slice(reading.at), MASK);
    shown += token;
  }
}

/** What the pattern matches where the reader stands, which goes on behind it; null, where it stays, for no match. */
function take(reading: Reading, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reading.at;
  const match = pattern.exec(reading.text);
  reading.at += match?.[0].length ?? 0;
  return match;
}

/** Null where no token stands that may stand here. */
function maskToken(reading: Reading): string | null {
  const { text, at, wanted } = reading;
  const sign = text.charAt(at);
  if (sign === '"') return wanted === 'colon' || wanted === 'next' ? null : maskString(reading);
  if (takePunctuation(sign, reading)) return sign;
  return wanted === 'value' || wanted === 'first-item' ? maskScalar(reading) : null;
}

/** Takes in a bracket, a comma or a colon; false where none may stand here. */
function takePunctuation(sign: string, reading: Reading): boolean {
  const { open, wanted } = reading;
  const after = AFTER.get(`${wanted}${wanted === 'next' ? (open.at(-1) ?? '') : ''} ${sign}`);
  if (after === undefined) return false;
  if (sign === '{' || sign === '[') open.push(sign);
  if (sign === '}' || sign === ']') open.pop();
  reading.wanted = after;
  reading.at += 1;
  return true;
}

function maskScalar(reading: Reading): string | null {
  const scalar = take(reading, LITERAL)?.[0] ?? (take(reading, CUT_NUMBER) ?? take(reading, NUMBER))?.[0];
  if (scalar === undefined) return null;
  reading.wanted = 'next';
  return scalar.replaceAll(/\d/g, '1');
}

function maskString(reading: Reading): string | null {
  const isKey = reading.wanted === 'key' || reading.wanted === 'first-key';
  const match = take(reading, STRING);
  if (!match) return null;
  const said = match[2] === '"' ? textOrNull(valueOf(match[0])) : null;
  const isKept = said !== null && (isKey ? isKnownKey(said) : isKnownValue(reading.key, said));
  reading.wanted = isKey ? 'colon' : 'next';
  if (isKey) reading.key = said ?? '';
  if (isKept) return match[0];
  return said === null ? `"${maskContent(match[0].slice(1))}` : `"${maskContent(match[0].slice(1, -1))}"`;
}

/** Escapes stay as long as they are, and what they stand for one sign. */
function maskContent(content: string): string {
  return content.replaceAll(ESCAPE_OR_CHARACTER, (part) => {
    const isEscape = part.startsWith('\\');
    if (!isEscape) return maskText(part, MASK);
    if (/^\\u./.test(part)) return part.length === 6 ? maskUnicodeEscape(part) : part.replaceAll(/[^\\u]/g, '0');
    return part;
  });
}

function maskUnicodeEscape(escape: string): string {
  const sign = String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  return maskText(sign, MASK) === sign ? escape : '\\u0078';
}
