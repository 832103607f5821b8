import type { AnalysisOptions, AnalysisRule, Finding, RiskBand, RiskReason } from '../../contracts/analysis.ts';
import type { Match } from '../rules/match-rules.ts';
import { SEVERITY_POINTS } from '../rules/rule.ts';
import type { Survey } from '../survey/survey.ts';

/** What the other findings add to the worst one: this share of theirs, and no more than so many points. */
const SHARE = 0.2;
const ADDED = 20;
/** Many small things stay small: what is added never lifts a piece over the band of its worst finding. */
const REASONS = 12;

export interface Risk {
  readonly risk: number;
  readonly band: RiskBand;
  readonly reasons: readonly RiskReason[];
}

export function pointsOf(rule: AnalysisRule): number {
  return rule.points ?? SEVERITY_POINTS[rule.severity];
}

export function bandOf(risk: number, options: AnalysisOptions): RiskBand {
  if (risk >= options.highFrom) return 'high';
  return risk >= options.mediumFrom ? 'medium' : 'low';
}

/**
 * The worst finding counts whole, each other rule with a fifth, together at most 20 points; never past the upper end of
 * the worst one's band. Formula and why: docs/analysis.md.
 */
export function judgeRisk(survey: Survey, matches: readonly Match[], options: AnalysisOptions): Risk {
  const byRule = new Map<string, Match>();
  for (const match of matches) if (!byRule.has(match.rule.id)) byRule.set(match.rule.id, match);
  const ordered = [...byRule.values()].sort((a, b) => pointsOf(b.rule) - pointsOf(a.rule));
  const [worst, ...others] = ordered.map(({ rule }) => pointsOf(rule));
  const most = worst ?? 0;
  const added = Math.min(ADDED, SHARE * others.reduce((sum, points) => sum + points, 0));
  const ceiling =
    most >= options.highFrom ? 100 : most >= options.mediumFrom ? options.highFrom - 1 : options.mediumFrom - 1;
  const risk = Math.round(Math.min(ceiling, most + added));
  const reasons = ordered.slice(0, REASONS).map(({ rule, from, to }) => ({
    text: `${rule.title}. ${rule.why}`,
    severity: rule.severity,
    points: pointsOf(rule),
    at: survey.positions.range(from, to),
  }));
  return { risk, band: bandOf(risk, options), reasons };
}

/** Findings in the order of the code. */
export function findingsOf(survey: Survey, matches: readonly Match[]): Finding[] {
  return matches
    .map(({ rule, from, to }) => ({
      rule: rule.id,
      category: rule.category,
      severity: rule.severity,
      title: rule.title,
      why: rule.why,
      suggestion: rule.suggestion,
      at: survey.positions.range(from, to),
    }))
    .sort((a, b) => a.at.from - b.at.from);
}
