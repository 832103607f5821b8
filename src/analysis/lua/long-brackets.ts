import { ExternalTokenizer, type InputStream } from '@lezer/lr';
import { BlockComment, LongString } from './parser.generated.terms.ts';

const OPEN = 91;
const CLOSE = 93;
const EQUALS = 61;
const DASH = 45;

/** Reads `[==[ … ]==]` with as many equals signs at the end as at the start; false where none opens here. */
function readLongBracket(input: InputStream): boolean {
  if (input.next !== OPEN) return false;
  let level = 0;
  input.advance();
  while ((input.next as number) === EQUALS) {
    level += 1;
    input.advance();
  }
  if (input.next !== OPEN) return false;
  input.advance();
  while (input.next >= 0) {
    if ((input.next as number) !== CLOSE) {
      input.advance();
      continue;
    }
    let seen = 0;
    input.advance();
    while ((input.next as number) === EQUALS) {
      seen += 1;
      input.advance();
    }
    if ((input.next as number) === CLOSE && seen === level) {
      input.advance();
      return true;
    }
  }
  // One that is never closed takes the rest, as Lua's own reader does before it complains.
  return true;
}

/** Long strings and long comments: the number of equals signs must be counted, which a token grammar cannot. */
export const longBrackets = new ExternalTokenizer((input) => {
  if (input.next === OPEN) {
    if (readLongBracket(input)) input.acceptToken(LongString);
    return;
  }
  if (input.next !== DASH || input.peek(1) !== DASH || input.peek(2) !== OPEN) return;
  input.advance(2);
  if (readLongBracket(input)) input.acceptToken(BlockComment);
});
