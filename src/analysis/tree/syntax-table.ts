import type { Parser, Tree } from '@lezer/common';

/**
 * A syntax tree laid flat, in the order of the text: a parent comes before its children, so one loop over the numbers
 * visits all of it without recursion, whatever the nesting. Numbers below are places in these lists; -1 is none.
 */
export interface SyntaxTable {
  readonly code: string;
  readonly count: number;
  readonly name: readonly string[];
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly parent: readonly number[];
  readonly first: readonly number[];
  readonly next: readonly number[];
  /** The place after the last node below each. */
  readonly end: readonly number[];
  /** Whether the tree had more nodes than were kept. */
  readonly isCut: boolean;
  readonly errors: readonly number[];
}

/** Work of one piece of code at most; past it the table ends and says so. Source: 1 MB of dense code has some 700,000. */
const NODES = 100_000;

/** Parses and lays flat. Never throws: these parsers mark errors in the tree and go on. */
export function makeSyntaxTable(parser: Parser, code: string, maxNodes = NODES): SyntaxTable {
  return flatten(parser.parse(code), code, maxNodes);
}

function flatten(tree: Tree, code: string, maxNodes: number): SyntaxTable {
  const name: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const parent: number[] = [];
  const first: number[] = [];
  const next: number[] = [];
  const end: number[] = [];
  const errors: number[] = [];
  const open: number[] = [];
  const last: number[] = [];
  let isCut = false;
  tree.iterate({
    enter(node) {
      if (name.length >= maxNodes) {
        isCut = true;
        return false;
      }
      const at = name.length;
      const above = open.at(-1) ?? -1;
      name.push(node.name);
      from.push(node.from);
      to.push(node.to);
      parent.push(above);
      first.push(-1);
      next.push(-1);
      end.push(-1);
      last.push(-1);
      if (node.type.isError) errors.push(at);
      if (above >= 0) {
        const before = last[above] ?? -1;
        if (before < 0) first[above] = at;
        else next[before] = at;
        last[above] = at;
      }
      open.push(at);
      return true;
    },
    leave() {
      const closed = open.pop();
      if (closed !== undefined) end[closed] = name.length;
    },
  });
  return { code, count: name.length, name, from, to, parent, first, next, end, isCut, errors };
}

export const firstOf = (table: SyntaxTable, node: number): number => table.first[node] ?? -1;
export const nextOf = (table: SyntaxTable, node: number): number => table.next[node] ?? -1;
export const parentOf = (table: SyntaxTable, node: number): number => table.parent[node] ?? -1;
export const fromOf = (table: SyntaxTable, node: number): number => table.from[node] ?? 0;
export const toOf = (table: SyntaxTable, node: number): number => table.to[node] ?? 0;

/** The children of a node, from left to right. */
export function* childrenOf(table: SyntaxTable, node: number): Generator<number> {
  for (let at = table.first[node] ?? -1; at >= 0; at = table.next[at] ?? -1) yield at;
}

export function nameOf(table: SyntaxTable, node: number): string {
  return table.name[node] ?? '';
}

export function textOf(table: SyntaxTable, node: number): string {
  return table.code.slice(table.from[node] ?? 0, table.to[node] ?? 0);
}

/** The first child of one of these kinds, or -1. */
export function childNamed(table: SyntaxTable, node: number, ...names: readonly string[]): number {
  for (let at = table.first[node] ?? -1; at >= 0; at = table.next[at] ?? -1)
    if (names.includes(table.name[at] ?? '')) return at;
  return -1;
}

/** The place after the last node below this one. */
export function endOf(table: SyntaxTable, node: number): number {
  return table.end[node] ?? table.count;
}
