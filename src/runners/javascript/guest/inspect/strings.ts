// After Node's lib/internal/util/inspect.js (MIT).
import type { Context } from './context.ts';

const LONE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const WITH_SINGLE = new RegExp(`[\\x00-\\x1f\\x27\\x5c\\x7f-\\x9f]|${LONE}`, 'g');
const WITHOUT_SINGLE = new RegExp(`[\\x00-\\x1f\\x5c\\x7f-\\x9f]|${LONE}`, 'g');
const SHORT: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '\\': '\\\\',
};

function escapeOne(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 160 ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

/** Quoted as Node quotes: single quotes unless others need no escape. */
export function quote(text: string): string {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  return mark + text.replace(mark === "'" ? WITH_SINGLE : WITHOUT_SINGLE, escapeOne) + mark;
}

export const escapeSymbol = (text: string): string => text.replace(WITH_SINGLE, escapeOne);

export const moreItems = (count: number): string => `... ${count} more item${count > 1 ? 's' : ''}`;

function separated(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, '_');
}

export function formatNumber(value: number, hasSeparators: boolean): string {
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  if (!hasSeparators || !Number.isFinite(value) || text.includes('e')) return text;
  const [whole = '', fraction] = text.split('.');
  if (fraction === undefined) return separated(whole);
  return `${separated(whole)}.${fraction.replace(/(\d{3})(?=\d)/g, '$1_')}`;
}

export function formatBigInt(value: bigint, hasSeparators: boolean): string {
  return `${hasSeparators ? separated(String(value)) : String(value)}n`;
}

export function formatPrimitive(value: unknown, context: Context): string {
  switch (typeof value) {
    case 'string':
      return formatString(value, context);
    case 'number':
      return formatNumber(value, context.numericSeparator);
    case 'bigint':
      return formatBigInt(value, context.numericSeparator);
    case 'symbol':
      return Symbol.prototype.toString.call(value);
    default:
      return String(value);
  }
}

function formatString(whole: string, context: Context): string {
  let text = whole;
  let trailer = '';
  if (text.length > context.maxStringLength) {
    const rest = text.length - context.maxStringLength;
    text = text.slice(0, context.maxStringLength);
    trailer = `... ${rest} more character${rest > 1 ? 's' : ''}`;
  }
  const isLong = text.length > 16 && text.length > context.breakLength - context.indentationLvl - 4;
  if (context.compact === true || !isLong) return quote(text) + trailer;
  const lines = text.split(/(?<=\n)/).map(quote);
  return lines.join(` +\n${' '.repeat(context.indentationLvl + 2)}`) + trailer;
}

/** East Asian wide and emoji, two columns; the ranges of Node's build without ICU. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3040-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1f200}-\u{1f251}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\u200b-\u200f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
const PRINTABLE = /^[\x20-\x7e]*$/;
const ANSI = /[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]/g;

export const stripAnsi = (text: string): string => text.replace(ANSI, '');

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  if (PRINTABLE.test(text)) return text.length;
  let width = 0;
  for (const character of stripAnsi(text).normalize('NFC')) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || (code >= 127 && code < 160)) continue;
    if (WIDE.test(character)) width += 2;
    else if (!NO_WIDTH.test(character)) width += 1;
  }
  return width;
}
