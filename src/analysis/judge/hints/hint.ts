import type { OptimisationHint } from '../../../contracts/analysis.ts';
import type { CallFact, CodeFacts } from '../../tree/facts.ts';
import type { TreeRead } from '../../tree/read-tree.ts';
import { endOf, fromOf, type SyntaxTable, toOf } from '../../tree/syntax-table.ts';
import type { TreeContext } from '../../tree/tree-context.ts';

/** A hint whose place still counts from the start of the code. */
export interface Hint extends Omit<OptimisationHint, 'at'> {
  readonly from: number;
  readonly to: number;
}

/** Advice without a place. */
export type Advice = Omit<Hint, 'from' | 'to'>;

/** Looks for one kind of advice in a piece of code. */
export type Finder = (read: TreeRead) => Hint[];

export const adviceAt = (table: SyntaxTable, node: number, advice: Advice): Hint => ({
  ...advice,
  from: fromOf(table, node),
  to: toOf(table, node),
});

/** Whether there is work left for a look at all that is below a node; hostile code uses it up, and gets less advice. */
export function mayLookThrough({ table, steps }: TreeContext, node: number): boolean {
  steps.left -= endOf(table, node) - node;
  return steps.left >= 0;
}

const callsByNode = new WeakMap<readonly CallFact[], ReadonlyMap<number, CallFact>>();

/** The call that stands at a node; looked up, since code of strangers may hold many thousand calls that each ask. */
export function callAt({ calls }: CodeFacts, node: number): CallFact | undefined {
  let byNode = callsByNode.get(calls);
  if (byNode === undefined) callsByNode.set(calls, (byNode = new Map(calls.map((call) => [call.node, call]))));
  return byNode.get(node);
}
