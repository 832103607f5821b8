import type { Analysis } from '../contracts/analysis.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Decision, SeenGroup } from '../contracts/selection.ts';

/** Everything that was found in code and weighed, also what nobody is asked about; groups without lines are left out. */
export function seenIn({ unsafe, hints }: Analysis, { factors }: Decision): readonly SeenGroup[] {
  const findings = unsafe.map(({ title, why, suggestion, at }) => ({
    text: `${title}. ${why} ${suggestion}`,
    line: at.line,
  }));
  const advice = hints.map(({ title, why, at }) => ({ text: `${title}. ${why}`, line: at.line }));
  // The findings say it in full.
  const weighed = factors.filter(({ name }) => name !== 'security').map(({ text }) => ({ text, line: null }));
  const groups = [
    { title: 'Found in the code', lines: findings },
    { title: 'Could be faster or smaller', lines: advice },
    { title: 'Weighed', lines: weighed },
  ];
  return groups
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => ({ title, lines: lines.slice(0, LIMITS.seenLines.standard) }));
}
