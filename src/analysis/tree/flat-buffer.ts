import { Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';
import { isKnownParse, isKnownParser, type Stack } from './lezer-inside.ts';

/** What a parse left: four numbers a node (kind, start, end, numbers of it and all below it), children before their parent. */
export interface FlatBuffer {
  readonly topKind: number;
  readonly length: number;
  /** Kinds from here on have no name: they only hold repeated parts together. */
  readonly minRepeatTerm: number;
  readonly numbers: Int32Array;
  /** How many of the numbers count; the list is kept for the next parse. */
  readonly size: number;
  /** The tree that the parser makes of them. */
  readonly tree: () => Tree;
}

const ENTRY = 4;
let kept = new Int32Array(65_536);

/** The parser's numbers in one list: a stack that was split off another one goes on where that one was. */
function joinParts(stack: Stack): number {
  const size = stack.bufferBase + stack.buffer.length;
  if (kept.length < size) kept = new Int32Array(size * 2);
  let end = size;
  for (let part: Stack | null = stack; part !== null; part = part.parent) {
    const { buffer, bufferBase } = part;
    for (let at = bufferBase; at < end; at++) kept[at] = buffer[at - bufferBase] ?? 0;
    end = Math.min(end, bufferBase);
  }
  return size;
}

/**
 * Parses without the tree that the parser makes at the end, as rows are all that is wanted. A parser that is another inside
 * gives its tree.
 */
export function parseFlat(parser: LRParser, code: string): FlatBuffer | Tree {
  const parse = parser.startParse(code);
  let flat: FlatBuffer | null = null;
  if (isKnownParse(parse) && isKnownParser(parser)) {
    const plain = parse.stackToTree;
    parse.stackToTree = (stack) => {
      stack.close();
      const size = joinParts(stack);
      const tree = () => plain.call(parse, stack);
      const { topTerm: topKind } = parse;
      flat = { topKind, length: stack.pos, minRepeatTerm: parser.minRepeatTerm, numbers: kept, size, tree };
      return Tree.empty;
    };
  }
  let done: Tree | null = null;
  while (done === null) done = parse.advance();
  return flat ?? done;
}

/** Where the rows of a tree go, in the order of the text. */
export interface FlatRows {
  readonly kind: Uint16Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly parent: Int32Array;
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly end: Int32Array;
}

/** The parser cuts trees that are deeper than 2,500 levels as it builds them, those without a name among them. */
const DEPTH = 800;

/** By entry how many nodes with a name come before it, kept from one tree to the next. */
let before = new Int32Array(16_384);
/** Of what is open: its first entry, its row, and the row of the child that was met last. */
const openStart = new Int32Array(DEPTH + 2);
const openRow = new Int32Array(DEPTH + 2);
const openLast = new Int32Array(DEPTH + 2);

/** How many rows the tree has, the top one included. Counts nodes with a name before each entry; notes are no nodes. */
export function countRows({ numbers, size, minRepeatTerm }: FlatBuffer): number {
  const entries = size / ENTRY;
  if (before.length <= entries) before = new Int32Array(entries * 2);
  let named = 0;
  for (let entry = 0; entry < entries; entry++) {
    before[entry] = named;
    const at = entry * ENTRY;
    if ((numbers[at + 3] ?? 0) >= 0 && (numbers[at] ?? 0) < minRepeatTerm) named += 1;
  }
  before[entries] = named;
  return named + 1;
}

/**
 * Writes the rows of a parse that were counted just before. Read backwards, a parent comes before its children and the last of
 * them first, so a row's number is that of the nodes before it and around it. False where the tree is deeper than rows can be
 * written for.
 */
export function writeRows(buffer: FlatBuffer, rows: FlatRows): boolean {
  const { numbers, size, minRepeatTerm } = buffer;
  const { kind, from, to, parent, first, next, end } = rows;
  const count = kind.length;
  kind[0] = buffer.topKind;
  from[0] = 0;
  to[0] = buffer.length;
  parent[0] = next[0] = -1;
  first[0] = count > 1 ? 1 : -1;
  end[0] = count;
  let open = 0;
  openStart[0] = openRow[0] = 0;
  openLast[0] = -1;
  for (let entry = size / ENTRY - 1; entry >= 0; entry--) {
    const at = entry * ENTRY;
    const covered = numbers[at + 3]!;
    const id = numbers[at]!;
    if (covered < 0 || id >= minRepeatTerm) continue;
    while (openStart[open]! > entry) open -= 1;
    const start = entry + 1 - covered / ENTRY;
    if (open >= DEPTH || start < openStart[open]!) return false;
    const earlier = before[start]!;
    const inside = before[entry]! - earlier;
    const row = earlier + open + 1;
    kind[row] = id;
    from[row] = numbers[at + 1]!;
    to[row] = numbers[at + 2]!;
    parent[row] = openRow[open]!;
    next[row] = openLast[open]!;
    first[row] = inside > 0 ? row + 1 : -1;
    end[row] = row + 1 + inside;
    openLast[open] = row;
    open += 1;
    openStart[open] = start;
    openRow[open] = row;
    openLast[open] = -1;
  }
  return true;
}
