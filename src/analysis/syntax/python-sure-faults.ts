import { pythonLines, type PythonLine, type PythonToken } from './python-tokens.ts';
import { bracketFault, type SureFault } from './sure-fault.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const KEYWORDS = words(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield',
);
/** Keywords that are values. */
const VALUES = words('False None True');
/** Names that begin a statement of their own kind, with a value right after them. */
const SOFT = words('match case type');
const COMPOUND = words('if elif else while for try except finally with def class async');
const NOTHING_BETWEEN = words('else try finally');
const CONDITIONAL = words('if elif while');
/** None of them ends a statement. `*` does: `from m import *`. */
const BINARY = words(
  '+ - / // % @ ** & | ^ ~ < > == != <= >= << >> = += -= *= /= //= %= @= &= |= ^= <<= >>= **= := . ->',
);
/** None of them begins a value. */
const NO_PREFIX = words('/ // % @ & | ^ < > == != <= >= << >> = += -= *= /= //= %= @= &= |= ^= <<= >>= **= := ->');

const fault = (message: string, { from, to }: Pick<PythonToken, 'from' | 'to'>): SureFault => ({ message, from, to });
const unexpected = (token: PythonToken): SureFault => fault(`“${token.text.slice(0, 20)}” is not expected here`, token);
const isSign = (token: PythonToken | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text;
const isKeyword = (token: PythonToken): boolean => token.kind === 'name' && KEYWORDS.has(token.text);

const endsValue = (token: PythonToken): boolean =>
  token.kind === 'number' ||
  token.kind === 'text' ||
  (token.kind === 'name' ? !KEYWORDS.has(token.text) || VALUES.has(token.text) : /^[)\]}]$/u.test(token.text));
const beginsValue = (token: PythonToken): boolean =>
  token.kind === 'number' ||
  token.kind === 'text' ||
  (token.kind === 'name' && (!KEYWORDS.has(token.text) || VALUES.has(token.text)));

/** The tokens that stand in no bracket, with the places they have among all. */
function outside(tokens: readonly PythonToken[]): PythonToken[] {
  let depth = 0;
  return tokens.filter(({ kind, text }) => {
    if (kind !== 'sign') return depth === 0;
    if (/^[)\]}]$/u.test(text)) depth -= 1;
    const isOutside = depth === 0;
    if (/^[([{]$/u.test(text)) depth += 1;
    return isOutside;
  });
}

/** A text without an end, a sign that no code has, a number that none is. */
function tokenFault(token: PythonToken): SureFault | null {
  if (token.kind === 'text' && !token.isClosed) return fault('This text is never closed', token);
  // `?` and `!` are words of a notebook.
  if (token.kind === 'strange' && !/[?!\\]/u.test(token.text)) return unexpected(token);
  if (token.kind === 'number' && /^0[\d_]*[1-9]/u.test(token.text) && /^[\d_]+$/u.test(token.text))
    return unexpected(token);
  return null;
}

/** Two values with nothing between them, or two operators. */
function neighbourFault(before: PythonToken, token: PythonToken, isFirst: boolean): SureFault | null {
  const areApart = endsValue(before) && beginsValue(token) && !mayTouch(before, token, isFirst);
  const areOperators =
    before.kind === 'sign' && token.kind === 'sign' && BINARY.has(before.text) && NO_PREFIX.has(token.text);
  return areApart || areOperators ? unexpected(token) : null;
}

/** `match x`, two texts that are one, and `1if x`: what touches a number may be read with it. */
function mayTouch(before: PythonToken, token: PythonToken, isFirst: boolean): boolean {
  const isSoft = isFirst && before.kind === 'name' && SOFT.has(before.text);
  return isSoft || (before.kind === 'text' && token.kind === 'text') || before.to === token.from;
}

/** Whether a statement begins at a token. */
const isFirstAt = (tokens: readonly PythonToken[], at: number): boolean =>
  at === 0 || isSign(tokens[at - 1], ';') || isSign(tokens[at - 1], ':');

function innerFault({ tokens }: PythonLine): SureFault | null {
  for (const [at, token] of tokens.entries()) {
    const own = tokenFault(token);
    if (own !== null) return own;
    const before = tokens[at - 1];
    const between = before === undefined ? null : neighbourFault(before, token, isFirstAt(tokens, at - 1));
    if (between !== null) return between;
  }
  return null;
}

/** `help?` and what else only a notebook knows: the runtime takes these lines before Python sees them. */
const isOfNotebook = ({ tokens, notebook }: PythonLine): boolean =>
  notebook !== null || tokens.some(({ kind, text }) => kind === 'strange' && /[?!]/u.test(text));

/** What a statement begins with, and whether it has its colon and its end. */
function statementFault({ tokens }: PythonLine): SureFault | null {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return null;
  const plain = outside(tokens);
  const found = first.kind === 'name' ? (compoundFault(tokens, plain) ?? conditionFault(first, plain)) : null;
  if (found !== null) return found;
  return last.kind === 'sign' && BINARY.has(last.text)
    ? fault(`Something is missing behind “${last.text}”`, last)
    : null;
}

/** `if x` without its colon, `else x:`. */
function compoundFault(
  [first, second, ...others]: readonly PythonToken[],
  plain: readonly PythonToken[],
): SureFault | null {
  if (first === undefined || !COMPOUND.has(first.text)) return null;
  const isName = first.text === 'async' && !(second !== undefined && isKeyword(second));
  if (!isName && !plain.some((token) => isSign(token, ':')))
    return fault('A colon is missing behind this', others.at(-1) ?? second ?? first);
  const isOdd = NOTHING_BETWEEN.has(first.text) && second !== undefined && !isSign(second, ':');
  return isOdd ? unexpected(second) : null;
}

/** `if x = 1:`; behind the colon it is right, and so it is in a `lambda`. */
function conditionFault(first: PythonToken, plain: readonly PythonToken[]): SureFault | null {
  if (!CONDITIONAL.has(first.text) || plain.some(({ text }) => text === 'lambda')) return null;
  const colon = plain.find((token) => isSign(token, ':'));
  const assigned = plain.find((token) => isSign(token, '='));
  return assigned !== undefined && (colon === undefined || assigned.from < colon.from) ? unexpected(assigned) : null;
}

/** Whether a block has to follow: its header ends in the colon. */
const opensBlock = ({ tokens }: PythonLine): boolean => {
  const [first] = tokens;
  const isHeader = first?.kind === 'name' && (COMPOUND.has(first.text) || SOFT.has(first.text));
  return isHeader && isSign(tokens.at(-1), ':');
};

/** Lines that stand deeper or less deep than the block they are in. */
function indentFault(lines: readonly PythonLine[]): SureFault | null {
  const columns = [0];
  let isBlockDue = false;
  for (const line of lines) {
    const [first] = line.tokens;
    if (first === undefined) continue;
    const current = columns.at(-1) ?? 0;
    if (isBlockDue && line.column <= current) return fault('An indented block is missing before this', first);
    if (isBlockDue) columns.push(line.column);
    else if (line.column > current) return fault('This is indented further than its block', first);
    while (line.column < (columns.at(-1) ?? 0)) columns.pop();
    if (line.column !== (columns.at(-1) ?? 0)) return fault('This is indented as no block before it is', first);
    isBlockDue = opensBlock(line);
  }
  return null;
}

/**
 * What no parser of Python 3 takes, whichever version: brackets and texts without an end, blocks that are none, values side by
 * side, statements without their colon or their end. Silent about all that it is not sure of.
 */
export function pythonSureFaults(code: string): SureFault[] {
  const lines = pythonLines(code).filter((line) => !isOfNotebook(line));
  const open = bracketFault(lines.flatMap(({ tokens }) => tokens.filter(({ kind }) => kind === 'sign')));
  const inner = lines.map((line) => innerFault(line) ?? (open === null ? statementFault(line) : null));
  const found = [open, ...inner].filter((each) => each !== null).sort((a, b) => a.from - b.from);
  // What follows a fault is often indented for what the faulty line was to be.
  const indent = found.length === 0 ? indentFault(lines) : null;
  return indent === null ? found : [indent];
}
