import { firstOf, fromOf, nextOf, toOf } from './syntax-table.ts';
import { scopeAt } from './tree-context.ts';
import type { ImportFact } from './facts.ts';
import { childrenOf, nameOf, nodesNamed, textOf } from './syntax-table.ts';
import { bindName, MADE, type Making, SILENT, type TreeContext } from './tree-context.ts';

const SEQUENCES = new Set(['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression']);
const VALUE: Making = { kind: 'value' };

/** Binds the names of a target such as `x`, `(a, b)`, `[c, *d]`; members and items of something make no name. */
function bindTarget(context: TreeContext, target: number, making: Making): void {
  const open = [target];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const name = nameOf(context.table, at);
    if (name === 'VariableName') bindName(context, scopeAt(context, at), at, making);
    else if (SEQUENCES.has(name)) open.push(...childrenOf(context.table, at));
    if (making.value !== undefined) making = VALUE;
  }
}

function bindAssignment(context: TreeContext, node: number): void {
  const children = childrenOf(context.table, node);
  const names = children.map((child) => nameOf(context.table, child));
  const last = names.lastIndexOf('AssignOp');
  if (last < 0) {
    // `x: int` alone makes nothing
    const [only] = children;
    if (only !== undefined && names[0] === 'VariableName') context.role[only] = SILENT;
    return;
  }
  const value = children[last + 1] ?? -1;
  const isAlone = children.length === last + 2;
  for (const [index, child] of children.slice(0, last).entries()) {
    const isTuple = names[index - 1] === ',' || names[index + 1] === ',';
    bindTarget(
      context,
      child,
      isAlone && !isTuple && names[index] === 'VariableName' ? { kind: 'value', value } : VALUE,
    );
  }
}

/** `for x, y in …`, in statements and comprehensions: what stands between the two words. */
function bindLoopNames(context: TreeContext, node: number): void {
  const { table } = context;
  let isTarget = false;
  for (let child = firstOf(table, node); child >= 0; child = nextOf(table, child)) {
    const name = nameOf(context.table, child);
    if (name === 'for') isTarget = true;
    else if (name === 'in') isTarget = false;
    else if (isTarget) {
      // the names of a comprehension are its own, and stand before the place that makes them
      const isOwn = nameOf(context.table, node) !== 'ForStatement';
      bindTarget(context, child, isOwn ? { kind: 'parameter' } : VALUE);
    }
  }
}

/** `with a as b`, `except E as e`, `case P as p`: the name after the word, with the value before it. */
function bindAfterAs(context: TreeContext, node: number): void {
  const children = childrenOf(context.table, node);
  children.forEach((child, index) => {
    if (nameOf(context.table, child) !== 'as') return;
    const target = children[index + 1];
    const before = children[index - 1] ?? -1;
    const isCall = before >= 0 && nameOf(context.table, before) === 'CallExpression';
    if (target !== undefined) bindTarget(context, target, isCall ? { kind: 'value', value: before } : VALUE);
  });
}

function bindParameters(context: TreeContext, node: number): void {
  let before = '';
  for (const child of childrenOf(context.table, node)) {
    const name = nameOf(context.table, child);
    if (name === 'VariableName' && before !== 'AssignOp')
      bindName(context, scopeAt(context, child), child, { kind: 'parameter' });
    before = name;
  }
}

function bindDefinition(kind: 'function' | 'class') {
  return (context: TreeContext, node: number): void => {
    for (const child of childrenOf(context.table, node)) {
      if (nameOf(context.table, child) !== 'VariableName') continue;
      bindName(context, scopeAt(context, node), child, { kind });
      return;
    }
  };
}

function bindScopeStatement(context: TreeContext, node: number): void {
  let isGlobal = false;
  for (const child of childrenOf(context.table, node)) {
    const name = nameOf(context.table, child);
    if (name === 'global') isGlobal = true;
    if (name !== 'VariableName') continue;
    context.role[child] = SILENT;
    if (isGlobal) context.scopes[scopeAt(context, child)]?.globals.add(textOf(context.table, child));
  }
}

function silenceKeywords(context: TreeContext, node: number): void {
  const { table } = context;
  let before = -1;
  for (let child = firstOf(table, node); child >= 0; child = nextOf(table, child)) {
    if (nameOf(context.table, child) === 'AssignOp' && before >= 0 && nameOf(context.table, before) === 'VariableName')
      context.role[before] = SILENT;
    before = child;
  }
}

/** Names of keyword arguments, and those of a generator that is the only argument: `sum(x for x in xs)`. */
function bindArguments(context: TreeContext, node: number): void {
  silenceKeywords(context, node);
  bindLoopNames(context, node);
}

function bindFirst(context: TreeContext, node: number): void {
  const child = firstOf(context.table, node);
  if (child < 0 || nameOf(context.table, child) !== 'VariableName') return;
  if (nameOf(context.table, node) === 'KeywordPattern') context.role[child] = SILENT;
  else bindName(context, scopeAt(context, child), child, VALUE);
}

const BINDERS: Readonly<Record<string, (context: TreeContext, node: number) => void>> = {
  AssignStatement: bindAssignment,
  UpdateStatement: bindFirst,
  NamedExpression: bindFirst,
  CapturePattern: bindFirst,
  KeywordPattern: bindFirst,
  ForStatement: bindLoopNames,
  ArrayComprehensionExpression: bindLoopNames,
  SetComprehensionExpression: bindLoopNames,
  DictionaryComprehensionExpression: bindLoopNames,
  ComprehensionExpression: bindLoopNames,
  WithStatement: bindAfterAs,
  TryStatement: bindAfterAs,
  AsPattern: bindAfterAs,
  ParamList: bindParameters,
  FunctionDefinition: bindDefinition('function'),
  ClassDefinition: bindDefinition('class'),
  ScopeStatement: bindScopeStatement,
  ArgList: bindArguments,
};

/** One name of an import statement while it is read: `a.b as c`. */
interface Importing {
  readonly node: number;
  readonly found: ImportFact[];
  /** The module after `from`; null in a plain import. */
  source: string | null;
  path: string[];
  first: number;
  alias: number;
  isAfterAs: boolean;
  dots: number;
}

function finishImport(context: TreeContext, reading: Importing): void {
  const { source, path, first, alias, node } = reading;
  if (path.length > 0) {
    const module = source ?? path.join('.');
    const member = source === null ? null : (path[0] ?? null);
    const isRelative = module.startsWith('.');
    reading.found.push({
      module,
      member,
      isRelative,
      from: fromOf(context.table, node),
      to: toOf(context.table, node),
    });
    const whole = member === null ? module : `${module}.${member}`;
    const dotted = alias >= 0 || source !== null ? whole : (path[0] ?? whole);
    if (first >= 0 && member !== '*')
      bindName(context, scopeAt(context, node), alias >= 0 ? alias : first, { kind: 'import', dotted });
  }
  Object.assign(reading, { path: [], first: -1, alias: -1, isAfterAs: false });
}

function readImported(context: TreeContext, reading: Importing, child: number): void {
  context.role[child] = MADE;
  if (reading.isAfterAs) {
    reading.alias = child;
    return;
  }
  if (reading.first < 0) reading.first = child;
  reading.path.push(textOf(context.table, child));
}

const IMPORT_SIGNS: Readonly<Record<string, (context: TreeContext, reading: Importing, child: number) => void>> = {
  from: (_, reading) => {
    reading.source = '';
  },
  import: (_, reading) => {
    if (reading.source === null) return;
    reading.source = '.'.repeat(reading.dots) + reading.path.join('.');
    reading.path = [];
    reading.first = -1;
  },
  '.': (_, reading) => {
    if (reading.source === '' && reading.path.length === 0) reading.dots += 1;
  },
  '...': (_, reading) => {
    reading.dots += 3;
  },
  '*': (_, reading) => {
    reading.path.push('*');
  },
  as: (_, reading) => {
    reading.isAfterAs = true;
  },
  ',': finishImport,
  VariableName: readImported,
};

/** `import a.b as c, d` and `from ..m import x as y, *`. */
function readImport(context: TreeContext, node: number, found: ImportFact[]): void {
  const reading: Importing = {
    node,
    found,
    source: null,
    path: [],
    first: -1,
    alias: -1,
    isAfterAs: false,
    dots: 0,
  };
  for (const child of childrenOf(context.table, node))
    IMPORT_SIGNS[nameOf(context.table, child)]?.(context, reading, child);
  finishImport(context, reading);
}

const BINDING = new Set(['ImportStatement', ...Object.keys(BINDERS)]);

/** Binds every name of a Python tree and lists its import statements. */
export function bindPython(context: TreeContext): ImportFact[] {
  const imports: ImportFact[] = [];
  for (const at of nodesNamed(context.table, BINDING)) {
    const name = nameOf(context.table, at);
    if (name === 'ImportStatement') readImport(context, at, imports);
    else BINDERS[name]?.(context, at);
  }
  return imports;
}
