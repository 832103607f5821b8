import type { CallFact } from '../../tree/facts.ts';
import { numberOf } from '../../tree/literals.ts';
import type { TreeRead } from '../../tree/read-tree.ts';
import { saidNames, withNames } from '../../tree/said-names.ts';
import { childNamed, childrenOf, endOf, firstOf, nameOf, parentOf, textOf } from '../../tree/syntax-table.ts';
import { loopAt } from '../../tree/tree-context.ts';
import { type Advice, callAt, type Finder, mayLookThrough } from './hint.ts';

/** An array with fewer items takes less than a megabyte, whatever its type. */
const SMALL_ITEMS = 100_000;
/** Nodes between a call and the statement that keeps its value. */
const CLIMB = 6;

const isInLoop = (read: TreeRead, node: number): boolean => loopAt(read.context, node) >= 0;
const has = (call: CallFact, ...keywords: readonly string[]): boolean =>
  call.args.some(({ keyword }) => keyword !== null && keywords.includes(keyword));

/** Whether somebody goes through what a call gives; `next(…)` and `iter(…)` take one thing of it. */
function isWalked({ context, facts }: TreeRead, node: number): boolean {
  const { table, grammar } = context;
  const above = parentOf(table, node);
  if (grammar.loops.has(nameOf(table, above))) return true;
  if (nameOf(table, above) !== 'ArgList') return false;
  if (childNamed(table, above, 'for') >= 0) return true;
  const taker = callAt(facts, parentOf(table, above));
  return taker !== undefined && taker.name !== 'next' && taker.name !== 'iter';
}

/** `a = np.append(a, …)`: what is made holds what was there. */
function growsItself({ context }: TreeRead, node: number): boolean {
  const { table } = context;
  let at = parentOf(table, node);
  for (let steps = 0; at >= 0 && nameOf(table, at) !== 'AssignStatement'; steps += 1) {
    if (steps === CLIMB) return false;
    at = parentOf(table, at);
  }
  if (at < 0) return false;
  const target = textOf(table, firstOf(table, at));
  if (!mayLookThrough(context, node)) return false;
  for (let below = node; below < endOf(table, node); below += 1)
    if (textOf(table, below) === target && nameOf(table, below) !== 'String') return true;
  return false;
}

/** Items of a shape that is written out to the last number; null for others. */
function itemsWrittenOut(read: TreeRead, shape: number): number | null {
  const { table } = read.context;
  const isTuple = nameOf(table, shape) === 'TupleExpression';
  const parts = isTuple ? childrenOf(table, shape).filter((at) => nameOf(table, at).length > 1) : [shape];
  return parts.reduce<number | null>((product, part) => {
    const number = numberOf(read.context, part);
    return product === null || number === null ? null : product * number;
  }, 1);
}

/** A table that is in memory already needs no pieces. */
const isReadFromText = ({ args }: CallFact): boolean => /(^|\.)(String|Bytes)IO\(\)$/.test(args[0]?.name ?? '');

const isReadWhole = (call: CallFact): boolean => !has(call, 'nrows') && !isReadFromText(call);

const SEARCHES = new Set(['index', 'count', 'indexOf', 'includes']);
const isListSearch = (name: string): boolean =>
  /^(list|list\(\)|sorted\(\))\./.test(name) && SEARCHES.has(name.slice(name.lastIndexOf('.') + 1));

const JOINING = new Set(['numpy.append', 'numpy.concatenate', 'numpy.vstack', 'numpy.hstack', 'pandas.concat']);
const ALLOCATING = new Set(['numpy.zeros', 'numpy.ones', 'numpy.empty']);

/** Calls by name, each with one piece of advice. */
interface CallHint {
  /** Asked once for each name that the code calls. */
  readonly isOf: (name: string) => boolean;
  readonly matches: (call: CallFact, read: TreeRead) => boolean;
  readonly advice: Advice;
}

const CALL_HINTS: readonly CallHint[] = [
  {
    isOf: (name) => /\.iter(rows|tuples)$/.test(name),
    matches: ({ node }, read) => isWalked(read, node),
    advice: {
      kind: 'vectorise',
      title: 'Work on whole columns instead of rows',
      why: 'Going through a table row by row is 10 to 1,000 times slower than one operation on its columns.',
      replacement: null,
    },
  },
  {
    isOf: (name) => name.endsWith('.apply'),
    matches: ({ args }) =>
      args.some(
        ({ keyword, source, literal }) => keyword === 'axis' && (source === '1' || literal?.text === 'columns'),
      ),
    advice: {
      kind: 'vectorise',
      title: 'Replace apply(axis=1) by column operations',
      why: 'apply along rows calls Python once for each row.',
      replacement: null,
    },
  },
  {
    isOf: (name) => JOINING.has(name),
    matches: ({ node }, read) => isInLoop(read, node) && growsItself(read, node),
    advice: {
      kind: 'algorithm',
      title: 'Collect in a list and join once after the loop',
      why: 'Each round copies all that was collected before: the work grows with the square.',
      replacement: null,
    },
  },
  {
    isOf: (name) => name === 'pandas.read_csv',
    matches: (call) => isReadWhole(call) && !has(call, 'chunksize', 'iterator'),
    advice: {
      kind: 'chunk',
      title: 'Read a large file in pieces with chunksize',
      why: 'The whole table is held in memory, several times the size of the file.',
      replacement: null,
    },
  },
  {
    isOf: (name) => name === 'pandas.read_csv',
    matches: (call) => isReadWhole(call) && !has(call, 'dtype', 'usecols'),
    advice: {
      kind: 'dtype',
      title: 'Name the columns (usecols) and their types (dtype)',
      why: 'Numbers are read as 64 bits and texts as objects; smaller types and "category" take a fraction of it.',
      replacement: null,
    },
  },
  {
    isOf: (name) => ALLOCATING.has(name),
    matches: ({ args: [shape, ...others] }, read) =>
      shape !== undefined && others.length === 0 && (itemsWrittenOut(read, shape.node) ?? SMALL_ITEMS) >= SMALL_ITEMS,
    advice: {
      kind: 'dtype',
      title: 'Choose a smaller dtype where it is enough',
      why: 'Without dtype each number takes 8 bytes; float32 takes half.',
      replacement: null,
    },
  },
  {
    isOf: isListSearch,
    matches: ({ node }, read) => isInLoop(read, node),
    advice: {
      kind: 'algorithm',
      title: 'Look up in a set or dictionary instead of a list',
      why: 'Searching a list inside a loop makes the work grow with the square.',
      replacement: null,
    },
  },
  {
    isOf: (name) => name.endsWith('.readlines'),
    matches: ({ args }) => args.length === 0,
    advice: {
      kind: 'chunk',
      title: 'Go through the file line by line',
      why: 'readlines holds the whole file in memory.',
      replacement: null,
    },
  },
];

/** The hints that calls of these names may get; most names get none. */
function hintsByName(names: ReadonlySet<string>): ReadonlyMap<string, readonly CallHint[]> {
  const byName = new Map<string, readonly CallHint[]>();
  for (const name of names) {
    const hints = CALL_HINTS.filter(({ isOf }) => isOf(name));
    if (hints.length > 0) byName.set(name, hints);
  }
  return byName;
}

export const fromCalls: Finder = (read) => {
  const { calls } = read.facts;
  const byName = hintsByName(saidNames(calls));
  return withNames(calls, (name) => byName.has(name)).flatMap((call) =>
    call.isPassed
      ? []
      : (byName.get(call.name) ?? [])
          .filter(({ matches }) => matches(call, read))
          .map(({ advice }) => ({ ...advice, from: call.from, to: call.to })),
  );
};
