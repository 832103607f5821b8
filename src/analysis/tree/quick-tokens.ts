import type { Stack, Tables, Token, TokenGroup } from './lezer-inside.ts';

const ASCII = 128;
const END = 0xffff;
/** No edge leads on from there. */
const NOWHERE = -1;

type Data = Uint16Array;

/** Where a state of a tokenizer's table leads by one character: its edges are in order of their characters. */
function edgeOf(data: Data, state: number, char: number): number {
  const edges = data[state + 1] ?? 0;
  let low = 0;
  let high = data[state + 2] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = edges + middle * 3;
    const to = data[at + 1] ?? 0;
    if (char < (data[at] ?? 0)) high = middle;
    else if (char >= (to === 0 ? 0x10000 : to)) low = middle + 1;
    else return data[at + 2] ?? NOWHERE;
  }
  return NOWHERE;
}

/** The end of the text is an edge of its own: the last one. */
function endEdge(data: Data, state: number): number {
  const count = data[state + 2] ?? 0;
  const last = (data[state + 1] ?? 0) + count * 3 - 3;
  return count > 0 && data[last] === END ? (data[last + 2] ?? NOWHERE) : NOWHERE;
}

/** A place in a table of tokens as one group sees it, with the places that follow, each found when it is first gone to. */
interface Place {
  readonly state: number;
  /** Whether tokens of the group can still be reached. */
  readonly isAlive: boolean;
  /** The token that ends here; -1 for none, -2 where it hangs on what was found before. */
  readonly accepts: number;
  /** By ASCII character: most of code is ASCII. Null where nothing follows. */
  readonly next: (Place | null | undefined)[];
}

const NO_TOKEN = -1;
const SOME_TOKEN = -2;

function placeIn(data: Data, start: number, term: number): number {
  for (let at = start; data[at] !== END; at++) if (data[at] === term) return at - start;
  return -1;
}

/** Finds the token of a table at a place, and notes it as the parser does. */
export type ReadGroup = (group: TokenGroup, token: Token, code: string, stack: Stack) => void;

/** The parser's own tables of tokens, read straight from the text: a character costs one look into a list. */
export function createGroupReader(tables: Tables): ReadGroup {
  const { data: tableData, tokenPrecTable, dialect, specialized, specializers } = tables;
  const precedence = (term: number): number => placeIn(tableData, tokenPrecTable, term);

  const isAccepted = (term: number, before: number): boolean => {
    if (!dialect.allows(term)) return false;
    if (before === -1 || before === term) return true;
    const place = precedence(before);
    return place < 0 || precedence(term) < place;
  };

  const termsOf = ({ data, id }: TokenGroup, state: number): number[] => {
    const terms: number[] = [];
    for (let at = state + 3; at < (data[state + 1] ?? 0); at += 2)
      if (((data[at + 1] ?? 0) & (1 << id)) !== 0) terms.push(data[at] ?? 0);
    return terms;
  };

  const places = new Map<TokenGroup, Map<number, Place>>();
  const placeAt = (group: TokenGroup, state: number): Place => {
    let known = places.get(group);
    if (known === undefined) places.set(group, (known = new Map<number, Place>()));
    const before = known.get(state);
    if (before) return before;
    const [term = NO_TOKEN, another] = termsOf(group, state);
    const isOnly = another === undefined && (term === NO_TOKEN || dialect.allows(term));
    const place: Place = {
      state,
      isAlive: ((group.data[state] ?? 0) & (1 << group.id)) !== 0,
      accepts: isOnly ? term : SOME_TOKEN,
      next: Array.from({ length: ASCII }),
    };
    known.set(state, place);
    return place;
  };

  const first: (Place | undefined)[] = [];
  const firstOf = (group: TokenGroup): Place => (first[group.id] ??= placeAt(group, 0));

  const follow = (group: TokenGroup, place: Place, char: number): Place | null => {
    const state = char < 0 ? endEdge(group.data, place.state) : edgeOf(group.data, place.state, char);
    const next = state < 0 ? null : placeAt(group, state);
    if (char >= 0 && char < ASCII) place.next[char] = next;
    return next;
  };

  /** The token that ends at a place, after another one or none (-1); -1 for none. */
  const acceptedAt = (group: TokenGroup, { state, accepts }: Place, before: number): number => {
    if (accepts !== SOME_TOKEN && (before === -1 || before === accepts)) return accepts;
    for (const term of termsOf(group, state)) if (isAccepted(term, before)) return term;
    return NO_TOKEN;
  };

  const specialize = (token: Token, code: string, stack: Stack): void => {
    for (let at = 0; at < specialized.length; at++) {
      if (specialized[at] !== token.value) continue;
      const result = specializers[at]?.(code.slice(token.start, token.end), stack) ?? -1;
      if (result < 0 || !dialect.allows(result >> 1)) continue;
      if ((result & 1) === 0) token.value = result >> 1;
      else token.extended = result >> 1;
      return;
    }
  };

  /** Reads on from a place; the token's value and end are what was accepted last. Gives where reading stopped. */
  const scan = (group: TokenGroup, token: Token, code: string, start: number): number => {
    let at = start;
    let place: Place | null = firstOf(group);
    while (place?.isAlive === true) {
      const { accepts } = place;
      const term = accepts === NO_TOKEN || accepts === token.value ? accepts : acceptedAt(group, place, token.value);
      if (term !== NO_TOKEN) {
        token.value = term;
        token.end = at;
      }
      const char = at < code.length ? code.charCodeAt(at) : -1;
      const next: Place | null | undefined = char < 0 ? undefined : place.next[char];
      place = next === undefined ? follow(group, place, char) : next;
      if (char >= 0 && place !== null) at += 1;
    }
    return at;
  };

  return (group, token, code, stack) => {
    const start = stack.pos;
    const { length } = code;
    token.start = start;
    token.value = token.extended = NO_TOKEN;
    const at = scan(group, token, code, start);
    token.lookAhead = start >= length ? start + 1 : Math.max(start + 1, Math.min(at + 1, length));
    if (token.value !== NO_TOKEN) return specialize(token, code, stack);
    token.value = 0;
    token.end = Math.min(start + 1, length);
  };
}
