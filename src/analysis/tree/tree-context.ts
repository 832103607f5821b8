import { fromOf } from './syntax-table.ts';
import { type Grammar, GRAMMARS, type TreeLanguage } from './grammars.ts';
import { type Binding, createScope, findBindings, type Scope } from './scopes.ts';
import { childNamed, kindsNamed, makeSyntaxTable, nameOf, type SyntaxTable, textOf } from './syntax-table.ts';

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
const GENERATING = new Set(['ArgList']);

/** What is around each node. */
type Surroundings = Pick<TreeContext, 'scopes' | 'scopeOf' | 'innerScope' | 'functionOf' | 'blockOf' | 'loopOf'>;

/** Which function, conditional part and loop each node is in: known from the node above it, which comes before it. */
function findParts(grammar: Grammar, table: SyntaxTable, { functionOf, blockOf, loopOf }: Surroundings): void {
  const { count, kind, names, parent } = table;
  const functions = kindsNamed(names, grammar.functions);
  const conditional = kindsNamed(names, grammar.conditional);
  const loops = kindsNamed(names, grammar.loops);
  for (let at = 0; at < count; at++) {
    const above = parent[at] ?? -1;
    const kindAbove = kind[above] ?? -1;
    const isInFunction = functions[kindAbove] === 1;
    functionOf[at] = isInFunction ? above : (functionOf[above] ?? -1);
    blockOf[at] = conditional[kindAbove] === 1 ? above : (blockOf[above] ?? -1);
    if (loops[kindAbove] === 1) loopOf[at] = above;
    else loopOf[at] = isInFunction ? -1 : (loopOf[above] ?? -1);
  }
}

function findScopes(
  grammar: Grammar,
  table: SyntaxTable,
  { scopeOf, innerScope }: Surroundings,
  scopes: Scope[],
): void {
  const { count, kind, names, parent } = table;
  const scoping = kindsNamed(names, grammar.scopes);
  const generating = kindsNamed(names, GENERATING);
  for (let at = 0; at < count; at++) {
    const scope = innerScope[parent[at] ?? -1] ?? 0;
    const own = kind[at] ?? 0;
    const isScope = scoping[own] === 1 || (generating[own] === 1 && childNamed(table, at, 'for') >= 0);
    scopeOf[at] = scope;
    innerScope[at] = isScope ? scopes.length : scope;
    if (isScope) scopes.push(createScope(scope, at, scopeKind(grammar, nameOf(table, at))));
  }
}

/** Parses code and finds what is around each node; names are bound afterwards, by the language's binder. */
export function createTreeContext(language: TreeLanguage, code: string): TreeContext {
  const grammar = GRAMMARS[language];
  const table = makeSyntaxTable(grammar.parser, code);
  const { count } = table;
  const scopes: Scope[] = [createScope(-1, 0, 'root')];
  const around: Surroundings = {
    scopes,
    scopeOf: new Int32Array(count),
    innerScope: new Int32Array(count),
    functionOf: new Int32Array(count),
    blockOf: new Int32Array(count),
    loopOf: new Int32Array(count),
  };
  findParts(grammar, table, around);
  findScopes(grammar, table, around, scopes);
  return {
    language,
    grammar,
    table,
    ...around,
    role: new Uint8Array(count),
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
