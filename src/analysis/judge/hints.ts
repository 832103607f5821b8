import { firstOf, nextOf, parentOf, fromOf, toOf } from '../tree/syntax-table.ts';
import { loopAt } from '../tree/tree-context.ts';
import type { OptimisationHint } from '../../contracts/analysis.ts';
import type { Survey } from '../survey/survey.ts';
import type { CallFact } from '../tree/facts.ts';
import { childNamed, childrenOf, nameOf, textOf, type TreeRead } from '../tree/read-tree.ts';

/** Hints told for one piece; more would not be read. */
const HINTS = 20;
/** Loops whose heads are looked at. */
const LOOPS = 200;

interface Hint {
  readonly kind: OptimisationHint['kind'];
  readonly title: string;
  readonly why: string;
  readonly from: number;
  readonly to: number;
  readonly replacement: string | null;
}

type Finder = (read: TreeRead) => Hint[];

const isInLoop = (read: TreeRead, node: number): boolean => loopAt(read.context, node) >= 0;

const hintAt = (place: { from: number; to: number }, hint: Omit<Hint, 'from' | 'to'>): Hint => ({
  ...hint,
  from: place.from,
  to: place.to,
});

/** Calls by name, each with one piece of advice. */
const CALL_HINTS: readonly {
  readonly matches: (call: CallFact, read: TreeRead) => boolean;
  readonly hint: Omit<Hint, 'from' | 'to'>;
}[] = [
  {
    matches: ({ name }) => name.endsWith('.iterrows') || name.endsWith('.itertuples'),
    hint: {
      kind: 'vectorise',
      title: 'Work on whole columns instead of rows',
      why: 'Going through a table row by row is 10 to 1,000 times slower than one operation on its columns.',
      replacement: null,
    },
  },
  {
    matches: ({ name, args }) =>
      name.endsWith('.apply') && args.some(({ keyword, source }) => keyword === 'axis' && source === '1'),
    hint: {
      kind: 'vectorise',
      title: 'Replace apply(axis=1) by column operations',
      why: 'apply along rows calls Python once for each row.',
      replacement: null,
    },
  },
  {
    matches: ({ name, node }, read) =>
      ['numpy.append', 'numpy.concatenate', 'numpy.vstack', 'numpy.hstack', 'pandas.concat'].includes(name) &&
      isInLoop(read, node),
    hint: {
      kind: 'algorithm',
      title: 'Collect in a list and join once after the loop',
      why: 'Each round copies all that was collected before: the work grows with the square.',
      replacement: null,
    },
  },
  {
    matches: ({ name, args }) =>
      name === 'pandas.read_csv' &&
      !args.some(({ keyword }) => ['chunksize', 'nrows', 'iterator'].includes(keyword ?? '')),
    hint: {
      kind: 'chunk',
      title: 'Read a large file in pieces with chunksize',
      why: 'The whole table is held in memory, several times the size of the file.',
      replacement: null,
    },
  },
  {
    matches: ({ name, args }) =>
      name === 'pandas.read_csv' && !args.some(({ keyword }) => ['dtype', 'usecols'].includes(keyword ?? '')),
    hint: {
      kind: 'dtype',
      title: 'Name the columns (usecols) and their types (dtype)',
      why: 'Numbers are read as 64 bits and texts as objects; smaller types and "category" take a fraction of it.',
      replacement: null,
    },
  },
  {
    matches: ({ name, args }) =>
      ['numpy.zeros', 'numpy.ones', 'numpy.empty'].includes(name) &&
      !args.some(({ keyword }) => keyword === 'dtype') &&
      args.length === 1,
    hint: {
      kind: 'dtype',
      title: 'Choose a smaller dtype where it is enough',
      why: 'Without dtype each number takes 8 bytes; float32 takes half.',
      replacement: null,
    },
  },
  {
    matches: ({ name, node }, read) =>
      (name.endsWith('.index') || name.endsWith('.count') || name.endsWith('.indexOf') || name.endsWith('.includes')) &&
      name.startsWith('list.') &&
      isInLoop(read, node),
    hint: {
      kind: 'algorithm',
      title: 'Look up in a set or dictionary instead of a list',
      why: 'Searching a list inside a loop makes the work grow with the square.',
      replacement: null,
    },
  },
  {
    matches: ({ name, args }) => name.endsWith('.readlines') && args.length === 0,
    hint: {
      kind: 'chunk',
      title: 'Go through the file line by line',
      why: 'readlines holds the whole file in memory.',
      replacement: null,
    },
  },
];

const fromCalls: Finder = (read) =>
  read.facts.calls.flatMap((call) =>
    call.isPassed ? [] : CALL_HINTS.filter(({ matches }) => matches(call, read)).map(({ hint }) => hintAt(call, hint)),
  );

const TAKES_ANY = new Set(['sum', 'min', 'max', 'any', 'all', 'set', 'sorted', 'tuple', 'list', 'dict', 'frozenset']);

/** `sum([x for …])` needs no list: sure, so with a replacement. */
const needlessLists: Finder = ({ context, facts }) =>
  facts.calls.flatMap((call) => {
    const [only] = call.args;
    if (!TAKES_ANY.has(call.name) || !only || call.args.length !== 1 || only.keyword !== null) return [];
    if (nameOf(context.table, only.node) !== 'ArrayComprehensionExpression') return [];
    const [from, to] = [fromOf(context.table, only.node), toOf(context.table, only.node)];
    return [
      {
        kind: 'chunk',
        title: `Give ${call.name} the values one by one`,
        why: 'The list in between is held in memory and then thrown away.',
        from,
        to,
        replacement: context.table.code.slice(from + 1, to - 1),
      } satisfies Hint,
    ];
  });

/** `sorted(x)[0]` is `min(x)`. */
const smallest: Finder = ({ context, facts }) =>
  facts.calls.flatMap((call) => {
    const { table } = context;
    const above = parentOf(table, call.node);
    if (call.name !== 'sorted' || call.args.length !== 1 || above < 0) return [];
    if (nameOf(table, above) !== 'MemberExpression' || table.first[above] !== call.node) return [];
    const index = textOf(table, above).slice(call.to - fromOf(table, above));
    const better = index === '[0]' ? 'min' : index === '[-1]' ? 'max' : null;
    if (better === null) return [];
    return [
      {
        kind: 'algorithm',
        title: `Use ${better} instead of sorting`,
        why: 'Sorting all to take one is more work than looking once.',
        from: fromOf(table, above),
        to: toOf(table, above),
        replacement: `${better}(${call.args[0]?.source ?? ''})`,
      } satisfies Hint,
    ];
  });

/** `s += "…"` in a loop, `s = s .. x` in Lua: text that is copied each round. */
const growingText: Finder = ({ context }) => {
  const { table, language } = context;
  const found: Hint[] = [];
  for (let at = 0; at < table.count; at++) {
    const name = nameOf(table, at);
    if (!['UpdateStatement', 'AssignStatement'].includes(name) || loopAt(context, at) < 0) continue;
    const isLua = language === 'lua' && name === 'AssignStatement' && growsByItself(table, at);
    const value = [...childrenOf(table, at)].at(-1) ?? -1;
    const isText = ['String', 'FormatString', 'ContinuedString'].includes(nameOf(table, value));
    if (!isLua && !(language === 'python' && name === 'UpdateStatement' && isText)) continue;
    found.push({
      kind: 'algorithm',
      title: isLua ? 'Collect in a table and use table.concat' : 'Collect in a list and use "".join',
      why: 'Each round copies the whole text so far.',
      from: fromOf(table, at),
      to: toOf(table, at),
      replacement: null,
    });
  }
  return found;
};

function growsByItself(table: TreeRead['context']['table'], node: number): boolean {
  const target = firstOf(table, node);
  const value = childNamed(table, node, 'BinaryExpression');
  if (target < 0 || value < 0) return false;
  const left = firstOf(table, value);
  return left >= 0 && textOf(table, left) === textOf(table, target) && textOf(table, nextOf(table, left)) === '..';
}

/** `for i in range(len(x))` over arrays: one operation on the whole. */
const overIndexes: Finder = ({ context, facts }) => {
  const usesArrays = facts.imports.some(({ module }) => module === 'numpy' || module === 'pandas');
  return facts.loops.slice(0, LOOPS).flatMap((loop) => {
    const header = context.table.code.slice(loop.from, loop.from + 200).split('\n')[0] ?? '';
    const source = facts.calls.find(
      ({ name, from, to }) => name === 'range' && from >= loop.from && to <= loop.from + header.length,
    );
    if (source?.args.length !== 1 || source.args[0]?.name !== 'len()') return [];
    return [
      hintAt(
        { from: loop.from, to: loop.from + header.length },
        usesArrays
          ? {
              kind: 'vectorise',
              title: 'Compute with whole arrays instead of one index at a time',
              why: 'numpy does the whole loop in compiled code, 10 to 100 times faster.',
              replacement: null,
            }
          : {
              kind: 'algorithm',
              title: 'Go over the values with enumerate or zip',
              why: 'Looking up by index costs more and hides what is meant.',
              replacement: null,
            },
      ),
    ];
  });
};

/** Functions that call themselves twice and keep nothing. */
const branching: Finder = ({ context, facts }) =>
  facts.recursive
    .filter(({ selfCalls, isCached }) => selfCalls > 1 && !isCached)
    .map(({ name }) => {
      const from = Math.max(0, context.table.code.indexOf(name));
      return {
        kind: 'algorithm',
        title: 'Keep results that were computed (functools.lru_cache, a Map)',
        why: `${name} calls itself more than once: without keeping results the work doubles with each step.`,
        from,
        to: from + name.length,
        replacement: null,
      };
    });

/** `x in [..]` inside a loop, where the list is written out or made as one. */
const listLookups: Finder = ({ context, dotted }) => {
  const { table, language } = context;
  const found: Hint[] = [];
  if (language !== 'python') return found;
  for (let at = 0; at < table.count; at++) {
    if (nameOf(table, at) !== 'BinaryExpression' || loopAt(context, at) < 0) continue;
    const [, operator, right] = [...childrenOf(table, at)];
    if (operator === undefined || right === undefined || textOf(table, operator) !== 'in') continue;
    if (dotted.of(right) !== 'list' && nameOf(table, right) !== 'ArrayExpression') continue;
    found.push({
      kind: 'algorithm',
      title: 'Look up in a set instead of a list',
      why: 'A list is searched from its start each time; a set finds it at once.',
      from: fromOf(table, right),
      to: toOf(table, right),
      replacement: null,
    });
  }
  return found;
};

const FINDERS: readonly Finder[] = [
  fromCalls,
  needlessLists,
  smallest,
  growingText,
  overIndexes,
  branching,
  listLookups,
];

/** Ways to make it faster or smaller. Nothing parallel: there are no threads here. */
export function judgeHints(survey: Survey): OptimisationHint[] {
  const { tree, positions } = survey;
  if (!tree || survey.syntaxErrors.length > 0) return [];
  return FINDERS.flatMap((find) => find(tree))
    .sort((a, b) => a.from - b.from)
    .slice(0, HINTS)
    .map(({ from, to, ...hint }) => ({ ...hint, at: positions.range(from, to) }));
}
