import { firstOf, nextOf, parentOf, fromOf, toOf } from './syntax-table.ts';
import { scopeAt, loopAt } from './tree-context.ts';
import { argumentNodes, type DottedNames } from './dotted-names.ts';
import type { LoopFact } from './facts.ts';
import { numberOf } from './literals.ts';
import { findBindings } from './scopes.ts';
import { childNamed, childrenOf, endOf, nameOf, nodesNamed, textOf } from './syntax-table.ts';
import type { TreeContext } from './tree-context.ts';

const LEAVING = new Set(['ReturnStatement', 'return', 'RaiseStatement', 'ThrowStatement', 'YieldStatement']);
const YIELDING = new Set(['YieldExpression', 'yield']);
const BREAK_OWNERS = new Set(['ForStatement', 'WhileStatement', 'DoStatement', 'RepeatStatement', 'SwitchStatement']);
/** Calls that end the program, or hand the turn to somebody else. */
const ENDING = new Set([
  'exit',
  'quit',
  'sys.exit',
  'os._exit',
  'os.abort',
  'process.exit',
  'Deno.exit',
  'os.exit',
  'error',
  'coroutine.yield',
]);
const FOREVER = new Set(['itertools.count()', 'itertools.cycle()', 'iter()']);

/** The node of a loop's condition: -1 where it has none, -2 where it is no loop with a condition. */
function conditionOf(context: TreeContext, node: number): number {
  const { table } = context;
  const name = nameOf(table, node);
  if (name === 'WhileStatement') return nextOf(table, firstOf(table, node));
  const word = name === 'DoStatement' ? 'while' : name === 'RepeatStatement' ? 'until' : '';
  if (word !== '') return nextOf(table, childNamed(table, node, word));
  const spec = name === 'ForStatement' ? childNamed(table, node, 'ForSpec') : -1;
  if (spec < 0 || context.language === 'lua') return -2;
  const parts = childrenOf(table, spec).slice(1, -1);
  const isDeclared = nameOf(table, parts[0] ?? -1) === 'VariableDeclaration';
  const rest = isDeclared ? parts.slice(1) : parts.slice(parts.findIndex((part) => nameOf(table, part) === ';') + 1);
  return rest[0] === undefined || nameOf(table, rest[0]) === ';' ? -1 : rest[0];
}

/** Whether an expression is written out and true (or, for `until`, false). */
function isAlways(context: TreeContext, node: number, wanted: boolean): boolean {
  const { table } = context;
  let at = node;
  for (let hops = 0; hops < 12; hops++) {
    const name = nameOf(table, at);
    if (name === 'ParenthesizedExpression') {
      at = nextOf(table, firstOf(table, at));
      continue;
    }
    const text = textOf(table, at);
    if (name === 'UnaryExpression') {
      if (!text.startsWith('not') && !text.startsWith('!')) return false;
      wanted = !wanted;
      at = nextOf(table, firstOf(table, at));
      continue;
    }
    if (/^Boolean/u.test(name)) return (text.toLowerCase() === 'true') === wanted;
    // in Lua every number and text is true
    if (name === 'Number') return (context.language === 'lua' || Number(text) !== 0) === wanted;
    if (name === 'String') return (context.language === 'lua' || text.length > 2) === wanted;
    return false;
  }
  return false;
}

/** Whether a `break`, labelled `continue` or `goto` inside the loop leads out of it. */
function leavesByJump(context: TreeContext, jump: number, loop: number): boolean {
  const { table } = context;
  const kind = nameOf(table, jump);
  if (kind === 'GotoStatement') return true;
  const label = childNamed(table, jump, 'Label');
  if (label >= 0) {
    const name = textOf(table, label);
    for (let at = parentOf(table, jump); at >= 0; at = parentOf(table, at)) {
      const own = nameOf(table, at) === 'LabeledStatement' ? childNamed(table, at, 'Label') : -1;
      if (own >= 0 && textOf(table, own) === name) return kind === 'BreakStatement' ? at < loop : at < loop - 2;
    }
    return true;
  }
  if (kind !== 'BreakStatement') return false;
  for (let at = parentOf(table, jump); at >= 0; at = parentOf(table, at))
    if (BREAK_OWNERS.has(nameOf(table, at))) return at === loop;
  return false;
}

/** Whether a node inside the loop ends it, or hands a value out of it. */
function leaves(context: TreeContext, names: DottedNames, at: number, loop: number): boolean {
  const name = nameOf(context.table, at);
  if (name === 'BreakStatement' || name === 'ContinueStatement' || name === 'GotoStatement')
    return leavesByJump(context, at, loop);
  if (LEAVING.has(name) || YIELDING.has(name)) return context.functionOf[at] === context.functionOf[loop];
  return name === 'CallExpression' && ENDING.has(names.of(firstOf(context.table, at)) ?? '');
}

function hasWayOut(context: TreeContext, names: DottedNames, loop: number): boolean {
  const end = endOf(context.table, loop);
  context.steps.left -= end - loop;
  if (context.steps.left < 0) return true;
  for (let at = loop + 1; at < end; at++) if (leaves(context, names, at, loop)) return true;
  return false;
}

const PLAIN = new Set([
  'BinaryExpression',
  'ParenthesizedExpression',
  'VariableName',
  'Number',
  'CompareOp',
  'UnaryExpression',
]);

/** `while i < 10` where `i` is a number that nothing in the loop changes. */
function neverChanges(context: TreeContext, condition: number, loop: number): boolean {
  const { table } = context;
  const names: string[] = [];
  const end = endOf(table, condition);
  for (let at = condition; at < end; at++) {
    const kind = nameOf(table, at);
    if (kind.length > 2 && !PLAIN.has(kind)) return false;
    if (kind !== 'VariableName') continue;
    const name = textOf(table, at);
    const bindings = findBindings(context.scopes, scopeAt(context, at), name);
    if (!bindings?.every(({ value }) => value >= 0 && numberOf(context, value) !== null)) return false;
    names.push(name);
  }
  if (names.length === 0) return false;
  // the first part of `for (;;)` stands before the condition, and runs once
  const from = fromOf(table, nameOf(table, loop) === 'ForStatement' ? condition : loop);
  // a function may change it as well: only names that nothing outside of this place gives a value are sure
  return names.every((name) => {
    const assigned = context.assigned.get(name);
    return !assigned || assigned.last < from;
  });
}

function isEndless(context: TreeContext, names: DottedNames, loop: number): boolean {
  const { table } = context;
  const condition = conditionOf(context, loop);
  if (condition === -2) {
    const source = iteratedOf(context, loop);
    return source >= 0 && isForever(context, names, source) && !hasWayOut(context, names, loop);
  }
  const wanted = nameOf(table, loop) !== 'RepeatStatement';
  const isStuck =
    condition < 0
      ? nameOf(table, loop) === 'ForStatement'
      : isAlways(context, condition, wanted) || neverChanges(context, condition, loop);
  return isStuck && !hasWayOut(context, names, loop);
}

function isForever(context: TreeContext, names: DottedNames, source: number): boolean {
  const name = names.of(source) ?? '';
  if (FOREVER.has(name)) return name !== 'iter()' || textOf(context.table, source) === 'iter(int, 1)';
  if (name !== 'itertools.repeat()') return false;
  return argumentNodes(context, childNamed(context.table, source, 'ArgList')).length === 1;
}

/** What a `for … in` goes over; -1 for other loops. */
function iteratedOf(context: TreeContext, loop: number): number {
  const { table } = context;
  const spec = childNamed(table, loop, 'ForOfSpec', 'ForInSpec', 'ForSpec');
  const holder = spec >= 0 ? spec : loop;
  const word = childNamed(table, holder, 'in', 'of');
  return word < 0 ? -1 : nextOf(table, word);
}

function rangeLength(context: TreeContext, call: number): number | null {
  const args = argumentNodes(context, childNamed(context.table, call, 'ArgList')).map((arg) => numberOf(context, arg));
  const [start, stop, step] = args.length === 1 ? [0, args[0], 1] : [args[0], args[1], args.length > 2 ? args[2] : 1];
  if (start == null || stop == null || step == null || step === 0) return null;
  return Math.max(0, Math.ceil((stop - start) / step));
}

/** Rounds of `for x in range(10)`, `for (i = 0; i < 10; i++)`, `for i = 1, 10`, `for x in [1, 2]`. */
function roundsOf(context: TreeContext, names: DottedNames, loop: number): number | null {
  const { table } = context;
  const source = iteratedOf(context, loop);
  if (source >= 0) {
    if (nameOf(table, source) === 'ArrayExpression') return argumentNodes(context, source).length;
    return names.of(source) === 'range()' ? rangeLength(context, source) : null;
  }
  if (context.language === 'lua') {
    const spec = childNamed(table, loop, 'ForSpec');
    const values = argumentNodes(context, spec).filter((part) => nameOf(table, part) !== 'VariableDefinition');
    const [start, stop] = values.map((value) => numberOf(context, value));
    return start == null || stop == null ? null : Math.max(0, Math.floor(stop - start) + 1);
  }
  const condition = conditionOf(context, loop);
  if (condition < 0 || nameOf(table, loop) !== 'ForStatement') return null;
  return numberOf(context, childrenOf(table, condition).at(-1) ?? -1);
}

/** All loops of a tree, comprehensions too; Lua's backward `goto` without a condition counts as one. */
export function readLoops(context: TreeContext, names: DottedNames): LoopFact[] {
  const { table } = context;
  const found: LoopFact[] = [];
  for (const at of nodesNamed(table, context.grammar.mayLoop)) {
    const name = nameOf(table, at);
    if (name === 'GotoStatement' && isBackwardJump(context, at)) {
      const [from, to] = [fromOf(table, at), toOf(table, at)];
      found.push({ from, to, node: at, isEndless: true, rounds: null, outer: [] });
    }
    const isGenerator = name === 'ArgList' && childNamed(table, at, 'for') >= 0;
    if ((!context.grammar.loops.has(name) && !isGenerator) || table.first[at] === -1 || isKeyword(context, at))
      continue;
    const outer: number[] = [];
    for (let loop = loopAt(context, at); loop >= 0 && outer.length < 20; loop = loopAt(context, loop)) outer.push(loop);
    found.push({
      from: fromOf(table, at),
      to: toOf(table, at),
      node: at,
      isEndless: isEndless(context, names, at),
      rounds: roundsOf(context, names, at),
      outer,
    });
  }
  return found;
}

/** A parenthesis or an argument list without `for` inside is no comprehension, whatever the grammar calls it. */
function isKeyword(context: TreeContext, node: number): boolean {
  return nameOf(context.table, node).endsWith('ComprehensionExpression') && childNamed(context.table, node, 'for') < 0;
}

/** `::top:: … goto top` in the same row of statements. */
function isBackwardJump(context: TreeContext, jump: number): boolean {
  const { table } = context;
  const label = childNamed(table, jump, 'Label');
  const above = parentOf(table, jump);
  if (label < 0 || above < 0) return false;
  const wanted = textOf(table, label);
  let isPast = false;
  for (let child = firstOf(table, above); child >= 0; child = nextOf(table, child)) {
    context.steps.left -= 1;
    if (child === jump || context.steps.left < 0) return isPast && child === jump;
    const own = nameOf(table, child) === 'LabelStatement' ? childNamed(table, child, 'Label') : -1;
    if (own >= 0 && textOf(table, own) === wanted) isPast = true;
    else if (isPast && LEAVING.has(nameOf(table, child))) isPast = false;
  }
  return false;
}
