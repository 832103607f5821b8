import type { NodeSet, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

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
  return flatten(parser.parse(code), namesIn(parser.nodeSet), code, maxNodes);
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

/** Where a tree is written before its size is known. */
interface Columns {
  readonly room: number;
  readonly kind: Uint16Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly parent: Int32Array;
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly end: Int32Array;
  readonly last: Int32Array;
}

function columnsFor(room: number): Columns {
  const column = (): Int32Array => new Int32Array(room);
  return {
    room,
    kind: new Uint16Array(room),
    from: column(),
    to: column(),
    parent: column(),
    first: column(),
    next: column(),
    end: column(),
    last: column(),
  };
}

/** The same columns with twice the room. */
function widened(columns: Columns): Columns {
  const wider = columnsFor(columns.room * 2);
  for (const name of ['kind', 'from', 'to', 'parent', 'first', 'next', 'end', 'last'] as const)
    wider[name].set(columns[name]);
  return wider;
}

/** Room for small pieces of code; large ones make it larger, to `NODES` at most. */
const ROOM = 4_096;

/**
 * Kept from one tree to the next: lists that grow by themselves are most of what reading code leaves to the collector.
 * Nobody sees it: tables get copies.
 */
let scratch = columnsFor(ROOM);

function flatten(tree: Tree, names: readonly string[], code: string, maxNodes: number): SyntaxTable {
  const errors: number[] = [];
  let columns = scratch;
  let isCut = false;
  let count = 0;
  let open = -1;
  tree.iterate({
    enter({ type, from, to }) {
      if (count >= maxNodes) {
        isCut = true;
        return false;
      }
      if (count === columns.room) columns = scratch = widened(columns);
      const at = count;
      count += 1;
      columns.kind[at] = type.id;
      columns.from[at] = from;
      columns.to[at] = to;
      columns.parent[at] = open;
      columns.first[at] = columns.next[at] = columns.end[at] = columns.last[at] = -1;
      if (type.isError) errors.push(at);
      if (open >= 0) {
        const before = columns.last[open] ?? -1;
        if (before < 0) columns.first[open] = at;
        else columns.next[before] = at;
        columns.last[open] = at;
      }
      open = at;
      return true;
    },
    leave() {
      if (open < 0) return;
      columns.end[open] = count;
      open = columns.parent[open] ?? -1;
    },
  });
  return {
    code,
    count,
    names,
    kind: columns.kind.slice(0, count),
    from: columns.from.slice(0, count),
    to: columns.to.slice(0, count),
    parent: columns.parent.slice(0, count),
    first: columns.first.slice(0, count),
    next: columns.next.slice(0, count),
    end: columns.end.slice(0, count),
    isCut,
    errors,
  };
}

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
export function nodesNamed(table: SyntaxTable, wanted: ReadonlySet<string>): number[] {
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
