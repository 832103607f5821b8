import {
  childrenOf,
  endOf,
  fromOf,
  nameOf,
  nextOf,
  nodesNamed,
  parentOf,
  textOf,
  toOf,
} from '../../tree/syntax-table.ts';
import { withNames } from '../../tree/said-names.ts';
import { loopAt, type TreeContext } from '../../tree/tree-context.ts';
import { adviceAt, type Finder, mayLookThrough } from './hint.ts';

/** A list that is written out with fewer items is found through as fast as a set. */
const SHORT_LIST = 20;

const TAKES_ALL = new Set(['sum', 'min', 'max', 'set', 'sorted', 'tuple', 'list', 'dict', 'frozenset']);
/** These stop early: with a list every item is computed all the same, and what that does besides is done. */
const STOPS_EARLY = new Set(['any', 'all']);
const NOT_IN_GENERATORS = new Set(['await', 'AwaitExpression', 'yield', 'YieldExpression', 'YieldStatement']);

/**
 * Whether a generator in the list's place does the same: not where it waits, where the end of an iterator that it reads would
 * become a RuntimeError (PEP 479), or where a comma after it makes it a syntax error.
 */
function isSameAsGenerator(context: TreeContext, list: number): boolean {
  const { table } = context;
  if (nameOf(table, nextOf(table, list)) !== ')' || !mayLookThrough(context, list)) return false;
  for (let at = list; at < endOf(table, list); at += 1)
    if (NOT_IN_GENERATORS.has(nameOf(table, at)) || textOf(table, at) === 'next') return false;
  return true;
}

/** `sum([x for …])` needs no list. */
export const needlessLists: Finder = ({ context, facts }) =>
  withNames(facts.calls, (name) => TAKES_ALL.has(name) || STOPS_EARLY.has(name)).flatMap((call) => {
    const { table } = context;
    const [only] = call.args;
    const takesAll = TAKES_ALL.has(call.name);
    if (!only || call.args.length !== 1 || only.keyword !== null) return [];
    if (nameOf(table, only.node) !== 'ArrayComprehensionExpression') return [];
    const inside = table.code.slice(fromOf(table, only.node) + 1, toOf(table, only.node) - 1);
    return [
      adviceAt(table, only.node, {
        kind: 'chunk',
        title: `Give ${call.name} the values one by one`,
        why: 'The list in between is held in memory and then thrown away.',
        replacement: takesAll && isSameAsGenerator(context, only.node) ? inside : null,
      }),
    ];
  });

/**
 * `sorted(x)[0]` is `min(x)`. No text to put there: of equal values `max` takes another one, both fail otherwise where there is
 * nothing, and with NaN among the values neither says the same.
 */
export const smallest: Finder = ({ context: { table }, facts }) =>
  withNames(facts.calls, (name) => name === 'sorted').flatMap((call) => {
    const above = parentOf(table, call.node);
    if (call.args.length !== 1 || above < 0) return [];
    if (nameOf(table, above) !== 'MemberExpression' || table.first[above] !== call.node) return [];
    const index = textOf(table, above).slice(call.to - fromOf(table, above));
    const better = index === '[0]' ? 'min' : index === '[-1]' ? 'max' : null;
    if (better === null) return [];
    return [
      adviceAt(table, above, {
        kind: 'algorithm',
        title: `Use ${better} instead of sorting`,
        why: 'Sorting all to take one is more work than looking once.',
        replacement: null,
      }),
    ];
  });

const BINARY = new Set(['BinaryExpression']);
const LISTS = new Set(['list', 'list()', 'sorted()']);

/** `x in xs` and `x not in xs` inside a loop, where it is a list, and no short one. */
export const listLookups: Finder = ({ context, dotted }) => {
  const { table, language } = context;
  if (language !== 'python') return [];
  return nodesNamed(table, BINARY).flatMap((at) => {
    if (loopAt(context, at) < 0) return [];
    const parts = childrenOf(table, at);
    const right = parts.at(-1) ?? -1;
    if (nameOf(table, parts.at(-2) ?? -1) !== 'in') return [];
    const isWrittenOut = nameOf(table, right) === 'ArrayExpression';
    const items = isWrittenOut ? childrenOf(table, right).filter((each) => nameOf(table, each).length > 1).length : 0;
    if (isWrittenOut ? items < SHORT_LIST : !LISTS.has(dotted.of(right) ?? '')) return [];
    return [
      adviceAt(table, right, {
        kind: 'algorithm',
        title: 'Look up in a set instead of a list',
        why: 'A list is searched from its start each time; a set finds it at once.',
        replacement: null,
      }),
    ];
  });
};
