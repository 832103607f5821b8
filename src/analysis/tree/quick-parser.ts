import type { PartialParse, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';
import { type AddActions, isKnownParse, isKnownParser, type LRParse, type Stack, type Tables } from './lezer-inside.ts';
import { createGrammar, type Grammar, takeStep } from './quick-steps.ts';

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

type ActionsOf = Grammar['actionsOf'];

/**
 * Actions of a state for a token, found once. The parser's own way reads the whole list of the state's actions each time, which
 * is a third of its work; here its answers are kept. How many there can be is set by the grammar, not by the code.
 */
function actionsKept(parser: LRParser, plain: AddActions): ActionsOf {
  const kept = new Rows<readonly number[]>();
  const ask = (state: number, token: number): readonly number[] => {
    const found: number[] = [];
    const putAction = (action: number, _token: number, _end: number, index: number): number => {
      found.push(action);
      return index + 3;
    };
    const asking = { p: { parser }, state, pos: 0, stack: [] };
    Reflect.apply(plain, { mainToken: null, addActions: plain, putAction }, [asking, token, 0, 0]);
    return found;
  };
  return (state, token) => {
    const row = kept.of(state);
    return (row[token] ??= ask(state, token));
  };
}

function addingKept(actionsOf: ActionsOf, plain: AddActions): AddActions {
  return function addActions(stack, token, end, index) {
    // After another token's actions a state's default does not count: rare, and left to the parser.
    if (index > 0) return plain.call(this, stack, token, end, index);
    let filled = index;
    for (const action of actionsOf(stack.state, token)) filled = this.putAction(action, token, end, filled);
    return filled;
  };
}

const isNear = (parse: LRParse, stack: Stack): boolean =>
  stack.stack.length > DEPTH || parse.bigReductionCount > BIG_REDUCTIONS;

/**
 * Goes on with the only stack that there is for as long as each step is the only one. What is not as simple goes the parser's own
 * way, from where it stands.
 */
function advanceAlone(grammar: Grammar, parse: LRParse, plain: () => Tree | null): () => Tree | null {
  // As it stands: whoever parses gave a text, and all of it.
  const code = parse.stream.read(0, parse.stream.end);
  return () => {
    const [stack] = parse.stacks;
    if (stack === undefined || parse.stacks.length > 1 || parse.recovering > 0) return plain();
    while (!isNear(parse, stack) && takeStep(grammar, parse, stack, code));
    if (stack.pos > parse.minStackPos) {
      parse.minStackPos = stack.pos;
      return null;
    }
    return plain();
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

function quickTables(plain: Tables): Pick<Tables, 'hasAction' | 'getGoto' | 'dynamicPrecedence'> {
  const next = keptAnswers((state, term) => plain.getGoto(state, term, true));
  const precedences: number[] = [];
  return {
    hasAction: keptAnswers((state, token) => plain.hasAction(state, token)),
    getGoto: (state, term, isLoose = false) => (isLoose ? next(state, term) : plain.getGoto(state, term)),
    dynamicPrecedence: (term) => (precedences[term] ??= plain.dynamicPrecedence(term)),
  };
}

/** Steps are ours only where all of one text is parsed from its beginning, with nothing of an earlier tree. */
function isWhole({ ranges: [first, another], fragments, stoppedAt, stream }: LRParse): boolean {
  const isOne = first?.from === 0 && first.to === stream.end && another === undefined;
  return isOne && fragments === null && stoppedAt === null;
}

/**
 * The same parser, quicker: it gives the same trees (decision 0065). A version of @lezer/lr that is another inside is used as
 * it is.
 */
export function quickParser(parser: LRParser): LRParser {
  const tables: object = parser;
  if (!isKnownParser(tables)) return parser;
  let quick: { readonly addActions: AddActions; readonly grammar: Grammar } | null = null;
  const wrap = (parse: PartialParse): PartialParse => {
    if (!isKnownParse(parse) || !isWhole(parse)) return parse;
    if (quick === null) {
      const { addActions } = parse.tokens;
      const actionsOf = actionsKept(parser, addActions);
      quick = { addActions: addingKept(actionsOf, addActions), grammar: createGrammar(tables, actionsOf) };
    }
    parse.tokens.addActions = quick.addActions;
    const plain = parse.advance.bind(parse);
    parse.advance = advanceAlone(quick.grammar, parse, plain);
    return parse;
  };
  return Object.assign(parser.configure({ wrap }), quickTables(tables));
}
