import { childNamed, firstOf, fromOf, nameOf, nextOf, nodesNamed, textOf, toOf } from '../tree/syntax-table.ts';
import { numberOf } from '../tree/literals.ts';
import type { TreeRead } from '../tree/read-tree.ts';
import { withNames } from '../tree/said-names.ts';

/** Memory that one expression asks for, where its size is written out. */
export interface Allocation {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** Bytes an item, by the call that makes them. */
const ITEM_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'numpy.zeros': 8,
    'numpy.ones': 8,
    'numpy.empty': 8,
    'numpy.full': 8,
    'numpy.arange': 8,
    'numpy.linspace': 8,
    'numpy.random.rand': 8,
    'numpy.random.randn': 8,
    Array: 8,
    Float64Array: 8,
    Float32Array: 4,
    Int32Array: 4,
    Uint8Array: 1,
    ArrayBuffer: 1,
    bytearray: 1,
    bytes: 1,
    'Buffer.alloc': 1,
    'string.rep': 1,
    'str.rep': 1,
    'str.repeat': 1,
    '.repeat': 1,
  }),
);

/** The product of the numbers of a shape such as `(1000, 1000)`; of several numbers, as `rand(10, 10)` has them. */
function itemsOf({ context }: TreeRead, nodes: readonly number[]): number {
  let items = 1;
  let isKnown = false;
  for (const node of nodes) {
    const parts = nameOf(context.table, node) === 'TupleExpression' ? shapeParts(context.table, node) : [node];
    for (const part of parts) {
      const number = numberOf(context, part);
      if (number === null || number <= 0) continue;
      items *= number;
      isKnown = true;
    }
  }
  return isKnown ? items : 0;
}

function shapeParts(table: TreeRead['context']['table'], node: number): number[] {
  const parts: number[] = [];
  for (let at = firstOf(table, node); at >= 0; at = nextOf(table, at)) if (nameOf(table, at).length > 1) parts.push(at);
  return parts;
}

/** Calls whose arguments all count; of the others the first that is a number does. */
const ALL_ARGUMENTS = new Set(['numpy.random.rand', 'numpy.random.randn']);

const itemBytes = (name: string): number | undefined =>
  ITEM_BYTES.get(name) ?? ITEM_BYTES.get(name.slice(name.lastIndexOf('.')));

function ofCalls(read: TreeRead): Allocation[] {
  const making = withNames(read.facts.calls, (name) => itemBytes(name) !== undefined);
  return making.flatMap(({ name, args, from, to }) => {
    const size = itemBytes(name) ?? 0;
    const nodes = args.filter(({ keyword }) => keyword === null).map(({ node }) => node);
    const sized = nodes.filter((node) => itemsOf(read, [node]) > 0);
    const items = itemsOf(read, ALL_ARGUMENTS.has(name) ? nodes : sized.slice(-1));
    return items > 0 ? [{ bytes: items * size, from, to }] : [];
  });
}

const BINARY = new Set(['BinaryExpression']);

/** `[0] * n`, `"x" * n`, `b"\0" * n`, either way round. */
function ofProducts({ context }: TreeRead): Allocation[] {
  const { table } = context;
  const found: Allocation[] = [];
  if (context.language !== 'python') return found;
  for (const at of nodesNamed(table, BINARY)) {
    const list = childNamed(table, at, 'ArrayExpression', 'String');
    const left = firstOf(table, at);
    const operator = nextOf(table, left);
    if (list < 0 || textOf(table, operator) !== '*') continue;
    const right = nextOf(table, operator);
    const times = numberOf(context, list === right ? left : right) ?? 0;
    const size = nameOf(table, list) === 'String' ? 1 : 8;
    if (times > 0) found.push({ bytes: times * size, from: fromOf(table, at), to: toOf(table, at) });
  }
  return found;
}

/** All expressions of a tree that ask for memory of a size that is written out. */
export function allocationsIn(read: TreeRead): Allocation[] {
  return [...ofCalls(read), ...ofProducts(read)];
}
