import type { Parser, Tree } from '@lezer/common';

/**
 * A syntax tree laid flat, in the order of the text: a parent comes before its children, so one loop over the numbers
 * visits all of it without recursion, whatever the nesting. Numbers below are places in these lists; -1 is none.
 */
export interface SyntaxTable {
  readonly code: string;
  readonly count: number;
  readonly name: readonly string[];
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
export function makeSyntaxTable(parser: Parser, code: string, maxNodes = NODES): SyntaxTable {
  return flatten(parser.parse(code), code, maxNodes);
}

/** What is written of each node while a tree is laid flat. */
const FROM = 0;
const TO = 1;
const PARENT = 2;
const FIRST = 3;
const NEXT = 4;
const END = 5;
const LAST = 6;
const COLUMNS = 7;
/** Room for small pieces of code; large ones make it larger, to `NODES` at most. */
const ROOM = 4_096;

/**
 * Where a tree is written before its size is known, kept from one tree to the next: lists that grow by themselves are most
 * of what reading code leaves to the collector. Nobody sees it: tables get copies.
 */
let scratch = new Int32Array(ROOM * COLUMNS);

function moreRoom(): void {
  const wider = new Int32Array(scratch.length * 2);
  wider.set(scratch);
  scratch = wider;
}

function columnOf(count: number, column: number): Int32Array {
  const values = new Int32Array(count);
  for (let at = 0, from = column; at < count; at++, from += COLUMNS) values[at] = scratch[from] ?? 0;
  return values;
}

function flatten(tree: Tree, code: string, maxNodes: number): SyntaxTable {
  const name: string[] = [];
  const errors: number[] = [];
  let isCut = false;
  let count = 0;
  let open = -1;
  tree.iterate({
    enter(node) {
      if (count >= maxNodes) {
        isCut = true;
        return false;
      }
      const at = count;
      count += 1;
      if (count * COLUMNS > scratch.length) moreRoom();
      const row = at * COLUMNS;
      name.push(node.name);
      scratch[row + FROM] = node.from;
      scratch[row + TO] = node.to;
      scratch[row + PARENT] = open;
      scratch.fill(-1, row + FIRST, row + COLUMNS);
      if (node.type.isError) errors.push(at);
      if (open >= 0) {
        const above = open * COLUMNS;
        const before = scratch[above + LAST] ?? -1;
        scratch[before < 0 ? above + FIRST : before * COLUMNS + NEXT] = at;
        scratch[above + LAST] = at;
      }
      open = at;
      return true;
    },
    leave() {
      if (open < 0) return;
      scratch[open * COLUMNS + END] = count;
      open = scratch[open * COLUMNS + PARENT] ?? -1;
    },
  });
  return {
    code,
    count,
    name,
    from: columnOf(count, FROM),
    to: columnOf(count, TO),
    parent: columnOf(count, PARENT),
    first: columnOf(count, FIRST),
    next: columnOf(count, NEXT),
    end: columnOf(count, END),
    isCut,
    errors,
  };
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
