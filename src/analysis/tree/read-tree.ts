import { firstOf, parentOf, fromOf } from './syntax-table.ts';
import { scopeAt, blockAt, functionAt } from './tree-context.ts';
import { bindJavascript } from './bind-javascript.ts';
import { bindLua } from './bind-lua.ts';
import { bindPython } from './bind-python.ts';
import { createDottedNames, type DottedNames } from './dotted-names.ts';
import { guardedImports } from './import-guards.ts';
import type { CallFact, CodeFacts, FreeName, ImportFact, RecursiveFact } from './facts.ts';
import type { TreeLanguage } from './grammars.ts';
import { readCalls } from './read-calls.ts';
import { readLoops } from './read-loops.ts';
import { saidNames } from './said-names.ts';
import { type Binding, findBindings } from './scopes.ts';
import { childNamed, hasNamed, nameOf, nodesNamed, textOf } from './syntax-table.ts';
import { createTreeContext, type TreeContext, USE } from './tree-context.ts';

/** A tree that was read: its facts, and the tree itself for judges that look closer. */
export interface TreeRead {
  readonly context: TreeContext;
  readonly dotted: DottedNames;
  readonly facts: CodeFacts;
}

function bind(context: TreeContext): ImportFact[] {
  if (context.language === 'python') return guardedImports(context, bindPython(context));
  if (context.language !== 'lua') return bindJavascript(context);
  bindLua(context);
  return [];
}

function isWithin(context: TreeContext, block: number, node: number): boolean {
  if (block < 0) return true;
  let at = blockAt(context, node);
  for (let steps = 0; at >= block && steps < CLIMB; steps++) {
    if (at === block) return true;
    at = blockAt(context, at);
  }
  return false;
}

/** Parts within parts that are looked through; what lies deeper is not sure. */
const CLIMB = 400;

/**
 * Whether a use is sure to see what the code made. In a function the order is not looked at: a function may be called
 * after what follows it. JavaScript needs no order: a name that is not made yet throws there.
 */
function isSurelyMade(context: TreeContext, bindings: readonly Binding[], node: number): boolean {
  if (context.language === 'javascript' || context.language === 'typescript') return true;
  const offset = fromOf(context.table, node);
  const isInFunction = functionAt(context, node) >= 0;
  return bindings.some(
    (binding) =>
      binding.kind === 'parameter' ||
      (isInFunction && binding.block < 0) ||
      (binding.offset <= offset && isWithin(context, binding.block, node)),
  );
}

const USES = new Set(['VariableName', 'PropertyDefinition']);

function isUse(context: TreeContext, node: number): boolean {
  const name = nameOf(context.table, node);
  if (name === 'VariableName') return context.role[node] === USE;
  // `{ a }` of an object reads `a`
  if (name !== 'PropertyDefinition') return false;
  const above = parentOf(context.table, node);
  return context.language !== 'python' && nameOf(context.table, above) === 'Property' && isOnly(context, node, above);
}

function isOnly(context: TreeContext, node: number, above: number): boolean {
  return context.table.first[above] === node && context.table.next[node] === -1;
}

function readFreeNames(context: TreeContext): FreeName[] {
  const { table } = context;
  const found: FreeName[] = [];
  for (const at of nodesNamed(table, USES)) {
    if (!isUse(context, at)) continue;
    const name = textOf(table, at).trim();
    const bindings = findBindings(context.scopes, scopeAt(context, at), name);
    if (!bindings || !isSurelyMade(context, bindings, at)) found.push({ name, from: fromOf(table, at) });
  }
  return found;
}

const LOGIC = new Set(['LogicOp']);

/** `and`, `or`, `&&`, `||`, `??` and words that decide. */
function countDecisions(context: TreeContext): number {
  const { table, grammar } = context;
  const signs = nodesNamed(table, LOGIC).map((at) => textOf(table, at));
  const deciding = signs.filter((sign) => sign === '&&' || sign === '||' || sign === '??');
  return nodesNamed(table, grammar.decisions).length + deciding.length;
}

const CACHES = new Set(['@functools.lru_cache', '@functools.cache']);

/** Functions that call themselves. */
function readRecursion(context: TreeContext, calls: readonly CallFact[]): readonly RecursiveFact[] {
  const { table, grammar } = context;
  const found = new Map<number, RecursiveFact & { readonly calls: CallFact[] }>();
  const caches = calls.filter(({ name }) => CACHES.has(name)).slice(0, 50);
  for (const call of calls) {
    if (call.isPassed || nameOf(table, firstOf(table, call.node)) !== 'VariableName') continue;
    const name = textOf(table, firstOf(table, call.node));
    let steps = 0;
    for (let at = functionAt(context, call.node); at >= 0 && steps < 20; at = functionAt(context, at)) {
      steps += 1;
      const nameNode = grammar.functions.has(nameOf(table, at)) ? functionName(context, at) : -1;
      if (nameNode < 0 || textOf(table, nameNode) !== name) continue;
      const from = fromOf(table, parentOf(table, at));
      const isCached = caches.some((other) => other.from >= from && other.to <= fromOf(table, at));
      const before = found.get(at);
      if (before) before.calls.push(call);
      else found.set(at, { name, nameNode, definition: at, calls: [call], isCached });
      break;
    }
  }
  return [...found.values()];
}

/** The node of a function's name; -1 where it has none. */
function functionName(context: TreeContext, node: number): number {
  const own = childNamed(context.table, node, 'VariableDefinition', 'VariableName', 'FunctionName');
  if (own >= 0 && nameOf(context.table, node) !== 'LambdaExpression') return own;
  // `const f = (n) => …`
  const above = parentOf(context.table, node);
  if (above < 0 || nameOf(context.table, above) !== 'VariableDeclaration') return -1;
  return childNamed(context.table, above, 'VariableDefinition');
}

const SETS = new Set(['SetExpression', 'SetComprehensionExpression']);

/** A set by the name of its call. */
const isSetName = (name: string): boolean => name === 'set' || name === 'frozenset';

/** Reads one of the languages that have a lezer grammar. Never throws. */
export function readTree(language: TreeLanguage, code: string): TreeRead {
  const context = createTreeContext(language, code);
  const imports = bind(context);
  const dotted = createDottedNames(context, imports);
  const { calls, names, loaded } = readCalls(context, dotted);
  const { table, grammar } = context;
  const said = [...saidNames(calls)];
  const facts: CodeFacts = {
    language,
    calls,
    imports: [...imports, ...loaded],
    names,
    loops: readLoops(context, dotted),
    freeNames: readFreeNames(context),
    functions: nodesNamed(table, grammar.functions).length,
    decisions: countDecisions(context),
    recursive: readRecursion(context, calls),
    isAsync:
      hasNamed(table, grammar.asynchronous) || said.some((name) => ASYNC_CALLS.some((one) => isCallOf(name, one))),
    // A walrus within a comprehension binds outside of it.
    leavesNames: (context.scopes[0]?.names.size ?? 0) > 0 || hasNamed(table, NAMED),
    hasSets: hasNamed(table, SETS) || said.some(isSetName),
  };
  return { context, dotted, facts };
}

const NAMED: ReadonlySet<string> = new Set(['NamedExpression']);
const ASYNC_CALLS = ['asyncio.', 'setTimeout', 'setInterval', 'queueMicrotask', 'Promise', 'fetch', '.then', 'import'];

function isCallOf(name: string, one: string): boolean {
  if (one.startsWith('.')) return name.endsWith(one);
  return name === one || name.startsWith(one.endsWith('.') ? one : `${one}.`);
}
