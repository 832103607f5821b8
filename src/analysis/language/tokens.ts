/** A rough cut of a text into words and signs, for telling languages apart. Strings are left out, comments are not. */
export interface Tokens {
  /** How often each word or pair of neighbours stands in the text. */
  readonly counts: ReadonlyMap<string, number>;
  readonly firstWords: ReadonlyMap<string, number>;
}

const WORD = /[\w$@#]/u;
const QUOTES = new Set(['"', "'", '`']);

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Steps over a string that ends on its own line; an apostrophe in a sentence is none. */
function endOfString(text: string, at: number): number {
  const quote = text[at] ?? '';
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end++) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === quote) return end + 1;
  }
  return at + 1;
}

const isWord = (char: string | undefined): boolean => char !== undefined && WORD.test(char);
const isSign = (char: string | undefined): boolean =>
  char !== undefined && char > ' ' && !WORD.test(char) && !QUOTES.has(char);

/** The place after the token that begins here: a string, a word, or at most three signs. */
function endOfToken(text: string, at: number): number {
  const char = text[at] ?? '';
  if (QUOTES.has(char)) return endOfString(text, at);
  let end = at + 1;
  if (WORD.test(char)) while (isWord(text[end])) end += 1;
  else while (end - at < 3 && isSign(text[end])) end += 1;
  return end;
}

/** Cuts at most `limit` UTF-16 units. */
export function cutTokens(text: string, limit = 8_000): Tokens {
  const counts = new Map<string, number>();
  const firstWords = new Map<string, number>();
  const end = Math.min(text.length, limit);
  let before = '';
  let isFirst = true;
  let at = 0;
  while (at < end) {
    const char = text[at] ?? '';
    if (char <= ' ') {
      isFirst ||= char === '\n';
      at += 1;
      continue;
    }
    const start = at;
    at = endOfToken(text, at);
    const token = QUOTES.has(char) ? '""' : text.slice(start, at);
    add(counts, token);
    if (before !== '') add(counts, `${before} ${token}`);
    if (isFirst) add(firstWords, token);
    isFirst = false;
    before = token;
  }
  return { counts, firstWords };
}
