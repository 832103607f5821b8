import { describe, expect, it } from 'vitest';
import { GRAMMARS } from './grammars.ts';
import {
  childNamed,
  childrenOf,
  endOf,
  hasNamed,
  makeSyntaxTable,
  nameOf,
  nodesNamed,
  parentOf,
  textOf,
} from './syntax-table.ts';

const CALLS = new Set(['CallExpression']);
const LOOPS = new Set(['ForStatement', 'WhileStatement']);
const pythonTable = (code: string) => makeSyntaxTable(GRAMMARS.python.parser, code);

describe('a tree laid flat', () => {
  it('holds more nodes than there was room for at first', () => {
    const table = pythonTable('f(1)\n'.repeat(3_000));
    const calls = nodesNamed(table, CALLS);
    expect(calls).toHaveLength(3_000);
    expect(new Set(calls.map((at) => textOf(table, at)))).toEqual(new Set(['f(1)']));
    expect(new Set(calls.map((at) => nameOf(table, parentOf(table, at))))).toEqual(new Set(['ExpressionStatement']));
  });

  it('is not changed by the next one, which is written in the same place', () => {
    const first = pythonTable('for x in y:\n  g(x)\n');
    const names = Array.from({ length: first.count }, (_, at) => nameOf(first, at));
    pythonTable('while a:\n  b = 2\n');
    expect(Array.from({ length: first.count }, (_, at) => nameOf(first, at))).toEqual(names);
    expect([hasNamed(first, LOOPS), hasNamed(pythonTable('x = 1'), LOOPS)]).toEqual([true, false]);
  });

  it('gives the children of a node, the first of some names, and where the node ends', () => {
    const table = pythonTable('f(a, b)\n');
    const [call = -1] = nodesNamed(table, CALLS);
    expect(childrenOf(table, call).map((at) => nameOf(table, at))).toEqual(['VariableName', 'ArgList']);
    const list = childNamed(table, call, 'Body', 'ArgList');
    expect(childrenOf(table, list).map((at) => textOf(table, at))).toEqual(['(', 'a', ',', 'b', ')']);
    expect(endOf(table, call)).toBe(table.count);
    expect([childNamed(table, call, 'Body'), nameOf(table, -1), childrenOf(table, -1)]).toEqual([-1, '', []]);
  });
});
