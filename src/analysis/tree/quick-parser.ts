import type { PartialParse, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

/** What @lezer/lr 1.4 has inside and its types leave out; only what is named here is touched. */
interface Stack {
  readonly state: number;
  readonly pos: number;
  /** Three numbers for each state below the present one. */
  readonly stack: readonly number[];
}

type AddActions = (this: TokenCache, stack: Stack, token: number, end: number, index: number) => number;

interface TokenCache {
  mainToken: unknown;
  addActions: AddActions;
  putAction(action: number, token: number, end: number, index: number): number;
}

interface LRParse {
  stacks: Stack[];
  minStackPos: number;
  readonly recovering: number;
  readonly bigReductionCount: number;
  readonly tokens: TokenCache;
  advance: (this: LRParse) => Tree | null;
  advanceStack(stack: Stack, moved: Stack[], split: Stack[]): boolean;
}

interface Tables {
  hasAction(state: number, token: number): number;
  getGoto(state: number, term: number, isLoose?: boolean): number;
  dynamicPrecedence(term: number): number;
}

/**
 * From 8,400 numbers on the parser cuts its stack, and past 300 reductions from one place it ends them by force, before it has
 * taken a step or in the midst of it. Steps near those are left to it: no step comes so far by itself.
 */
const DEPTH = 8_000;
const BIG_REDUCTIONS = 200;

/**
 * What is known of a state for each term. Both are small numbers from 0 on, so lists in lists do; against one map that saves
 * 3 (Python) to 7 % (JavaScript) of parsing.
 */
class Rows<Known> {
  readonly #rows: (Known | undefined)[][] = [];

  of(state: number): (Known | undefined)[] {
    return (this.#rows[state] ??= []);
  }
}

/**
 * Actions of a state for a token, found once. The parser's own way reads the whole list of the state's actions each time, which
 * is a third of its work; here its answers are kept. How many there can be is set by the grammar, not by the code.
 */
function keptActions(parser: LRParser, plain: AddActions): AddActions {
  const kept = new Rows<readonly number[]>();
  const ask = (state: number, token: number): readonly number[] => {
    const found: number[] = [];
    const putAction = (action: number, _token: number, _end: number, index: number): number => {
      found.push(action);
      return index + 3;
    };
    const asking = { p: { parser }, state, pos: 0, stack: [] };
    plain.call({ mainToken: null, addActions: plain, putAction }, asking, token, 0, 0);
    return found;
  };
  return function addActions(stack, token, end, index) {
    // After another token's actions a state's default does not count: rare, and left to the parser.
    if (index > 0) return plain.call(this, stack, token, end, index);
    const row = kept.of(stack.state);
    const actions = (row[token] ??= ask(stack.state, token));
    let filled = index;
    for (const action of actions) filled = this.putAction(action, token, end, filled);
    return filled;
  };
}

/**
 * One step of the only stack that there is, without the two lists that the parser makes for each token, which are half of what
 * parsing leaves to the collector. What is not as simple goes the parser's own way, from where it stands.
 */
function advanceAlone(parse: LRParse, plain: LRParse['advance']): () => Tree | null {
  const moved: Stack[] = [];
  const split: Stack[] = [];
  return () => {
    const [stack] = parse.stacks;
    if (stack === undefined || parse.stacks.length > 1 || parse.recovering > 0) return plain.call(parse);
    if (stack.stack.length > DEPTH || parse.bigReductionCount > BIG_REDUCTIONS) return plain.call(parse);
    const { minStackPos } = parse;
    while (stack.pos <= minStackPos) {
      parse.tokens.mainToken = null;
      const isMoved = parse.advanceStack(stack, moved, split);
      if (isMoved && moved.length === 0 && split.length === 0) continue;
      parse.stacks = [...moved, stack, ...split];
      moved.length = 0;
      split.length = 0;
      return plain.call(parse);
    }
    parse.minStackPos = stack.pos;
    return null;
  };
}

/** Answers about a state and a term, kept; there are as many as the grammar has, at most. */
function keptAnswers(ask: (state: number, term: number) => number): typeof ask {
  const kept = new Rows<number>();
  return (state, term) => {
    const row = kept.of(state);
    return (row[term] ??= ask(state, term));
  };
}

function quickTables(plain: Tables): Tables {
  const next = keptAnswers((state, term) => plain.getGoto(state, term, true));
  const precedences: number[] = [];
  return {
    hasAction: keptAnswers((state, token) => plain.hasAction(state, token)),
    getGoto: (state, term, isLoose = false) => (isLoose ? next(state, term) : plain.getGoto(state, term)),
    dynamicPrecedence: (term) => (precedences[term] ??= plain.dynamicPrecedence(term)),
  };
}

const hasAll = (holder: object, kind: 'function' | 'number' | 'object', names: readonly string[]): boolean =>
  names.every((name) => typeof Reflect.get(holder, name) === kind);

const isKnownParser = (parser: object): parser is Tables =>
  hasAll(parser, 'function', ['hasAction', 'getGoto', 'dynamicPrecedence']);

function isKnownParse(parse: object): parse is LRParse {
  const isParse =
    hasAll(parse, 'function', ['advance', 'advanceStack']) &&
    hasAll(parse, 'number', ['minStackPos', 'recovering', 'bigReductionCount']) &&
    hasAll(parse, 'object', ['stacks', 'tokens']);
  return isParse && hasAll((parse as LRParse).tokens, 'function', ['addActions', 'putAction']);
}

/**
 * The same parser, quicker: it gives the same trees (decision 0065). A version of @lezer/lr that is another inside is used as
 * it is.
 */
export function quickParser(parser: LRParser): LRParser {
  const tables: object = parser;
  if (!isKnownParser(tables)) return parser;
  let addActions: AddActions | null = null;
  const wrap = (parse: PartialParse): PartialParse => {
    const inner: object = parse;
    if (!isKnownParse(inner)) return parse;
    addActions ??= keptActions(parser, inner.tokens.addActions);
    inner.tokens.addActions = addActions;
    inner.advance = advanceAlone(inner, inner.advance);
    return parse;
  };
  return Object.assign(parser.configure({ wrap }), quickTables(tables));
}
