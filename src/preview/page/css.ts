import {
  type CSSToken,
  isTokenAtKeyword,
  isTokenCloseParen,
  isTokenFunction,
  isTokenString,
  isTokenURL,
  isTokenWhitespace,
  tokenize,
  type TokenString,
} from '@csstools/css-tokenizer';

/** Where a sheet names an address: `kind` is `sheet` after `@import`. */
interface NamedAddress {
  readonly at: number;
  readonly end: number;
  readonly address: string;
  readonly kind: 'sheet' | 'file';
}

/** The sheet with every address replaced by what `place` gives for it; null leaves it as it is. */
export async function placeAddresses(
  css: string,
  place: (address: string, kind: NamedAddress['kind']) => Promise<string | null>,
): Promise<string> {
  // What begins with # is a part of the document that the sheet is in.
  const named = addressesIn(css).filter(({ address }) => !address.startsWith('#'));
  const places = await Promise.all(named.map(({ address, kind }) => place(address, kind)));
  let placed = '';
  let upTo = 0;
  for (const [index, { at, end }] of named.entries()) {
    const address = places[index];
    if (address == null) continue;
    placed += `${css.slice(upTo, at)}url(${JSON.stringify(address)})`;
    upTo = end;
  }
  return placed + css.slice(upTo);
}

function addressesIn(css: string): readonly NamedAddress[] {
  const tokens = tokenize({ css }).filter((token) => !isTokenWhitespace(token));
  const found: NamedAddress[] = [];
  let isImport = false;
  for (const [index, token] of tokens.entries()) {
    const kind = isImport ? 'sheet' : 'file';
    if (isTokenURL(token)) found.push({ at: token[2], end: token[3] + 1, address: token[4].value, kind });
    else if (isTokenString(token)) {
      const span = quotedSpan(tokens[index - 1], token, tokens[index + 1]);
      if (span || isImport) found.push({ at: token[2], end: token[3] + 1, ...span, address: token[4].value, kind });
    }
    isImport = isTokenAtKeyword(token) ? token[4].value.toLowerCase() === 'import' : isImport && isTokenFunction(token);
  }
  return found;
}

/** From `url(` to its end, where a string stands in one. */
function quotedSpan(before: CSSToken | undefined, string: TokenString, after: CSSToken | undefined) {
  if (!isTokenFunction(before) || before[4].value.toLowerCase() !== 'url') return null;
  return { at: before[2], end: (isTokenCloseParen(after) ? after[3] : string[3]) + 1 };
}
