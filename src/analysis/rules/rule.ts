import type { AnalysisRule, ParsedLanguage, RuleCategory, RuleMatch, Severity } from '../../contracts/analysis.ts';

/** What a severity adds to the risk where a rule does not say it (docs/analysis.md). */
export const SEVERITY_POINTS: Readonly<Record<Severity, number>> = { low: 5, medium: 35, high: 45, critical: 75 };

type Words = readonly [title: string, why: string, suggestion: string];

/** A row of the built-in table. */
export function rule(
  id: string,
  languages: readonly ParsedLanguage[],
  category: RuleCategory,
  severity: Severity | readonly [Severity, number],
  match: RuleMatch,
  [title, why, suggestion]: Words,
): AnalysisRule {
  const [named, points] = typeof severity === 'string' ? [severity, SEVERITY_POINTS[severity]] : severity;
  return { id, languages, match, severity: named, points, category, title, why, suggestion };
}

export const PYTHON: readonly ParsedLanguage[] = ['python'];
export const SCRIPT: readonly ParsedLanguage[] = ['javascript', 'typescript'];
export const LUA: readonly ParsedLanguage[] = ['lua'];
export const SHELL: readonly ParsedLanguage[] = ['shell'];
export const ALL: readonly ParsedLanguage[] = [...PYTHON, ...SCRIPT, ...LUA, ...SHELL];
