import type {
  AnalysisOptions,
  Complexity,
  Dependency,
  Finding,
  OptimisationHint,
  Analysis,
} from '../../contracts/analysis.ts';

/** Suggestions told for one piece. */
const SUGGESTIONS = 8;

type Uses = Pick<Analysis, 'usesScreen' | 'usesThreads' | 'usesProcesses' | 'readsInput'>;

/** Sentences for a person, most useful first: what cannot be had, what is unsafe, what is slow. */
export function suggest(
  parts: {
    readonly dependencies: readonly Dependency[];
    readonly unsafe: readonly Finding[];
    readonly hints: readonly OptimisationHint[];
    readonly complexity: Complexity;
    readonly uses: Uses;
    readonly syntaxErrors: number;
  },
  options: AnalysisOptions,
): string[] {
  const { dependencies, unsafe, hints, complexity, uses } = parts;
  const missing = dependencies
    .filter(({ status }) => status === 'unavailable')
    .map(({ name, install, why, instead }) => {
      const is = install === null ? 'cannot be had here' : `is not here until %pip install ${install} brings it`;
      return `${name} ${is}: ${why ?? ''}${instead[0] ? ` Instead: ${instead[0]}.` : ''}`;
    });
  const order = { critical: 0, high: 1, medium: 2, low: 3 };
  const safer = [...unsafe]
    .sort((a, b) => order[a.severity] - order[b.severity])
    .map(({ title, suggestion }) => `${title}: ${suggestion}`);
  const said = [
    ...(parts.syntaxErrors > 0 ? ['The code does not parse; mend the syntax first.'] : []),
    ...missing,
    ...safer,
    ...(uses.usesScreen ? ['There is no window here: draw into an image or print.'] : []),
    ...(uses.usesThreads ? ['There are no threads here: write it as a plain loop.'] : []),
    ...(complexity.cyclomatic >= options.complexFrom ? ['It is very branched: cut it into functions.'] : []),
    ...hints.map(({ title }) => `${title}.`),
  ];
  return [...new Set(said)].slice(0, SUGGESTIONS);
}
