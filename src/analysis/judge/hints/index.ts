// Advice to make a piece of code faster or smaller; each kind of it is looked for on its own.
import type { OptimisationHint } from '../../../contracts/analysis.ts';
import type { Survey } from '../../survey/survey.ts';
import { fromCalls } from './call-hints.ts';
import type { Finder } from './hint.ts';
import { listLookups, needlessLists, smallest } from './list-hints.ts';
import { growingText, overIndexes } from './loop-hints.ts';
import { forgottenAnswers } from './recursion-hints.ts';

/** Hints told for one piece; more would not be read. */
const HINTS = 20;

const FINDERS: readonly Finder[] = [
  fromCalls,
  needlessLists,
  smallest,
  growingText,
  overIndexes,
  forgottenAnswers,
  listLookups,
];

/** Ways to make it faster or smaller. Nothing parallel: there are no threads here. */
export function judgeHints(survey: Survey): OptimisationHint[] {
  const { tree, positions } = survey;
  if (!tree || survey.syntaxErrors.length > 0 || survey.isUnsure) return [];
  return FINDERS.flatMap((find) => find(tree))
    .sort((a, b) => a.from - b.from)
    .slice(0, HINTS)
    .map(({ from, to, ...hint }) => ({ ...hint, at: positions.range(from, to) }));
}
