import { parentOf, fromOf } from './syntax-table.ts';
import { type Grammar, GRAMMARS, type TreeLanguage } from './grammars.ts';
import { type Binding, createScope, findBindings, type Scope } from './scopes.ts';
import { childNamed, makeSyntaxTable, nameOf, type SyntaxTable, textOf } from './syntax-table.ts';

/** What a name's node is: a use (0), a place where it is made, the name of an argument, or a part of a statement. */
export const USE = 0;
export const MADE = 1;
export const SILENT = 2;

const STEPS = 2_000_000;

/** A syntax table with what is around each node: scope, function, conditional part, loop. */
export interface TreeContext {
  readonly language: TreeLanguage;
  readonly grammar: Grammar;
  readonly table: SyntaxTable;
  readonly scopes: readonly Scope[];
  /** The scope that a node stands in, and the one that its children stand in. */
  readonly scopeOf: Int32Array;
  readonly innerScope: Int32Array;
  /** The nearest function, conditional part, loop around a node (not itself); -1 for none. */
  readonly functionOf: Int32Array;
  readonly blockOf: Int32Array;
  readonly loopOf: Int32Array;
  readonly role: Uint8Array;
  /** By plain name the first and the last place where it gets a value. */
  readonly assigned: Map<string, { first: number; last: number }>;
  /** Steps that looks around may still take together; what is hostile ends them, and the answer is the careful one. */
  readonly steps: { left: number };
}

function scopeKind(grammar: Grammar, name: string): Scope['kind'] {
  if (grammar.functions.has(name)) return 'function';
  return name === 'ClassDefinition' || name === 'ClassBody' ? 'class' : 'block';
}

/** `sum(x for x in xs)`: the arguments are a generator, whose names are its own. */
function isGenerator(table: SyntaxTable, node: number, name: string): boolean {
  return name === 'ArgList' && childNamed(table, node, 'for') >= 0;
}

/** Parses code and finds what is around each node; names are bound afterwards, by the language's binder. */
export function createTreeContext(language: TreeLanguage, code: string): TreeContext {
  const grammar = GRAMMARS[language];
  const table = makeSyntaxTable(grammar.parser, code);
  const { count } = table;
  const scopes: Scope[] = [createScope(-1, 0, 'root')];
  const scopeOf = new Int32Array(count);
  const innerScope = new Int32Array(count);
  const functionOf = new Int32Array(count);
  const blockOf = new Int32Array(count);
  const loopOf = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const above = parentOf(table, at);
    const aboveName = nameOf(table, above);
    const scope = innerScope[above] ?? 0;
    const isFunction = grammar.functions.has(aboveName);
    scopeOf[at] = scope;
    functionOf[at] = isFunction ? above : (functionOf[above] ?? -1);
    blockOf[at] = grammar.conditional.has(aboveName) ? above : (blockOf[above] ?? -1);
    if (grammar.loops.has(aboveName)) loopOf[at] = above;
    else loopOf[at] = isFunction ? -1 : (loopOf[above] ?? -1);
    const own = nameOf(table, at);
    if (!grammar.scopes.has(own) && !isGenerator(table, at, own)) {
      innerScope[at] = scope;
      continue;
    }
    innerScope[at] = scopes.length;
    scopes.push(createScope(scope, at, scopeKind(grammar, own)));
  }
  return {
    language,
    grammar,
    table,
    scopes,
    scopeOf,
    innerScope,
    functionOf,
    blockOf,
    loopOf,
    role: new Uint8Array(table.count),
    assigned: new Map(),
    steps: { left: STEPS },
  };
}

export function noteAssigned(context: TreeContext, name: string, offset: number): void {
  const before = context.assigned.get(name);
  if (!before) context.assigned.set(name, { first: offset, last: offset });
  else {
    before.first = Math.min(before.first, offset);
    before.last = Math.max(before.last, offset);
  }
}

export interface Making {
  readonly kind: Binding['kind'];
  readonly dotted?: string;
  readonly member?: string;
  readonly value?: number;
}

/** Notes that the name at `node` is made in `scope`. */
export function bindName(context: TreeContext, scope: number, node: number, making: Making): void {
  bindText(context, scope, textOf(context.table, node).trim(), node, making);
  context.role[node] = MADE;
}

export function bindText(context: TreeContext, scope: number, name: string, node: number, making: Making): void {
  const here = context.scopes[scope];
  if (!here || name.length === 0) return;
  const target = here.globals.has(name) ? (context.scopes[0] ?? here) : here;
  const offset = fromOf(context.table, node);
  const binding: Binding = {
    kind: making.kind,
    dotted: making.dotted ?? null,
    member: making.member ?? null,
    value: making.value ?? -1,
    offset,
    block: context.blockOf[node] ?? -1,
  };
  const list = target.names.get(name);
  if (list) list.push(binding);
  else target.names.set(name, [binding]);
  noteAssigned(context, name, offset);
}

/** As an assignment without a declaration does it: where the name is made already, or else in the root. */
export function bindWhereFound(context: TreeContext, node: number, making: Making): void {
  const name = textOf(context.table, node).trim();
  let scope = context.scopeOf[node] ?? 0;
  if (findBindings(context.scopes, scope, name) === undefined) scope = 0;
  else while (scope > 0 && !context.scopes[scope]?.names.has(name)) scope = context.scopes[scope]?.parent ?? 0;
  bindName(context, scope, node, making);
}

export const scopeAt = (context: TreeContext, node: number): number => context.scopeOf[node] ?? 0;
export const functionAt = (context: TreeContext, node: number): number => context.functionOf[node] ?? -1;
export const blockAt = (context: TreeContext, node: number): number => context.blockOf[node] ?? -1;
export const loopAt = (context: TreeContext, node: number): number => context.loopOf[node] ?? -1;
