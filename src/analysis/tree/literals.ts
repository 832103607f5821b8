import { firstOf, nextOf, fromOf } from './syntax-table.ts';
import { scopeAt } from './tree-context.ts';
import type { LiteralText } from './facts.ts';
import { findBindings } from './scopes.ts';
import { childrenOf, nameOf, textOf } from './syntax-table.ts';
import type { TreeContext } from './tree-context.ts';

/** How far values are followed through names and operators; deeper ones count as computed. */
const HOPS = 8;
/** Longer texts are no path, address or command. */
const KEPT = 4096;

const whole = (text: string): LiteralText => ({ text: text.slice(0, KEPT), isWhole: text.length <= KEPT });
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** The text of a string's inside; of escapes only those of one letter and `\xNN` are followed. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  let made = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char !== '\\') {
      made += char;
      continue;
    }
    at += 1;
    const escaped = text[at] ?? '';
    if (escaped === 'x') {
      const code = Number.parseInt(text.slice(at + 1, at + 3), 16);
      if (!Number.isNaN(code)) made += String.fromCharCode(code);
      at += 2;
    } else made += SIMPLE[escaped] ?? escaped;
  }
  return made;
}

/** Takes prefix and quotes off `rb"…"`, `"""…"""`, `` `…` ``. */
function unquote(source: string): string {
  let start = 0;
  while (start < 3 && !'"\'`'.includes(source[start] ?? '"')) start += 1;
  const isRaw = source.slice(0, start).toLowerCase().includes('r');
  const quote = source[start] ?? '"';
  const width = source.startsWith(quote.repeat(3), start) && source.length >= start + 6 ? 3 : 1;
  const inside = source.slice(start + width, Math.max(start + width, source.length - width));
  return isRaw ? inside : unescape(inside);
}

function joinParts(context: TreeContext, parts: Iterable<number>, hops: number): LiteralText | null {
  let text = '';
  for (const part of parts) {
    const literal = literalOf(context, part, hops);
    if (!literal) return text === '' ? null : { text, isWhole: false };
    text += literal.text;
    if (!literal.isWhole) return { text, isWhole: false };
  }
  return whole(text);
}

/** The text up to the first piece that is computed. */
function template(context: TreeContext, node: number, piece: string): LiteralText {
  const { table } = context;
  const source = textOf(table, node);
  for (const child of childrenOf(table, node)) {
    if (nameOf(table, child) !== piece) continue;
    const before = source.slice(0, fromOf(table, child) - fromOf(table, node));
    return { text: unquote(`${before}"`), isWhole: false };
  }
  return whole(unquote(source));
}

function named(context: TreeContext, node: number, hops: number): LiteralText | null {
  const value = onlyValue(context, node);
  return value < 0 || value === node ? null : literalOf(context, value, hops);
}

/** The value of a name that gets one only once; -1 for others. */
function onlyValue(context: TreeContext, node: number): number {
  const bindings = findBindings(context.scopes, scopeAt(context, node), textOf(context.table, node));
  const only = bindings?.length === 1 ? bindings[0] : undefined;
  return only && only.member === null ? only.value : -1;
}

function longString(source: string): LiteralText {
  const open = source.indexOf('[', 1) + 1;
  return whole(source.slice(open, Math.max(open, source.length - open)));
}

/** `"a" + "b"`, `"a" .. "b"`, and the path operator `/` of pathlib after a text. */
function joined(context: TreeContext, node: number, hops: number): LiteralText | null {
  const [left, operator, right] = childrenOf(context.table, node);
  if (left === undefined || operator === undefined || right === undefined) return null;
  const sign = textOf(context.table, operator);
  if (sign === '+' || sign === '..') return joinParts(context, [left, right], hops);
  if (sign !== '/') return null;
  const base = literalOf(context, left, hops);
  const rest = literalOf(context, right, hops);
  return base && rest ? { text: `${base.text}/${rest.text}`, isWhole: base.isWhole && rest.isWhole } : null;
}

const HOME_CALLS = new Set(['Path.home()', 'pathlib.Path.home()', 'os.homedir()', 'homedir()']);
const PASSING = ['expanduser', 'Path', 'PurePath', 'join', 'resolve', 'normpath', 'abspath', 'String', 'str'];

/** Calls that make a path of a text that is written out: `os.path.expanduser("~/x")`, `Path("a")`, `path.join("a", b)`. */
function called(context: TreeContext, node: number, hops: number): LiteralText | null {
  const { table } = context;
  const callee = firstOf(table, node);
  if (callee < 0) return null;
  const source = textOf(table, node);
  if (source.length <= 24 && HOME_CALLS.has(source)) return whole('~');
  const calleeText = textOf(table, callee);
  const last = calleeText.slice(calleeText.lastIndexOf('.') + 1);
  if (!PASSING.includes(last)) return null;
  const args = childrenOf(table, nextOf(table, callee)).filter((arg) => nameOf(table, arg).length > 1);
  if (args.length === 0) return null;
  if (args.length === 1 || last !== 'join') return literalOf(context, args[0] ?? -1, hops);
  const texts = args.map((arg) => literalOf(context, arg, hops));
  const known = texts.findIndex((text) => !text?.isWhole);
  const kept = (known < 0 ? texts : texts.slice(0, known)).map((text) => text?.text ?? '');
  return kept.length === 0 ? null : { text: kept.join('/'), isWhole: known < 0 };
}

/** The text that an expression is sure to give, as far as it is written out; null where nothing of it is. */
export function literalOf(context: TreeContext, node: number, hops = HOPS): LiteralText | null {
  if (hops <= 0 || node < 0) return null;
  return LITERALS[nameOf(context.table, node)]?.(context, node, hops - 1) ?? null;
}

const LITERALS: Readonly<Record<string, (context: TreeContext, node: number, hops: number) => LiteralText | null>> = {
  String: ({ table }, node) => whole(unquote(textOf(table, node))),
  LongString: ({ table }, node) => longString(textOf(table, node)),
  FormatString: (context, node) => template(context, node, 'FormatReplacement'),
  TemplateString: (context, node) => template(context, node, 'Interpolation'),
  ContinuedString: (context, node, hops) => joinParts(context, childrenOf(context.table, node), hops),
  BinaryExpression: joined,
  ParenthesizedExpression: (context, node, hops) => literalOf(context, innerOf(context, node), hops),
  VariableName: named,
  CallExpression: called,
  NewExpression: called,
};

const innerOf = ({ table }: TreeContext, node: number): number => nextOf(table, firstOf(table, node));

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '**': (a, b) => a ** b,
  '^': (a, b) => a ** b,
};

/** The number that an expression is sure to give; null where it is not written out. */
export function numberOf(context: TreeContext, node: number, hops = HOPS): number | null {
  if (hops <= 0 || node < 0) return null;
  return NUMBERS[nameOf(context.table, node)]?.(context, node, hops - 1) ?? null;
}

const NUMBERS: Readonly<Record<string, (context: TreeContext, node: number, hops: number) => number | null>> = {
  Number: ({ table }, node) => {
    const text = textOf(table, node).replaceAll('_', '');
    // `10n` of JavaScript
    const value = Number(text.endsWith('n') ? text.slice(0, -1) : text);
    return Number.isFinite(value) ? value : null;
  },
  ParenthesizedExpression: (context, node, hops) => numberOf(context, innerOf(context, node), hops),
  BinaryExpression: (context, node, hops) => {
    const [left = -1, operator = -1, right = -1] = childrenOf(context.table, node);
    const sign = operator < 0 ? '' : textOf(context.table, operator);
    const apply = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
    const a = numberOf(context, left, hops);
    const b = numberOf(context, right, hops);
    return apply && a !== null && b !== null ? apply(a, b) : null;
  },
  VariableName: (context, node, hops) => {
    const value = onlyValue(context, node);
    return value < 0 ? null : numberOf(context, value, hops);
  },
};
