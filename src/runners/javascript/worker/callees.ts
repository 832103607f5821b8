import { childrenOf, isNode, type Parse, type SyntaxNode } from './acorn.ts';

/** What a program may have called at a place. */
export interface Callee {
  /** As the program writes it: `util.frist`. */
  readonly text: string;
  /** `['util', 'frist']` where these are names alone, the first of a global; a reader may look what they stand for. */
  readonly path: readonly string[] | null;
}

/** Where a frame of a stack stands, as the engine tells it. */
export interface Frame {
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes of UTF-8. */
  readonly column: number;
  readonly functionName: string;
}

const CALLS: ReadonlySet<string> = new Set(['CallExpression', 'NewExpression', 'TaggedTemplateExpression']);
/** What the engine calls the code outside of all functions. */
const TOP: ReadonlySet<string> = new Set(['<eval>', '<module>']);
const TEXT_UTF16 = 60;
const PROGRAMS = 30;
const KEPT_UTF16 = 256 * 1024;

/** A text as the engine got it. */
export interface Text {
  readonly file: string;
  readonly code: string;
  readonly isProgram: boolean;
  readonly parsed: () => readonly SyntaxNode[] | null;
}

/** Offset of a place in a text; -1 where it has none such. */
export function offsetOf(code: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let at = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    at = code.indexOf('\n', at) + 1;
    if (at === 0) return -1;
  }
  for (let bytes = column - 1; bytes > 0; at += 1) {
    const unit = code.codePointAt(at);
    if (unit === undefined) return -1;
    if (unit > 0xffff) at += 1;
    bytes -= unit > 0xffff ? 4 : unit > 0x7ff ? 3 : unit > 0x7f ? 2 : 1;
  }
  return at;
}

/** The place of an offset; its column counts UTF-16 units from 1, as a person's editor does. */
export function placeAt(code: string, offset: number): { readonly line: number; readonly column: number } {
  const line = code.slice(0, offset).split('\n').length;
  return { line, column: offset - code.lastIndexOf('\n', offset - 1) };
}

/**
 * Remembers the texts of what ran, and finds what was called where the engine says only "not a function". The engine keeps
 * no place of a call itself, only that of the last name that it read before it: several calls may come into question.
 */
export class Callees {
  readonly #parse: Parse;
  readonly #texts: Text[] = [];

  /** Newest first. */
  get texts(): readonly Text[] {
    return this.#texts;
  }

  constructor(parse: Parse) {
    this.#parse = parse;
  }

  /** The text as the engine gets it. What a program declares at its top is global, what a file declares there is not. */
  add(file: string, code: string, isProgram = false): void {
    if (code.length > KEPT_UTF16) return;
    let body: readonly SyntaxNode[] | null | undefined;
    const parsed = (): readonly SyntaxNode[] | null => (body === undefined ? (body = this.#parse(code)) : body);
    this.#texts.unshift({ file, code, isProgram, parsed });
    this.#texts.length = Math.min(this.#texts.length, PROGRAMS);
  }

  /** Outermost first; empty where the place is in no text that is known. */
  at(file: string, frame: Frame): readonly Callee[] {
    for (const text of this.#texts) {
      if (text.file !== file) continue;
      const found = calleesIn(text, frame);
      if (found.length > 0) return found;
    }
    return [];
  }
}

function calleesIn({ code, isProgram, parsed }: Text, frame: Frame): readonly Callee[] {
  const place = offsetOf(code, frame);
  const body = place < 0 ? null : parsed();
  if (!body) return [];
  const around = chainTo(body, place);
  const inner = around.findLastIndex(({ type }) => isFunction(type));
  if (!isOf(around[inner], frame.functionName)) return [];
  const bound = namesBoundIn(around, isProgram ? [] : body);
  return around
    .slice(inner + 1)
    .filter((node) => isCall(node) && isLastRead(node, place))
    .map((node) => calleeOf(node, code, bound));
}

const isCall = (node: SyntaxNode): boolean =>
  CALLS.has(node.type) && (node['callee'] as SyntaxNode | undefined)?.type !== 'Super';
const isFunction = (type: string): boolean => /Function/u.test(type);

/** A function that says its name must say the engine's; others may have got theirs from where they were put. */
function isOf(node: SyntaxNode | undefined, name: string): boolean {
  if (!node) return TOP.has(name) || name === '';
  if (TOP.has(name)) return false;
  const { id } = node;
  return !isNode(id) || id['name'] === name;
}

/** The nodes that hold a place, outermost first. A function that begins there is a value, what is in it runs elsewhere. */
function chainTo(body: readonly SyntaxNode[], place: number): SyntaxNode[] {
  const chain: SyntaxNode[] = [];
  let level: Iterable<SyntaxNode> = body;
  for (;;) {
    const next = [...level].find(
      ({ type, start, end }) => start <= place && place < end && !(isFunction(type) && start === place),
    );
    if (!next) return chain;
    chain.push(next);
    level = childrenOf(next);
  }
}

/** Whether nothing that the engine notes the place of comes after this one until the call. */
function isLastRead(call: SyntaxNode, place: number): boolean {
  // The engine stands at the dot where what is before it is in brackets.
  const isLater = (node: SyntaxNode): boolean => {
    if (node.type === 'Identifier') return node.start > place + 1;
    if (isFunction(node.type)) return node.start > place;
    if (node.type === 'Property' && node['computed'] !== true) {
      return node['shorthand'] !== true && isLater(node['value'] as SyntaxNode);
    }
    return [...childrenOf(node)].some(isLater);
  };
  return !isLater(call);
}

function calleeOf(node: SyntaxNode, code: string, bound: ReadonlySet<string>): Callee {
  const callee = (node['callee'] ?? node['tag']) as SyntaxNode;
  const whole = code.slice(callee.start, callee.end).replace(/\s+/gu, ' ').replaceAll(' .', '.');
  const text = callee.type === 'CallExpression' ? `${calleeOf(callee, code, bound).text}(...)` : whole;
  const path = pathOf(callee);
  return {
    text: text.length > TEXT_UTF16 ? `(intermediate value)${lastName(callee)}` : text,
    path: path && !bound.has(path[0] ?? '') ? path : null,
  };
}

const lastName = (callee: SyntaxNode): string =>
  callee.type === 'MemberExpression' && callee['computed'] !== true
    ? `.${String((callee['property'] as SyntaxNode)['name'])}`
    : '';

function pathOf(node: SyntaxNode): string[] | null {
  if (node.type === 'Identifier') return [String(node['name'])];
  if (node.type !== 'MemberExpression' || node['computed'] === true) return null;
  const object = pathOf(node['object'] as SyntaxNode);
  return object && [...object, String((node['property'] as SyntaxNode)['name'])];
}

/** Names that something around a place binds: parameters, and what functions and blocks there declare. */
function namesBoundIn(around: readonly SyntaxNode[], top: readonly SyntaxNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  const take = (node: SyntaxNode): void => {
    if (node.type === 'Identifier') names.add(String(node['name']));
    for (const child of childrenOf(node)) take(child);
  };
  const declared = (node: SyntaxNode): void => {
    if (node.type === 'VariableDeclarator') take(node['id'] as SyntaxNode);
    else if (/^(?:Function|Class)Declaration$/u.test(node.type) && isNode(node['id'])) take(node['id']);
    if (!isFunction(node.type)) for (const child of childrenOf(node)) declared(child);
  };
  for (const node of top) {
    declared(node);
    if (node.type === 'ImportDeclaration') for (const specifier of childrenOf(node)) take(specifier);
  }
  for (const node of around) {
    if (isFunction(node.type)) {
      for (const parameter of node['params'] as readonly SyntaxNode[]) take(parameter);
      if (isNode(node['id'])) take(node['id']);
      for (const child of childrenOf(node['body'] as SyntaxNode)) declared(child);
    } else if (/^(?:For\w*|BlockStatement|SwitchStatement|CatchClause)$/u.test(node.type)) {
      if (isNode(node['param'])) take(node['param']);
      for (const child of childrenOf(node)) declared(child);
    }
  }
  return names;
}
