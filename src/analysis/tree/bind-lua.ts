import { scopeAt } from './tree-context.ts';
import { childNamed, childrenOf, nameOf, nodesNamed } from './syntax-table.ts';
import { bindName, bindText, bindWhereFound, type TreeContext } from './tree-context.ts';

/** Pairs the names left of `=` with the values right of it. */
function pairs(context: TreeContext, node: number, target: string): { name: number; value: number }[] {
  const names: number[] = [];
  const values: number[] = [];
  let isRight = false;
  for (const child of childrenOf(context.table, node)) {
    const kind = nameOf(context.table, child);
    if (kind === '=') isRight = true;
    else if (kind === ',' || kind === 'local' || kind === 'Attrib') continue;
    else if (isRight) values.push(child);
    else names.push(child);
  }
  return names
    .map((name, index) => ({ name, value: values[index] ?? -1 }))
    .filter(({ name }) => nameOf(context.table, name) === target);
}

function bindLocals(context: TreeContext, node: number): void {
  for (const { name, value } of pairs(context, node, 'VariableDefinition'))
    bindName(context, scopeAt(context, name), name, { kind: 'value', value });
}

/** Names of loops and parameters. */
function bindHeads(context: TreeContext, node: number): void {
  const kind = nameOf(context.table, node) === 'ParamList' ? 'parameter' : 'value';
  for (const child of childrenOf(context.table, node))
    if (nameOf(context.table, child) === 'VariableDefinition')
      bindName(context, scopeAt(context, child), child, { kind });
}

function bindGlobals(context: TreeContext, node: number): void {
  if (nameOf(context.table, node) === 'AssignStatement') {
    for (const { name, value } of pairs(context, node, 'VariableName'))
      bindWhereFound(context, name, { kind: 'value', value });
    return;
  }
  // `function f()` makes a global; `function m.f()` and `function m:f()` make none
  const parts = childrenOf(context.table, node);
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) bindWhereFound(context, only, { kind: 'function' });
}

const BINDING = new Set(['LocalStatement', 'ForSpec', 'ParamList', 'LocalFunction', 'AssignStatement', 'FunctionName']);

/** Binds every name of a Lua tree. */
export function bindLua(context: TreeContext): void {
  const { table } = context;
  const later: number[] = [];
  for (const at of nodesNamed(table, BINDING)) {
    const name = nameOf(table, at);
    if (name === 'LocalStatement') bindLocals(context, at);
    else if (name === 'ForSpec' || name === 'ParamList') bindHeads(context, at);
    else if (name === 'LocalFunction') {
      const own = childNamed(table, at, 'VariableDefinition');
      if (own >= 0) bindName(context, scopeAt(context, at), own, { kind: 'function' });
    } else if (name === 'AssignStatement' || name === 'FunctionName') later.push(at);
    if (name === 'FunctionName' && childNamed(table, at, ':') >= 0)
      bindText(context, scopeAt(context, at), 'self', at, { kind: 'parameter' });
  }
  for (const node of later) bindGlobals(context, node);
}
