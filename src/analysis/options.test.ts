import { expect, test } from 'vitest';
import { openAnalyser } from '../../tools/analyse/open-analyser.ts';
import { parseAnalysisOptions, STANDARD_OPTIONS } from './options.ts';
import { BUILT_IN_RULES } from './rules/index.ts';

const own = {
  id: 'no-print',
  languages: ['python'],
  match: { kind: 'call', names: ['print'] },
  severity: 'high',
  points: 80,
  title: 'Prints',
  why: 'Nobody wants it here.',
  suggestion: 'Return the value.',
};

const parsed = (value: unknown) => {
  const result = parseAnalysisOptions(value);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};

test('nothing set is what is standard', () => {
  expect(parsed({})).toEqual(STANDARD_OPTIONS);
});

test('a rule of a person counts as a built-in one', () => {
  const found = openAnalyser(parsed({ ownRules: [own] })).analyse({ code: 'print(1)', label: 'py' });
  expect(found).toMatchObject({ band: 'high', risk: 80 });
  expect(found.unsafe).toMatchObject([{ rule: 'no-print', category: 'own', at: { line: 1 } }]);
});

test('a rule that is off finds nothing, and bounds of bands are the person’s', () => {
  const code = 'eval(input())';
  const off = openAnalyser(parsed({ rulesOff: ['py-eval'] })).analyse({ code, label: 'py' });
  expect(off.unsafe).toEqual([]);
  const lenient = openAnalyser(parsed({ mediumFrom: 60, highFrom: 90 })).analyse({ code, label: 'py' });
  expect(lenient.band).toBe('medium');
});

test.each([
  ['an unknown field', { ownRule: [] }],
  ['a rule without a name to match', { ownRules: [{ ...own, match: { kind: 'call', names: [] } }] }],
  ['a text beyond its bound', { ownRules: [{ ...own, title: 'x'.repeat(301) }] }],
  ['too many rules', { ownRules: Array.from({ length: 201 }, (_, at) => ({ ...own, id: `r-${at}` })) }],
  ['two rules of one name', { ownRules: [own, own] }],
  ['bands the wrong way round', { mediumFrom: 80, highFrom: 40 }],
  ['points beyond a hundred', { ownRules: [{ ...own, points: 101 }] }],
])('%s is refused with its reason', (_name, value) => {
  const result = parseAnalysisOptions(value);
  expect(result).toMatchObject({ ok: false, error: { code: 'settings/bad-value' } });
});

test('the built-in rules have the form of a person’s, and each name is there once', () => {
  const ids = BUILT_IN_RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const rule of BUILT_IN_RULES) expect(parsed({ ownRules: [rule] }).ownRules).toHaveLength(1);
});
