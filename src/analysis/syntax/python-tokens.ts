/** A token of Python. A text with all that stands in it, fields of an f-string too, is one token. */
export interface PythonToken {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'strange';
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** False for a text whose end is missing. */
  readonly isClosed: boolean;
}

/** A logical line: a statement, or several with `;` between, over as many lines as its brackets and backslashes take. */
export interface PythonLine {
  /** Columns that its first token stands at, a tab going to the next multiple of eight. */
  readonly column: number;
  /** The blanks before its first token. */
  readonly blanks: string;
  readonly tokens: readonly PythonToken[];
  /** A line that a notebook takes for itself, `!ls` or `%time f()`, which has no tokens; null for Python. */
  readonly notebook: { readonly from: number; readonly to: number } | null;
}

const TAB = 8;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d[\d_]*)?|\d[\d_]*\.?(?:[eE][+-]?\d[\d_]*)?)[jJ]?/uy;
const SIGN = /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|[-+*/%@&|^=!<>]=|\*\*|\/\/|<<|>>|<>|[-+*/%@&|^~=<>()[\]{},:;.]/uy;
const PREFIX = /^(?:[rub]|br|rb|[ft]|[ft]r|r[ft])$/iu;
const OPENING = '([{';
const CLOSING = ')]}';

function matchAt(pattern: RegExp, code: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(code)?.[0] ?? null;
}

/** The place behind a text that opens at `at` (its quote, after any prefix), and whether it is closed. */
function readText(code: string, at: number, prefix: string): { readonly to: number; readonly isClosed: boolean } {
  const sign = code[at] ?? '';
  const quote = code.startsWith(sign.repeat(3), at) ? sign.repeat(3) : sign;
  const hasFields = /[ft]/iu.test(prefix);
  for (let to = at + quote.length; to < code.length; to += 1) {
    if (code.startsWith(quote, to)) return { to: to + quote.length, isClosed: true };
    if (code[to] === '\n' && quote.length === 1) return { to, isClosed: false };
    to = endOfSign(code, to, hasFields);
  }
  return { to: code.length, isClosed: false };
}

/** The last place of what stands for one thing in a text: a sign, one behind a backslash, a field. */
function endOfSign(code: string, at: number, hasFields: boolean): number {
  const next = code[at + 1];
  // A raw text keeps its backslashes, and yet none of them lets its quote end it. None hides a field.
  if (code[at] === '\\' && !(hasFields && next === '{')) return at + (code.startsWith('\r\n', at + 1) ? 2 : 1);
  if (code[at] !== '{' || !hasFields) return at;
  return next === '{' ? at + 1 : endOfField(code, at);
}

/** The closing brace of the field that opens at `at`. Texts in it may have the quotes of the text around it (PEP 701). */
function endOfField(code: string, at: number): number {
  let depth = 0;
  for (let to = at; to < code.length; to += 1) {
    const char = code[to] ?? '';
    if (OPENING.includes(char)) depth += 1;
    else if (CLOSING.includes(char) && --depth === 0) return to;
    else if (char === ':' && depth === 1) return endOfFormat(code, to);
    else if (char === '"' || char === "'") to = readText(code, to, wordBefore(code, to)).to - 1;
  }
  return code.length;
}

/** The same from the colon on: what follows is text, which may have fields of its own. */
function endOfFormat(code: string, at: number): number {
  for (let to = at; to < code.length; to += 1) {
    if (code[to] === '}') return to;
    if (code[to] === '{') to = endOfField(code, to);
  }
  return code.length;
}

function wordBefore(code: string, at: number): string {
  const word = /[A-Za-z]{0,2}$/u.exec(code.slice(Math.max(0, at - 2), at))?.[0] ?? '';
  return PREFIX.test(word) ? word : '';
}

function columnOf(blanks: string): number {
  let column = 0;
  for (const sign of blanks) column = sign === '\t' ? column + TAB - (column % TAB) : sign === '\f' ? 0 : column + 1;
  return column;
}

function readToken(code: string, at: number): PythonToken {
  const token = (kind: PythonToken['kind'], to: number, isClosed = true): PythonToken => ({
    kind,
    text: code.slice(at, to),
    from: at,
    to,
    isClosed,
  });
  const char = code[at] ?? '';
  const name = matchAt(NAME, code, at);
  const quoteAt = at + (name !== null && PREFIX.test(name) ? name.length : 0);
  if (code[quoteAt] === '"' || code[quoteAt] === "'") {
    const { to, isClosed } = readText(code, quoteAt, code.slice(at, quoteAt));
    return token('text', to, isClosed);
  }
  if (name !== null) return token('name', at + name.length);
  const number = /[\d.]/u.test(char) ? matchAt(NUMBER, code, at) : null;
  if (number !== null && number !== '.') return token('number', at + number.length);
  const sign = matchAt(SIGN, code, at);
  return sign === null
    ? token('strange', at + String.fromCodePoint(code.codePointAt(at) ?? 0).length)
    : token('sign', at + sign.length);
}

const BLANKS = /[ \t\f]*/uy;

/** `!ls`, `%time f()`, `names = !ls`: no statement of Python begins so, and no value. A backslash goes on with it. */
const NOTEBOOK = /(?:\w[\w, \t]*=[ \t]*)?[%!](?:\\\r?\n|[^\n])*/uy;
/** Between tokens of one line: blanks, remarks, and a line end behind a backslash. */
const BETWEEN = /(?:[ \t\f\r\uFEFF]|#[^\n]*|\\\r?\n)+/uy;

/**
 * Cuts Python into logical lines of tokens, without comments and empty lines. Source: the Python language reference, "Lexical
 * analysis". A bracket that is never closed makes one line of all that follows.
 */
export function pythonLines(code: string): PythonLine[] {
  return new LineReader(code).read();
}

class LineReader {
  readonly #code: string;
  readonly #lines: PythonLine[] = [];
  #tokens: PythonToken[] = [];
  #blanks = '';
  #depth = 0;

  constructor(code: string) {
    this.#code = code;
  }

  read(): PythonLine[] {
    for (let at = this.#begin(0); at < this.#code.length; ) {
      const between = matchAt(BETWEEN, this.#code, at);
      if (between !== null) at += between.length;
      else if (this.#code[at] !== '\n') at = this.#take(readToken(this.#code, at));
      else if (this.#depth > 0) at += 1;
      else {
        this.#end();
        at = this.#begin(at + 1);
      }
    }
    this.#end();
    return this.#lines;
  }

  #end(): void {
    const tokens = this.#tokens;
    if (tokens.length > 0)
      this.#lines.push({ column: columnOf(this.#blanks), blanks: this.#blanks, tokens, notebook: null });
    this.#tokens = [];
  }

  /** Begins a line; answers where its first token is. */
  #begin(at: number): number {
    this.#blanks = matchAt(BLANKS, this.#code, at) ?? '';
    const from = at + this.#blanks.length;
    const notebook = matchAt(NOTEBOOK, this.#code, from);
    if (notebook === null) return from;
    const to = from + notebook.length;
    this.#lines.push({ column: columnOf(this.#blanks), blanks: this.#blanks, tokens: [], notebook: { from, to } });
    return to;
  }

  #take(token: PythonToken): number {
    this.#tokens.push(token);
    if (token.kind === 'sign' && OPENING.includes(token.text)) this.#depth += 1;
    if (token.kind === 'sign' && CLOSING.includes(token.text)) this.#depth = Math.max(0, this.#depth - 1);
    return token.to;
  }
}
