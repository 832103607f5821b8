import type { Complexity } from '../../contracts/analysis.ts';
import type { Survey } from '../survey/survey.ts';
import type { LoopFact } from '../tree/facts.ts';

/** Loops of at most so many rounds are no growth. */
const FEW = 16;

/** Nesting of loops whose rounds are not few, this one counted. */
function depthOf(loop: LoopFact, byNode: ReadonlyMap<number, LoopFact>): number {
  const all = [loop, ...loop.outer.flatMap((node) => byNode.get(node) ?? [])];
  return all.filter(({ rounds }) => rounds === null || rounds > FEW).length;
}

const GROWTH = ['constant', 'linear', 'quadratic', 'cubic'] as const;

function growthOf(survey: Survey, depth: number): Complexity['growth'] {
  if (survey.endlessLoops.length > 0) return 'endless';
  const branching = survey.tree?.facts.recursive.some(({ calls, isCached }) => calls.length > 1 && !isCached) ?? false;
  if (branching) return 'exponential';
  return GROWTH[Math.min(depth, 3)] ?? 'cubic';
}

/** McCabe's measure over the whole piece, and how the work grows with the data as far as loops show it. */
export function judgeComplexity(survey: Survey): Complexity {
  const { tree, shell } = survey;
  if (tree) {
    const { loops, functions, decisions, recursive } = tree.facts;
    const byNode = new Map(loops.map((loop) => [loop.node, loop]));
    const depth = loops.reduce((most, loop) => Math.max(most, depthOf(loop, byNode)), 0);
    return measured(survey, { functions, decisions, depth, hasRecursion: recursive.length > 0 });
  }
  const depth = shell?.loops.reduce((most, loop) => Math.max(most, loop.depth), 0) ?? 0;
  const functions = shell?.functions.length ?? 0;
  return measured(survey, { functions, decisions: shell?.decisions ?? 0, depth, hasRecursion: false });
}

function measured(
  survey: Survey,
  counted: { functions: number; decisions: number; depth: number; hasRecursion: boolean },
): Complexity {
  return {
    lines: survey.positions.lines,
    functions: counted.functions,
    cyclomatic: 1 + counted.decisions,
    loopDepth: counted.depth,
    hasRecursion: counted.hasRecursion,
    growth: growthOf(survey, counted.depth),
  };
}
