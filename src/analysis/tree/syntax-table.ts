import { type NodeSet, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';
import { countRows, type FlatBuffer, type FlatRows, parseFlat, writeRows } from './flat-buffer.ts';

/**
 * A syntax tree laid flat, in the order of the text: a parent comes before its children, so one loop over the numbers
 * visits all of it without recursion, whatever the nesting. Numbers below are places in these lists; -1 is none.
 */
export interface SyntaxTable {
  readonly code: string;
  readonly count: number;
  /** Names of all kinds of nodes that the grammar has, by their numbers. */
  readonly names: readonly string[];
  /** The number of each node's kind. */
  readonly kind: Uint16Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly parent: Int32Array;
  readonly first: Int32Array;
  readonly next: Int32Array;
  /** The place after the last node below each. */
  readonly end: Int32Array;
  /** Whether the tree had more nodes than were kept. */
  readonly isCut: boolean;
  readonly errors: readonly number[];
}

/** Work of one piece of code at most; past it the table ends and says so. Source: 1 MB of dense code has some 700,000. */
const NODES = 100_000;

/** Parses and lays flat. Never throws: these parsers mark errors in the tree and go on. */
export function makeSyntaxTable(parser: LRParser, code: string, maxNodes = NODES): SyntaxTable {
  const parsed = parseFlat(parser, code);
  const { rows, isCut } =
    parsed instanceof Tree
      ? flattenTree(parsed, maxNodes)
      : (readFlat(parsed, maxNodes) ?? flattenTree(parsed.tree(), maxNodes));
  const table = { code, count: rows.kind.length, names: namesIn(parser.nodeSet), ...rows, isCut };
  return { ...table, errors: nodesNamed(table, FAULT) };
}

const namesBySet = new WeakMap<NodeSet, readonly string[]>();

/** As keys of an object the names are the engine's own, which it compares by their place instead of letter by letter. */
function namesIn(set: NodeSet): readonly string[] {
  const before = namesBySet.get(set);
  if (before) return before;
  const names = set.types.map(({ name }) => Object.keys({ [name]: true })[0] ?? name);
  namesBySet.set(set, names);
  return names;
}

/** All columns but the kinds lie in one piece of memory. */
function columnsFor(rows: number): FlatRows {
  const all = new Int32Array(rows * 6);
  const column = (at: number): Int32Array => all.subarray(at * rows, (at + 1) * rows);
  return {
    kind: new Uint16Array(rows),
    from: column(0),
    to: column(1),
    parent: column(2),
    first: column(3),
    next: column(4),
    end: column(5),
  };
}

function readFlat(flat: FlatBuffer, maxRows: number): Flattened | null {
  const rows = columnsFor(countRows(flat));
  if (!writeRows(flat, rows)) return null;
  const isCut = rows.kind.length > maxRows;
  return { rows: isCut ? cutRows(rows, maxRows) : rows, isCut };
}

/** The first rows; what pointed at those behind points nowhere. */
function cutRows(rows: FlatRows, count: number): FlatRows {
  const cut = columnsFor(count);
  for (const name of ['kind', 'from', 'to', 'parent', 'first', 'next', 'end'] as const)
    cut[name].set(rows[name].subarray(0, count));
  for (const column of [cut.first, cut.next])
    for (let at = 0; at < count; at++) if ((column[at] ?? -1) >= count) column[at] = -1;
  for (let at = 0; at < count; at++) cut.end[at] = Math.min(cut.end[at] ?? count, count);
  return cut;
}

interface Flattened {
  readonly rows: FlatRows;
  readonly isCut: boolean;
}

/** The same from a tree: for one that is too deep to be read from the parser's numbers. */
function flattenTree(tree: Tree, maxRows: number): Flattened {
  const lists: Record<keyof FlatRows, number[]> = {
    kind: [],
    from: [],
    to: [],
    parent: [],
    first: [],
    next: [],
    end: [],
  };
  const last: number[] = [];
  let open = -1;
  let isCut = false;
  tree.iterate({
    enter({ type, from, to }) {
      const at = lists.kind.length;
      if (at >= maxRows) {
        isCut = true;
        return false;
      }
      lists.kind.push(type.id);
      lists.from.push(from);
      lists.to.push(to);
      lists.parent.push(open);
      for (const column of [lists.first, lists.next, lists.end, last]) column.push(-1);
      if (open >= 0) {
        const before = last[open] ?? -1;
        if (before < 0) lists.first[open] = at;
        else lists.next[before] = at;
        last[open] = at;
      }
      open = at;
      return true;
    },
    leave() {
      if (open < 0) return;
      lists.end[open] = lists.kind.length;
      open = lists.parent[open] ?? -1;
    },
  });
  const rows = columnsFor(lists.kind.length);
  for (const name of ['kind', 'from', 'to', 'parent', 'first', 'next', 'end'] as const) rows[name].set(lists[name]);
  return { rows, isCut };
}

const FAULT = new Set(['⚠']);

/** Which kinds of a grammar are of a set of names: 1 for those, by their numbers. */
export type Kinds = Uint8Array;

const kindsByNames = new WeakMap<readonly string[], WeakMap<ReadonlySet<string>, Kinds>>();

/** The kinds that have one of these names, found once for each set; sets are constants. */
export function kindsNamed(names: readonly string[], wanted: ReadonlySet<string>): Kinds {
  let bySet = kindsByNames.get(names);
  if (bySet === undefined) kindsByNames.set(names, (bySet = new WeakMap()));
  let kinds = bySet.get(wanted);
  if (kinds === undefined) bySet.set(wanted, (kinds = Uint8Array.from(names, (name) => (wanted.has(name) ? 1 : 0))));
  return kinds;
}

/** All nodes of these kinds, in the order of the text. The set is a constant: what is found out about it is kept. */
export function nodesNamed(
  table: Pick<SyntaxTable, 'names' | 'kind' | 'count'>,
  wanted: ReadonlySet<string>,
): number[] {
  const kinds = kindsNamed(table.names, wanted);
  const { kind, count } = table;
  const found: number[] = [];
  for (let at = 0; at < count; at++) if (kinds[kind[at] ?? 0] === 1) found.push(at);
  return found;
}

/** Whether there is a node of one of these kinds. */
export function hasNamed(table: SyntaxTable, wanted: ReadonlySet<string>): boolean {
  const kinds = kindsNamed(table.names, wanted);
  return table.kind.some((kind) => kinds[kind] === 1);
}

export const firstOf = (table: SyntaxTable, node: number): number => table.first[node] ?? -1;
export const nextOf = (table: SyntaxTable, node: number): number => table.next[node] ?? -1;
export const parentOf = (table: SyntaxTable, node: number): number => table.parent[node] ?? -1;
export const fromOf = (table: SyntaxTable, node: number): number => table.from[node] ?? 0;
export const toOf = (table: SyntaxTable, node: number): number => table.to[node] ?? 0;

/** The children of a node, from left to right. */
export function childrenOf(table: SyntaxTable, node: number): number[] {
  const children: number[] = [];
  for (let at = table.first[node] ?? -1; at >= 0; at = table.next[at] ?? -1) children.push(at);
  return children;
}

export function nameOf(table: SyntaxTable, node: number): string {
  const kind = table.kind[node];
  return kind === undefined ? '' : (table.names[kind] ?? '');
}

export function textOf(table: SyntaxTable, node: number): string {
  return table.code.slice(table.from[node] ?? 0, table.to[node] ?? 0);
}

/** The first child of one of these kinds, or -1. */
export function childNamed(table: SyntaxTable, node: number, name: string, or?: string, orElse?: string): number {
  for (let at = table.first[node] ?? -1; at >= 0; at = table.next[at] ?? -1) {
    const own = nameOf(table, at);
    if (own === name || own === or || own === orElse) return at;
  }
  return -1;
}

/** The place after the last node below this one. */
export function endOf(table: SyntaxTable, node: number): number {
  return table.end[node] ?? table.count;
}
