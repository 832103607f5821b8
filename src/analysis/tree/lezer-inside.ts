import type { NodeSet, PartialParse, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

/** What @lezer/lr 1.4 has inside and its types leave out; only what is named here is touched. */
export interface Stack {
  state: number;
  pos: number;
  reducePos: number;
  score: number;
  /** Three numbers for each state below the present one: it, where it began in the text, and in the buffer. */
  readonly stack: number[];
  /** Four numbers for each node, children first: kind, start, end, and how many numbers it and all below it take. */
  readonly buffer: number[];
  readonly bufferBase: number;
  readonly parent: Stack | null;
  readonly curContext: StackContext | null;
  reduce(action: number): void;
  storeNode(term: number, start: number, end: number, size: number, mustSink: boolean): void;
  setLookAhead(lookAhead: number): boolean;
  updateContext(context: unknown): void;
  close(): void;
}

interface StackContext {
  readonly tracker: ContextTracker;
  readonly context: unknown;
  readonly hash: number;
}

type Track = (context: unknown, term: number, stack: Stack, input: InputStream) => unknown;

interface ContextTracker {
  readonly shift: Track;
  readonly reduce: Track;
}

interface InputStream {
  readonly end: number;
  reset(pos: number): InputStream;
  read(from: number, to: number): string;
}

export interface Token {
  start: number;
  value: number;
  end: number;
  extended: number;
  lookAhead: number;
  mask: number;
  context: number;
}

export type AddActions = (this: TokenCache, stack: Stack, token: number, end: number, index: number) => number;

export interface TokenCache {
  mainToken: Token | null;
  readonly tokens: readonly Token[];
  addActions: AddActions;
  putAction(action: number, token: number, end: number, index: number): number;
  updateCachedToken(token: Token, tokenizer: Tokenizer, stack: Stack): void;
}

export interface LRParse {
  stacks: Stack[];
  minStackPos: number;
  readonly recovering: number;
  readonly bigReductionCount: number;
  readonly topTerm: number;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  readonly fragments: object | null;
  readonly stoppedAt: number | null;
  readonly stream: InputStream;
  readonly tokens: TokenCache;
  advance: (this: LRParse) => Tree | null;
  stackToTree: (this: LRParse, stack: Stack) => Tree;
}

export interface Tokenizer {
  readonly contextual: boolean;
  readonly fallback: boolean;
  readonly extend: boolean;
}

/** A tokenizer that is a table and not a function of the grammar's author. */
export interface TokenGroup extends Tokenizer {
  readonly data: Uint16Array;
  readonly id: number;
}

export interface Tables {
  readonly states: Uint32Array;
  readonly data: Uint16Array;
  readonly tokenPrecTable: number;
  readonly maxTerm: number;
  readonly maxNode: number;
  readonly minRepeatTerm: number;
  readonly nodeSet: NodeSet;
  readonly tokenizers: readonly Tokenizer[];
  readonly specialized: Uint16Array;
  readonly specializers: readonly ((text: string, stack: Stack) => number)[];
  readonly dialect: { allows(term: number): boolean };
  hasAction(state: number, token: number): number;
  getGoto(state: number, term: number, isLoose?: boolean): number;
  dynamicPrecedence(term: number): number;
}

const hasAll = (holder: unknown, kind: 'function' | 'number' | 'object', names: readonly string[]): boolean =>
  typeof holder === 'object' && holder !== null && names.every((name) => typeof Reflect.get(holder, name) === kind);

export function isKnownParser(parser: object): parser is LRParser & Tables {
  const numbers = ['tokenPrecTable', 'maxTerm', 'maxNode', 'minRepeatTerm'];
  const lists = ['states', 'data', 'nodeSet', 'tokenizers', 'specialized', 'specializers', 'dialect'];
  return (
    hasAll(parser, 'function', ['hasAction', 'getGoto', 'dynamicPrecedence']) &&
    hasAll(parser, 'number', numbers) &&
    hasAll(parser, 'object', lists)
  );
}

const isKnownStack = (stack: unknown): boolean =>
  hasAll(stack, 'function', ['reduce', 'storeNode', 'setLookAhead', 'updateContext', 'close']) &&
  hasAll(stack, 'number', ['state', 'pos', 'reducePos', 'score', 'bufferBase']) &&
  hasAll(stack, 'object', ['stack', 'buffer', 'parent', 'curContext']);

export function isKnownParse(parse: PartialParse | LRParse): parse is LRParse & PartialParse {
  if (
    !hasAll(parse, 'function', ['advance', 'stackToTree']) ||
    !hasAll(parse, 'number', ['minStackPos', 'recovering', 'bigReductionCount', 'topTerm']) ||
    !hasAll(parse, 'object', ['stacks', 'tokens', 'stream', 'ranges', 'fragments', 'stoppedAt'])
  )
    return false;
  const { stacks, tokens, stream } = parse as LRParse;
  return (
    isKnownStack(stacks[0]) &&
    hasAll(tokens, 'function', ['addActions', 'putAction', 'updateCachedToken']) &&
    hasAll(tokens, 'object', ['tokens', 'mainToken']) &&
    hasAll(stream, 'function', ['reset', 'read']) &&
    hasAll(stream, 'number', ['end'])
  );
}

/** Whether a tokenizer is a table of the grammar. */
export const isTokenGroup = (tokenizer: Tokenizer): tokenizer is TokenGroup =>
  hasAll(tokenizer, 'number', ['id']) && hasAll(tokenizer, 'object', ['data']) && !tokenizer.contextual;
