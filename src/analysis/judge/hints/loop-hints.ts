import type { TreeRead } from '../../tree/read-tree.ts';
import {
  childNamed,
  childrenOf,
  endOf,
  firstOf,
  fromOf,
  nameOf,
  nextOf,
  nodesNamed,
  parentOf,
  type SyntaxTable,
  textOf,
  toOf,
} from '../../tree/syntax-table.ts';
import { loopAt } from '../../tree/tree-context.ts';
import { type Advice, adviceAt, callAt, type Finder, mayLookThrough } from './hint.ts';

/** Loops whose heads are looked at, and parts of one sum. */
const LOOPS = 200;
const PARTS = 100;

const TEXTS = new Set(['String', 'FormatString', 'ContinuedString']);
const TEXT_CALLS = new Set(['str()', 'repr()', 'chr()', 'str']);

const isText = ({ context, dotted }: TreeRead, node: number): boolean =>
  TEXTS.has(nameOf(context.table, node)) || TEXT_CALLS.has(dotted.of(node) ?? '');

/** The parts of `a + b + c`, from the right. */
function partsOfSum(table: SyntaxTable, sum: number): number[] {
  const parts: number[] = [];
  let at = sum;
  while (nameOf(table, at) === 'BinaryExpression' && parts.length < PARTS) {
    const [left = -1, operator = -1, right = -1] = childrenOf(table, at);
    if (textOf(table, operator) !== '+') break;
    parts.push(right);
    at = left;
  }
  return [...parts, at];
}

/** `s += "…"`, `s = s + "…"` and `s = "…" + s`. */
function growsInPython(read: TreeRead, node: number): boolean {
  const { table } = read.context;
  const [target = -1, operator = -1, value = -1] = childrenOf(table, node);
  if (read.dotted.of(target) === 'list') return false;
  const parts = partsOfSum(table, value);
  if (nameOf(table, node) === 'UpdateStatement')
    return textOf(table, operator) === '+=' && parts.some((part) => isText(read, part));
  const isItself = (part: number): boolean => textOf(table, part) === textOf(table, target);
  return parts.length > 1 && parts.some(isItself) && parts.some((part) => !isItself(part) && isText(read, part));
}

/** `s = s .. x` of Lua. */
function growsInLua({ context: { table } }: TreeRead, node: number): boolean {
  const target = firstOf(table, node);
  const value = childNamed(table, node, 'BinaryExpression');
  if (target < 0 || value < 0 || nameOf(table, node) !== 'AssignStatement') return false;
  const left = firstOf(table, value);
  return left >= 0 && textOf(table, left) === textOf(table, target) && textOf(table, nextOf(table, left)) === '..';
}

const ASSIGNING = new Set(['UpdateStatement', 'AssignStatement']);

/** Text in a loop that is copied each round. JavaScript's engines join texts only when they are read. */
export const growingText: Finder = (read) => {
  const { table, language } = read.context;
  const grows = { python: growsInPython, lua: growsInLua, javascript: null, typescript: null }[language];
  if (grows === null) return [];
  return nodesNamed(table, ASSIGNING).flatMap((at) => {
    if (loopAt(read.context, at) < 0 || !grows(read, at)) return [];
    return [
      adviceAt(table, at, {
        kind: 'algorithm',
        title: language === 'lua' ? 'Collect in a table and use table.concat' : 'Collect in a list and use "".join',
        why: 'Each round copies the whole text so far.',
        replacement: null,
      }),
    ];
  });
};

/** How the index of a loop is used in it: `xs[i]`, or inside of another index, as `xs[i + 1]` has it. */
function usesOfIndex(table: SyntaxTable, loop: number, index: string): { bases: string[]; isMoved: boolean } {
  const bases: string[] = [];
  let isMoved = false;
  for (let at = childNamed(table, loop, 'Body'); at >= 0 && at < endOf(table, loop); at += 1) {
    if (nameOf(table, at) !== 'VariableName' || textOf(table, at) !== index) continue;
    const above = parentOf(table, at);
    const base = firstOf(table, above);
    if (nameOf(table, above) === 'MemberExpression' && base !== at) bases.push(textOf(table, base));
    else if (nameOf(table, above) === 'BinaryExpression') {
      const further = parentOf(table, above);
      isMoved ||= nameOf(table, further) === 'MemberExpression' && firstOf(table, further) !== above;
    }
  }
  return { bases, isMoved };
}

const isArray = (name: string | null): boolean => name !== null && /^(numpy|pandas)\./.test(name);

/** `for i in range(len(xs))`: its index, what it goes over, and where its head ends; null for other loops. */
function readLengthLoop({ context: { table }, facts }: TreeRead, loop: number) {
  if (nameOf(table, loop) !== 'ForStatement') return null;
  const [, index = -1, , source = -1] = childrenOf(table, loop);
  const range = callAt(facts, source);
  const length = range?.name === 'range' && range.args.length === 1 ? range.args[0] : undefined;
  if (nameOf(table, index) !== 'VariableName' || length?.name !== 'len()') return null;
  const over = nextOf(table, firstOf(table, childNamed(table, length.node, 'ArgList')));
  return { index: textOf(table, index), over, to: toOf(table, source) };
}

const WHOLE_ARRAYS: Advice = {
  kind: 'vectorise',
  title: 'Compute with whole arrays instead of one index at a time',
  why: 'numpy does the whole loop in compiled code, 10 to 100 times faster.',
  replacement: null,
};
const VALUES: Advice = {
  kind: 'algorithm',
  title: 'Go over the values with enumerate or zip',
  why: 'Looking up by index costs more and hides what is meant.',
  replacement: null,
};

/** One operation on a whole array; `enumerate` or `zip` over a list that is only looked up. */
export const overIndexes: Finder = (read) => {
  const { context, dotted, facts } = read;
  const { table } = context;
  return facts.loops.slice(0, LOOPS).flatMap((loop) => {
    const head = readLengthLoop(read, loop.node);
    if (head === null || !mayLookThrough(context, loop.node)) return [];
    const { bases, isMoved } = usesOfIndex(table, loop.node, head.index);
    const isOverArray = isArray(dotted.of(head.over));
    if (!bases.includes(textOf(table, head.over)) || (isMoved && !isOverArray)) return [];
    return [{ ...(isOverArray ? WHOLE_ARRAYS : VALUES), from: fromOf(table, loop.node), to: head.to }];
  });
};
