import { LRUCache } from 'lru-cache';
import type {
  Analysis,
  AnalysisOptions,
  AnalysisRequest,
  AnalysisRule,
  CodeFact,
  CodeLanguage,
  ParsedLanguage,
} from '../contracts/analysis.ts';
import { judgeComplexity } from './judge/complexity.ts';
import { installedFromIndex, judgeDependencies, type KnownPackages, topModule } from './judge/dependencies.ts';
import { judgeEstimate } from './judge/estimate.ts';
import { judgeHints } from './judge/hints/index.ts';
import { judgePurity } from './judge/purity.ts';
import { findingsOf, judgeRisk } from './judge/risk.ts';
import { suggest } from './judge/suggestions.ts';
import { judgeUses } from './judge/uses.ts';
import { type DetectedLanguage, detectLanguage } from './language/detect-language.ts';
import { STANDARD_OPTIONS } from './options.ts';
import { createPositions } from './positions.ts';
import { BUILT_IN_RULES } from './rules/index.ts';
import { type Match, matchRules } from './rules/match-rules.ts';
import { addFact, type Survey } from './survey/survey.ts';
import { surveyShell } from './survey/survey-shell.ts';
import { surveyTree } from './survey/survey-tree.ts';

export interface AnalyserChoices {
  readonly packages: KnownPackages;
  readonly options?: AnalysisOptions;
}

export interface Analyser {
  /** Never throws, and runs nothing of the code. */
  analyse(request: AnalysisRequest): Analysis;
}

/** Code beyond this is not read, and the analysis says so: about 4,000 lines. */
const READ_UTF16 = 131_072;
/**
 * Analyses kept, and the code of all of them: the same card asks several times. An analysis is some 20 times as large as its
 * code, and what lives long is what a collection takes its time over.
 */
const KEPT = 50;
const KEPT_UTF16 = 65_536;

const PARSED: readonly CodeLanguage[] = ['python', 'javascript', 'typescript', 'lua', 'shell'];
const isParsed = (language: CodeLanguage): language is ParsedLanguage => PARSED.includes(language);

/** Rules that find what is secret; with the network in the same piece it may be sent. */
const SECRET_RULES = new Set([
  'secret-file',
  'py-environment-all',
  'js-environment-all',
  'js-cookies',
  'py-watching',
  'js-devices',
]);

/** Rules about deleting, and those about files of the person: together, outside of a shell, that is how they are lost. */
const DELETING_RULES = new Set(['py-remove', 'py-rmtree', 'py-rmtree-own', 'js-remove', 'lua-remove']);

function cutAtLine(code: string): string {
  const line = code.lastIndexOf('\n', READ_UTF16);
  return code.slice(0, line > READ_UTF16 / 2 ? line : READ_UTF16);
}

function surveyOf(language: ParsedLanguage, code: string): Survey {
  const isPartial = code.length > READ_UTF16;
  const read = isPartial ? cutAtLine(code) : code;
  const positions = createPositions(read);
  return language === 'shell'
    ? surveyShell(read, positions, isPartial)
    : surveyTree(language, read, positions, isPartial);
}

/** Matches the rules, and once more those about what only shows when all others are known. */
function matchAll(survey: Survey, rules: readonly AnalysisRule[]): Match[] {
  const own = matchOwn(survey, rules);
  const inner = survey.inner.flatMap(({ survey: within, at }) =>
    matchOwn(within, rules).map(({ rule }) => ({ rule, from: at.from, to: at.to })),
  );
  return [...own, ...inner];
}

function matchOwn(survey: Survey, rules: readonly AnalysisRule[]): Match[] {
  addFact(survey.found, 'network-use', survey.network.map(({ at }) => at).slice(0, 1));
  if (survey.isPartial) addFact(survey.found, 'partial', [{ from: 0, to: 0 }]);
  const own = rules.filter(({ languages }) => languages.includes(survey.language) || languages.includes('shell'));
  const reachable = own.filter(
    ({ languages, match }) => languages.includes(survey.language) || match.kind === 'command' || match.kind === 'pipe',
  );
  const first = matchRules(reachable, survey);
  const secret = first.find(({ rule }) => SECRET_RULES.has(rule.id));
  if (secret && survey.network.length > 0) addFact(survey.found, 'secret-and-network', [secret]);
  const deleting = first.find(({ rule }) => DELETING_RULES.has(rule.id));
  if (deleting && first.some(({ rule }) => rule.id === 'system-read'))
    addFact(survey.found, 'system-and-deletion', [deleting]);
  const later = reachable.filter(({ match }) => match.kind === 'fact' && LATER_FACTS.has(match.fact));
  return [...first, ...matchRules(later, survey)];
}

const LATER_FACTS = new Set<CodeFact>(['secret-and-network', 'system-and-deletion']);

function importsOf(survey: Survey): string[] {
  const names = survey.imports
    .filter(({ isRelative }) => !isRelative)
    .map(({ module }) => topModule(survey.language, module))
    .filter((name) => name !== '');
  return [...new Set(names)].sort();
}

/** Where `%pip install` asks. */
const INDEX = 'pypi.org';

const MORE = { read: 'read', write: 'write' } as const;

function accessOf(survey: Survey): Analysis['fileAccess'] {
  const reads = survey.files.some(({ access }) => access === MORE.read);
  const writes = survey.files.some(({ access }) => access === MORE.write);
  if (reads && writes) return 'both';
  return reads ? 'read' : writes ? 'write' : 'none';
}

/** The network of an index, where lines of a notebook install what is not here. */
function withInstalls(survey: Survey, packages: KnownPackages): Survey {
  const [install] = installedFromIndex(survey, packages);
  if (install === undefined) return survey;
  const at = survey.positions.range(install.from, install.to);
  return { ...survey, network: [...survey.network, { by: 'pip', host: INDEX, origin: `https://${INDEX}`, at }] };
}

function judge(
  read: Survey,
  detected: DetectedLanguage,
  choices: Required<AnalyserChoices>,
  rules: readonly AnalysisRule[],
): Analysis {
  const { options, packages } = choices;
  const survey = withInstalls(read, packages);
  const matches = matchAll(survey, rules);
  const dependencies = judgeDependencies(survey, packages);
  const unsafe = findingsOf(survey, matches);
  const complexity = judgeComplexity(survey);
  const uses = judgeUses(survey);
  const hints = judgeHints(survey);
  return {
    language: detected.language,
    languageFrom: detected.from,
    languageSureness: detected.sureness,
    syntaxErrors: survey.syntaxErrors.map(({ message, from, to }) => ({
      message,
      at: survey.positions.range(from, to),
    })),
    imports: importsOf(survey),
    programs: survey.programs,
    dependencies,
    missing: dependencies
      .filter(({ status }) => status === 'unavailable')
      .map(({ name }) => name)
      .sort(),
    network: survey.network,
    files: survey.files,
    fileAccess: accessOf(survey),
    unsafe,
    endlessLoops: survey.endlessLoops.map(({ from, to }) => survey.positions.range(from, to)),
    complexity,
    ...uses,
    estimate: judgeEstimate(survey, complexity),
    ...judgeRisk(survey, matches, options),
    purity: judgePurity(survey),
    hints,
    suggestions: suggest(
      { dependencies, unsafe, hints, complexity, uses, syntaxErrors: survey.syntaxErrors.length },
      options,
    ),
    isPartial: survey.isPartial,
  };
}

/** Of a language without a grammar here only the language is told. */
function unread(code: string, detected: DetectedLanguage): Analysis {
  return {
    language: detected.language,
    languageFrom: detected.from,
    languageSureness: detected.sureness,
    syntaxErrors: [],
    imports: [],
    programs: [],
    dependencies: [],
    missing: [],
    network: [],
    files: [],
    fileAccess: 'none',
    unsafe: [],
    endlessLoops: [],
    complexity: {
      lines: createPositions(code.slice(0, READ_UTF16)).lines,
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
    estimate: { memoryMB: 0, engineMB: 0, memoryClass: 'small', seconds: 0, timeClass: 'instant', basis: [] },
    risk: 0,
    band: 'low',
    reasons: [],
    purity: { isPure: false, because: ['is not read'] },
    hints: [],
    suggestions: [],
    isPartial: false,
  };
}

/** Makes an analyser; the last analyses are kept by their code and label, so asking twice costs once. */
export function createAnalyser(choices: AnalyserChoices): Analyser {
  const options = choices.options ?? STANDARD_OPTIONS;
  const off = new Set(options.rulesOff);
  const rules = [...BUILT_IN_RULES, ...options.ownRules].filter(({ id }) => !off.has(id));
  const kept = new LRUCache<string, Analysis>({
    max: KEPT,
    maxSize: KEPT_UTF16,
    sizeCalculation: (_, key) => key.length,
  });
  const made: Required<AnalyserChoices> = { packages: choices.packages, options };
  return {
    analyse({ code, label }) {
      const key = `${label ?? ''}\n${code}`;
      const before = kept.get(key);
      if (before) return before;
      const detected = detectLanguage(code, label);
      const { language } = detected;
      const analysis = isParsed(language)
        ? judge(surveyOf(language, code), detected, made, rules)
        : unread(code, detected);
      kept.set(key, analysis); // what is larger than all that is kept is not
      return analysis;
    },
  };
}
