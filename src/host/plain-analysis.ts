import type { Analysis, AnalysisRequest } from '../contracts/analysis.ts';
import { LANGUAGE_OF_WORD } from '../contracts/languages.ts';

/** What is known of code by its label alone. */
export async function plainAnalysis({ code, label }: AnalysisRequest): Promise<Analysis> {
  const said = label?.trim().toLowerCase() ?? '';
  const language = said === '' ? 'text' : (LANGUAGE_OF_WORD.get(said) ?? 'text');
  return {
    language,
    languageFrom: said === '' ? 'none' : 'label',
    languageSureness: said === '' ? 0 : 1,
    syntaxErrors: [],
    imports: [],
    dependencies: [],
    missing: [],
    network: [],
    files: [],
    fileAccess: 'none',
    unsafe: [],
    endlessLoops: [],
    complexity: {
      lines: code.split('\n').length,
      functions: 0,
      cyclomatic: 1,
      loopDepth: 0,
      hasRecursion: false,
      growth: 'constant',
    },
    isAsync: false,
    readsInput: false,
    usesScreen: false,
    usesThreads: false,
    usesProcesses: false,
    estimate: { memoryMB: 8, memoryClass: 'small', seconds: 0.1, timeClass: 'instant', basis: [] },
    risk: 0,
    band: 'low',
    reasons: [],
    purity: { isPure: false, because: ['not read'] },
    hints: [],
    suggestions: [],
    ...{ programs: [] },
    isPartial: true,
  };
}
