import type { CallFact } from '../../tree/facts.ts';
import {
  childNamed,
  childrenOf,
  endOf,
  firstOf,
  nameOf,
  nextOf,
  parentOf,
  type SyntaxTable,
  textOf,
} from '../../tree/syntax-table.ts';
import type { TreeContext } from '../../tree/tree-context.ts';
import { adviceAt, type Finder, mayLookThrough } from './hint.ts';

/** Names of the parameters by position, up to the first that has another form. */
function parametersOf(table: SyntaxTable, definition: number): string[] {
  const names: string[] = [];
  for (const at of childrenOf(table, childNamed(table, definition, 'ParamList'))) {
    const name = nameOf(table, at);
    if (name === 'VariableName' || name === 'VariableDefinition') names.push(textOf(table, at));
    else if (name.length > 1) break;
  }
  return names;
}

/** How far an argument is from its parameter: not at all, by a step (`n - 1`), or it is something else. */
function stepOf(table: SyntaxTable, argument: number, parameter: string | undefined): 'same' | 'step' | 'other' {
  if (parameter === undefined) return 'other';
  if (textOf(table, argument) === parameter) return 'same';
  const isSum = nameOf(table, argument) === 'BinaryExpression' && textOf(table, firstOf(table, argument)) === parameter;
  return isSum ? 'step' : 'other';
}

/** Whether a call asks for the answer of a neighbour, which another way leads to as well: `f(n - 1)` beside `f(n - 2)`. */
function asksNeighbour(table: SyntaxTable, parameters: readonly string[], { args }: CallFact): boolean {
  const steps = args.map(({ node, keyword }, at) => (keyword === null ? stepOf(table, node, parameters[at]) : 'other'));
  return steps.includes('step') && !steps.includes('other');
}

const WRITES = new Set(['AssignStatement', 'AssignmentExpression']);

/** Whether answers are kept by hand: `kept[n] = …` or `kept.set(n, …)`, by one of its parameters. */
function keepsByHand(context: TreeContext, definition: number, parameters: readonly string[]): boolean {
  const { table } = context;
  if (!mayLookThrough(context, definition)) return true;
  for (let at = definition; at < endOf(table, definition); at += 1) {
    const name = nameOf(table, at);
    if (name === 'MemberExpression' && WRITES.has(nameOf(table, parentOf(table, at)))) {
      const open = childNamed(table, at, '[');
      const isTarget = firstOf(table, parentOf(table, at)) === at;
      if (isTarget && open >= 0 && parameters.some((each) => textOf(table, nextOf(table, open)).includes(each)))
        return true;
    } else if (name === 'PropertyName' && textOf(table, at) === 'set') return true;
  }
  return false;
}

/**
 * Functions that ask themselves for the same answers again and again, and keep none. Not those that cut their work in parts,
 * such as sorting by halves or walking a tree: no two of their calls are alike.
 */
export const forgottenAnswers: Finder = ({ context, facts }) =>
  facts.recursive.flatMap(({ name, nameNode, definition, calls, isCached }) => {
    const { table } = context;
    const parameters = parametersOf(table, definition);
    const asking = calls.filter((call) => asksNeighbour(table, parameters, call));
    if (isCached || asking.length < 2 || keepsByHand(context, definition, parameters)) return [];
    return [
      adviceAt(table, nameNode, {
        kind: 'algorithm',
        title: 'Keep results that were computed (functools.lru_cache, a Map)',
        why: `${name} calls itself more than once: without keeping results the work doubles with each step.`,
        replacement: null,
      }),
    ];
  });
