import { firstOf, nextOf, parentOf, fromOf, toOf } from './syntax-table.ts';
import { scopeAt } from './tree-context.ts';
import { literalOf } from './literals.ts';
import type { ImportFact } from './facts.ts';
import { isForTypes } from './import-guards.ts';
import { childNamed, childrenOf, nameOf, nodesNamed, textOf } from './syntax-table.ts';
import { bindName, bindWhereFound, type Making, noteAssigned, SILENT, type TreeContext } from './tree-context.ts';

/** `node:fs/promises` is `fs.promises` in dotted names. */
export function dottedModule(module: string): string {
  return (module.startsWith('node:') ? module.slice(5) : module).replaceAll('/', '.');
}

export function isRelativeModule(module: string): boolean {
  return module.startsWith('.') || module.startsWith('/') || module.startsWith('#');
}

function readModule(context: TreeContext, node: number): string | null {
  const text = childNamed(context.table, node, 'String');
  return text < 0 ? null : (literalOf(context, text)?.text ?? null);
}

/** `import D, { a as b } from "m"`, and TypeScript's `import fs = require("fs")`, which the grammar reads in two pieces. */
function readImport(context: TreeContext, node: number, found: ImportFact[]): void {
  const { table } = context;
  const module = readModule(context, node);
  const scope = scopeAt(context, node);
  if (module === null) {
    const target = childNamed(table, node, 'VariableDefinition');
    const beside = nextOf(table, node);
    const value = beside < 0 ? -1 : childNamed(table, beside, 'CallExpression');
    if (target >= 0) bindName(context, scope, target, { kind: 'value', value });
    return;
  }
  const dotted = dottedModule(module);
  if (!isForTypes(textOf(table, node))) found.push(importFact(context, node, module));
  for (const child of childrenOf(table, node)) {
    const name = nameOf(table, child);
    if (name === 'VariableDefinition') bindName(context, scope, child, { kind: 'import', dotted });
    else if (name === 'ImportGroup') bindGroup(context, child, dotted);
  }
}

function importFact(context: TreeContext, node: number, module: string): ImportFact {
  const { table } = context;
  const isRelative = isRelativeModule(module);
  return { module, member: null, isRelative, from: fromOf(table, node), to: toOf(table, node) };
}

/** `{ a as b, c }` of an import. */
function bindGroup(context: TreeContext, group: number, dotted: string): void {
  const { table } = context;
  let member: string | null = null;
  for (const part of childrenOf(table, group)) {
    const kind = nameOf(table, part);
    if (kind === ',') member = null;
    else if (kind === 'VariableName' || kind === 'String') member = textOf(table, part);
    else if (kind === 'VariableDefinition') {
      const taken = member ?? textOf(table, part);
      bindName(context, scopeAt(context, part), part, { kind: 'import', dotted, member: taken });
    }
  }
}

/** The scope that `var` reaches: the nearest function's. */
function functionScope(context: TreeContext, scope: number): number {
  let at = scope;
  while (at > 0 && context.scopes[at]?.kind !== 'function') at = context.scopes[at]?.parent ?? 0;
  return at;
}

/** The value after `= ` that belongs to a definition in `const a = 1, b = 2`; -1 for none. */
function valueAfter(context: TreeContext, node: number): number {
  const { table } = context;
  let at = nextOf(table, node);
  if (at >= 0 && nameOf(table, at) === 'TypeAnnotation') at = nextOf(table, at);
  return at >= 0 && nameOf(table, at) === 'Equals' ? nextOf(table, at) : -1;
}

/** What a name inside `const { a, b: c } = value` stands for; null where it is not that simple. */
function patternMaking(context: TreeContext, node: number): Making | null {
  const { table } = context;
  const property = parentOf(table, node);
  if (property < 0 || nameOf(table, property) !== 'PatternProperty') return null;
  const pattern = parentOf(table, property);
  if (pattern < 0 || nameOf(table, parentOf(table, pattern)) !== 'VariableDeclaration') return null;
  const value = valueAfter(context, pattern);
  const key = childNamed(table, property, 'PropertyName');
  const isRest = childNamed(table, property, 'Spread') >= 0;
  if (value < 0 || isRest) return null;
  return { kind: 'value', value, member: textOf(table, key < 0 ? node : key) };
}

const NAMED_OUTSIDE: Readonly<Record<string, 'function' | 'class'>> = {
  FunctionDeclaration: 'function',
  ClassDeclaration: 'class',
};

function bindDefinition(context: TreeContext, node: number): void {
  const { table } = context;
  const above = parentOf(table, node);
  const aboveName = nameOf(table, above);
  const scope = scopeAt(context, node);
  // `declare const x` says that somebody else makes it
  if (nameOf(table, parentOf(table, above)) === 'AmbientDeclaration') {
    context.role[node] = SILENT;
    return;
  }
  const kind = NAMED_OUTSIDE[aboveName];
  if (kind) bindName(context, scopeAt(context, above), node, { kind });
  else if (aboveName === 'ParamList') bindName(context, scope, node, { kind: 'parameter' });
  else if (aboveName === 'VariableDeclaration') {
    const isVar = nameOf(table, firstOf(table, above)) === 'var';
    const value = valueAfter(context, node);
    bindName(context, isVar ? functionScope(context, scope) : scope, node, { kind: 'value', value });
  } else bindName(context, scope, node, patternMaking(context, node) ?? { kind: 'value' });
}

/** Plain names that get a value without a declaration; done last, for declarations count in the whole of their scope. */
function bindAssignments(context: TreeContext, nodes: readonly number[]): void {
  for (const node of nodes) {
    const target = firstOf(context.table, node);
    const operator = target < 0 ? -1 : nextOf(context.table, target);
    if (operator < 0 || nameOf(context.table, target) !== 'VariableName') continue;
    const isPlain = nameOf(context.table, operator) === 'Equals';
    const value = isPlain ? nextOf(context.table, operator) : -1;
    const wasUse = context.role[target] ?? 0;
    bindWhereFound(context, target, { kind: 'value', value });
    // `x += 1` reads it as well
    if (!isPlain) context.role[target] = wasUse;
  }
}

/** `i++`, `--i`: the operand gets another value, which is no name of anything. */
function noteSteps(context: TreeContext, node: number): void {
  const operand = childNamed(context.table, node, 'VariableName');
  const operator = childNamed(context.table, node, 'ArithOp');
  if (operand < 0 || operator < 0 || context.table.to[operator]! - context.table.from[operator]! !== 2) return;
  noteAssigned(context, textOf(context.table, operand), fromOf(context.table, operand));
}

/** An enum is a type and a value. */
function bindEnum(context: TreeContext, node: number): void {
  if (nameOf(context.table, parentOf(context.table, node)) === 'EnumDeclaration')
    bindName(context, scopeAt(context, node), node, { kind: 'value' });
}

const BINDING = new Set([
  'ImportDeclaration',
  'ExportDeclaration',
  'VariableDefinition',
  'TypeDefinition',
  'AssignmentExpression',
  'PostfixExpression',
  'UnaryExpression',
]);

/** `export … from "m"` loads the module. */
function readExport(context: TreeContext, node: number, found: ImportFact[]): void {
  const { table } = context;
  const module = childNamed(table, node, 'from') < 0 ? null : readModule(context, node);
  if (module !== null && !isForTypes(textOf(table, node))) found.push(importFact(context, node, module));
}

/** Binds every name of a JavaScript or TypeScript tree and lists its import and export statements. */
export function bindJavascript(context: TreeContext): ImportFact[] {
  const { table } = context;
  const imports: ImportFact[] = [];
  const assignments: number[] = [];
  for (const at of nodesNamed(table, BINDING)) {
    const name = nameOf(table, at);
    if (name === 'ImportDeclaration') readImport(context, at, imports);
    else if (name === 'ExportDeclaration') readExport(context, at, imports);
    else if (name === 'VariableDefinition') {
      if (context.role[at] === 0) bindDefinition(context, at);
    } else if (name === 'TypeDefinition') bindEnum(context, at);
    else if (name === 'AssignmentExpression') assignments.push(at);
    else if (name === 'PostfixExpression' || name === 'UnaryExpression') noteSteps(context, at);
  }
  bindAssignments(context, assignments);
  return imports;
}
