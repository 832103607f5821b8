/** A place at which code is surely none of its language. */
export interface SureFault {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** What brackets need to know of a token. */
interface Bracketed {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const CLOSER_OF: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const CLOSERS = new Set(Object.values(CLOSER_OF));

/** The first bracket of `tokens` that has no partner; null where all have. Given signs alone: no texts, no comments. */
export function bracketFault(tokens: Iterable<Bracketed>): SureFault | null {
  const open: Bracketed[] = [];
  for (const token of tokens) {
    if (CLOSER_OF[token.text] !== undefined) open.push(token);
    if (!CLOSERS.has(token.text)) continue;
    const last = open.pop();
    const { from, to } = token;
    if (last === undefined) return { message: `“${token.text}” closes nothing`, from, to };
    if (CLOSER_OF[last.text] !== token.text)
      return { message: `“${token.text}” does not close “${last.text}”`, from, to };
  }
  const [first] = open;
  return first === undefined ? null : { message: `“${first.text}” is never closed`, from: first.from, to: first.to };
}
