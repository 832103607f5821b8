import {
  isTokenGroup,
  type LRParse,
  type Stack,
  type Tables,
  type Token,
  type Tokenizer,
  type TokenGroup,
} from './lezer-inside.ts';
import { createGroupReader, type ReadGroup } from './quick-tokens.ts';

// How the parser writes its actions.
const REDUCE = 1 << 16;
const GOTO_OR_REPEAT = 1 << 17;
const STAY = 1 << 18;
const TERM = 0xffff;
const DEPTH_SHIFT = 19;
// Places of what is known of a state, of six numbers each.
const STATE_SIZE = 6;
const FLAGS = 0;
const TOKENIZERS = 3;
const DEFAULT_REDUCE = 4;
const SKIPPED = 1;

/** So far behind the place a step may look without a note in the tree. */
const MARGIN = 25;
/** Reductions of so much text are counted by the parser, which does those itself. */
const BIG = 2_000;

/** Instead of an action: that there is none, several, or that nobody has asked yet. */
const NONE = -1;
const SEVERAL = -2;
const UNASKED = -3;

interface OneTokenizer {
  readonly index: number;
  readonly tokenizer: Tokenizer;
  readonly group: TokenGroup | null;
}

/** What is known of a state of the grammar; of terms it is found out when they are first met. */
interface StateFacts {
  readonly defaultReduce: number;
  readonly isSkipped: boolean;
  readonly mask: number;
  readonly tokenizers: readonly OneTokenizer[];
  readonly actions: Int32Array;
  readonly next: Int32Array;
}

/** All that steps need to know of a grammar. */
export interface Grammar {
  readonly tables: Tables;
  readonly states: (StateFacts | undefined)[];
  readonly precedences: Int32Array;
  readonly readGroup: ReadGroup;
  readonly actionsOf: (state: number, token: number) => readonly number[];
}

export function createGrammar(tables: Tables, actionsOf: Grammar['actionsOf']): Grammar {
  const precedences = Int32Array.from({ length: tables.maxTerm + 1 }, (_, term) => tables.dynamicPrecedence(term));
  return { tables, states: [], precedences, readGroup: createGroupReader(tables), actionsOf };
}

function findFacts(grammar: Grammar, state: number): StateFacts {
  const { tables, states } = grammar;
  const slot = (which: number): number => tables.states[state * STATE_SIZE + which] ?? 0;
  const mask = slot(TOKENIZERS);
  const tokenizers = tables.tokenizers.flatMap((tokenizer, index): OneTokenizer[] => {
    if (((1 << index) & mask) === 0) return [];
    return [{ index, tokenizer, group: isTokenGroup(tokenizer) ? tokenizer : null }];
  });
  const unasked = (): Int32Array => new Int32Array(tables.maxTerm + 1).fill(UNASKED);
  return (states[state] = {
    defaultReduce: slot(DEFAULT_REDUCE),
    isSkipped: (slot(FLAGS) & SKIPPED) > 0,
    mask,
    tokenizers,
    actions: unasked(),
    next: unasked(),
  });
}

const factsOf = (grammar: Grammar, state: number): StateFacts => grammar.states[state] ?? findFacts(grammar, state);

function actionOf(grammar: Grammar, facts: StateFacts, state: number, token: number): number {
  const before = facts.actions[token] ?? UNASKED;
  if (before !== UNASKED) return before;
  const [action = NONE, another] = grammar.actionsOf(state, token);
  return (facts.actions[token] = another === undefined ? action : SEVERAL);
}

function nextState(grammar: Grammar, state: number, term: number): number {
  const { next } = factsOf(grammar, state);
  const before = next[term] ?? UNASKED;
  return before !== UNASKED ? before : (next[term] = grammar.tables.getGoto(state, term, true));
}

function pushState(stack: Stack, state: number, start: number): void {
  stack.stack.push(stack.state, start, stack.bufferBase + stack.buffer.length);
  stack.state = state;
}

/** The tracker of a grammar that keeps its own account; one that takes no input finds none before it. */
function track(parse: LRParse, stack: Stack, which: 'shift' | 'reduce', term: number, start: number): void {
  const { curContext } = stack;
  if (curContext === null) return;
  const { tracker, context } = curContext;
  const { stream } = parse;
  const now =
    which === 'shift'
      ? tracker.shift(context, term, stack, tracker.shift.length < 4 ? stream : stream.reset(start))
      : tracker.reduce(context, term, stack, tracker.reduce.length < 4 ? stream : stream.reset(start));
  if (now !== context) stack.updateContext(now);
}

/** What was skipped behind the node's end has to be moved behind it, which the stack itself does. */
function storeNode(stack: Stack, type: number, start: number, end: number, size: number): void {
  const { buffer } = stack;
  const isLast = stack.pos === end || buffer.length === 0 || buffer[buffer.length - 2]! <= end;
  if (isLast) buffer.push(type, start, end, size);
  else stack.storeNode(type, start, end, size, true);
}

/** What is empty, stays where it is, ends the text or is large goes the stack's own way. */
function reduce(grammar: Grammar, parse: LRParse, stack: Stack, facts: StateFacts, action: number): void {
  const depth = action >> DEPTH_SHIFT;
  const { stack: below } = stack;
  const base = below.length - (depth - 1) * 3;
  if (depth === 0 || (action & STAY) !== 0 || base < 3) return stack.reduce(action);
  const type = action & TERM;
  const start = below[base - 2]!;
  const isNode = type < grammar.tables.minRepeatTerm;
  const reducePos = isNode && start === stack.reducePos ? stack.pos : stack.reducePos;
  if (reducePos - start >= BIG) return stack.reduce(action);
  if (stack.reducePos < stack.pos - MARGIN) stack.setLookAhead(stack.pos);
  stack.reducePos = reducePos;
  stack.score += grammar.precedences[type]!;
  if (isNode || (action & GOTO_OR_REPEAT) !== 0) {
    const size = stack.bufferBase + stack.buffer.length - below[base - 1]! + 4;
    storeNode(stack, type, start, facts.isSkipped ? stack.pos : reducePos, size);
  }
  stack.state = nextState(grammar, below[base - 3]!, type);
  while (below.length > base) below.pop();
  track(parse, stack, 'reduce', type, start);
}

function shift(grammar: Grammar, parse: LRParse, stack: Stack, action: number, token: Token): void {
  const { value, start, end } = token;
  if ((action & GOTO_OR_REPEAT) !== 0) return pushState(stack, action & TERM, stack.pos);
  const isNode = value <= grammar.tables.maxNode;
  stack.pos = end;
  if ((action & STAY) === 0) {
    const { isSkipped } = factsOf(grammar, action);
    if (!isSkipped && (end > start || isNode)) stack.reducePos = end;
    pushState(stack, action, isSkipped ? start : Math.min(start, stack.reducePos));
  }
  track(parse, stack, 'shift', value, start);
  if (isNode) stack.buffer.push(value, start, end, 4);
}

/** The token that the parser would find at the stack's place, by one of its tokenizers. */
function readToken(
  grammar: Grammar,
  parse: LRParse,
  stack: Stack,
  code: string,
  mask: number,
  one: OneTokenizer,
): Token {
  const { tokens } = parse;
  const token = tokens.tokens[one.index] as Token;
  const context = stack.curContext === null ? 0 : stack.curContext.hash;
  if (one.group !== null) {
    // What a table finds follows from the place alone.
    if (token.start !== stack.pos) grammar.readGroup(one.group, token, code, stack);
  } else if (one.tokenizer.contextual || token.start !== stack.pos || token.mask !== mask || token.context !== context)
    tokens.updateCachedToken(token, one.tokenizer, stack);
  else return token;
  token.mask = mask;
  token.context = context;
  return token;
}

/** What a state does on a token: an action, none, or several. */
function actionOn(
  grammar: Grammar,
  facts: StateFacts,
  state: number,
  { tokenizer }: OneTokenizer,
  token: Token,
): number {
  const isTwo = token.extended > -1 && actionOf(grammar, facts, state, token.extended) !== NONE;
  return tokenizer.extend || isTwo ? SEVERAL : actionOf(grammar, facts, state, token.value);
}

function stepByToken(grammar: Grammar, parse: LRParse, stack: Stack, code: string, facts: StateFacts): boolean {
  const { state } = stack;
  let lookAhead = 0;
  let hasMain = false;
  for (const one of facts.tokenizers) {
    if (hasMain && !one.tokenizer.fallback) continue;
    const token = readToken(grammar, parse, stack, code, facts.mask, one);
    if (token.lookAhead > token.end + MARGIN) lookAhead = Math.max(token.lookAhead, lookAhead);
    if (token.value === 0) continue;
    const action = actionOn(grammar, facts, state, one, token);
    if (action === SEVERAL) return false;
    hasMain = true;
    if (action === NONE) continue;
    if (lookAhead > 0) stack.setLookAhead(lookAhead);
    if ((action & REDUCE) !== 0) reduce(grammar, parse, stack, facts, action);
    else shift(grammar, parse, stack, action, token);
    return true;
  }
  return false;
}

/**
 * Takes one step of a stack, as the parser's own `advanceStack` does, and tells whether it did: false where there is no action
 * or more than one, which is for the parser.
 */
export function takeStep(grammar: Grammar, parse: LRParse, stack: Stack, code: string): boolean {
  const facts = factsOf(grammar, stack.state);
  if (facts.defaultReduce <= 0) return stepByToken(grammar, parse, stack, code, facts);
  reduce(grammar, parse, stack, facts, facts.defaultReduce);
  return true;
}
