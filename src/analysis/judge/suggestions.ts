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

const WORST_FIRST = ['critical', 'high', 'medium', 'low'] as const;

interface Parts {
  readonly dependencies: readonly Dependency[];
  readonly unsafe: readonly Finding[];
  readonly hints: readonly OptimisationHint[];
  readonly complexity: Complexity;
  readonly uses: Uses;
  readonly syntaxErrors: number;
}

function* missing(dependencies: readonly Dependency[]): Generator<string> {
  for (const { name, status, install, why, instead } of dependencies) {
    if (status !== 'unavailable') continue;
    const is = install === null ? 'cannot be had here' : `is not here until %pip install ${install} brings it`;
    yield `${name} ${is}: ${why ?? ''}${instead[0] ? ` Instead: ${instead[0]}.` : ''}`;
  }
}

function* safer(unsafe: readonly Finding[]): Generator<string> {
  for (const wanted of WORST_FIRST)
    for (const { severity, title, suggestion } of unsafe) if (severity === wanted) yield `${title}: ${suggestion}`;
}

/** All that could be said, most useful first: what cannot be had, what is unsafe, what is slow. */
function* sentences(parts: Parts, options: AnalysisOptions): Generator<string> {
  const { dependencies, unsafe, hints, complexity, uses } = parts;
  if (parts.syntaxErrors > 0) yield 'The code does not parse; mend the syntax first.';
  yield* missing(dependencies);
  yield* safer(unsafe);
  if (uses.usesScreen) yield 'There is no window here: draw into an image or print.';
  if (uses.usesThreads) yield 'There are no threads here: write it as a plain loop.';
  if (complexity.cyclomatic >= options.complexFrom) yield 'It is very branched: cut it into functions.';
  for (const { title } of hints) yield `${title}.`;
}

/** Sentences for a person, most useful first, each once. */
export function suggest(parts: Parts, options: AnalysisOptions): string[] {
  const said = new Set<string>();
  for (const sentence of sentences(parts, options)) {
    said.add(sentence);
    if (said.size === SUGGESTIONS) break;
  }
  return [...said];
}
