import { describe, expect, test } from 'vitest';
import { inputOf, packageTable, type SelectionCase, selectionCases } from '../../../tests/support/selection-cases.ts';
import { select } from './select.ts';

const decide = (each: SelectionCase) => select(inputOf(each));
const caseOf = (id: string): SelectionCase => {
  const found = selectionCases.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

test('the labelled set is large enough, and no case is there twice', () => {
  expect(selectionCases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(selectionCases.map(({ id }) => id)).size).toBe(selectionCases.length);
});

test.each(selectionCases.map((each) => [each.id, each] as const))('%s', (_id, each) => {
  const decision = decide(each);
  const { place, canRunHere, warnings, says = [], ways = [] } = each.expect;
  expect({ place: decision.place, canRunHere: decision.canRunHere }).toEqual({ place, canRunHere });
  expect(decision.warnings.map(({ kind }) => kind)).toEqual(warnings);
  const said = [...decision.reasons, ...decision.factors.map(({ text }) => text)].join('\n');
  for (const part of says) expect(said).toContain(part);
  const offered = decision.ways.map(({ kind }) => kind);
  for (const kind of ways) expect(offered).toContain(kind);
  expect(offered.filter((kind) => ways.includes(kind)).slice(0, 1)).toEqual(ways.slice(0, 1));
});

test('every decision has a reason in whole sentences, and a way on', () => {
  for (const each of selectionCases) {
    const { reasons, factors, ways, warnings } = decide(each);
    expect(reasons.length).toBeGreaterThan(0);
    expect(ways.length).toBeGreaterThan(0);
    const texts = [...reasons, ...factors.map(({ text }) => text), ...warnings.flatMap((warning) => warning.reasons)];
    for (const text of texts) expect(text).toMatch(/^.+[^.][.!?]?$/s);
    for (const warning of warnings) expect(warning.reasons.length).toBeGreaterThan(0);
  }
});

test('what is said of a missing package is what the table says', () => {
  const { reasons, ways } = decide(caseOf('py-torch'));
  const torch = packageTable['torch'];
  if (torch?.status !== 'unavailable') throw new Error('torch is in the table as missing');
  expect(reasons[0]).toBe(`torch is not available here. ${torch.why}`);
  const instead = ways.filter(({ kind }) => kind === 'useInstead').map(({ text }) => text);
  expect(instead).toEqual(torch.instead.map((each) => `Instead of torch: ${each}.`));
});

test('allowing the index is offered for what it has, unless something else cannot be had; then it would not help', () => {
  const allowing = (each: SelectionCase) =>
    decide(each).ways.flatMap(({ kind, text }) => (kind === 'allowNetwork' ? [text] : []));
  const alone = caseOf('py-httpx');
  const index = `Allow pypi.org and files.pythonhosted.org under Network in this extension's popup, then run %pip install httpx.`;
  expect(allowing(alone)).toEqual([index]);
  const host = "Allow the host under Network in this extension's popup, then run it here.";
  expect(allowing({ ...alone, facts: { imports: ['httpx'], network: ['example.org'] } })).toEqual([index, host]);
  expect(allowing({ ...alone, facts: { imports: ['httpx', 'torch'] } })).toEqual([]);
});

test('an engine elsewhere is offered only where there is one', () => {
  const offers = (remote: SelectionCase['remote']) =>
    decide({ ...caseOf('py-torch'), ...(remote && { remote }) }).ways.map(({ text }) => text);
  expect(offers(undefined).join('\n')).not.toMatch(/remote|own server\./);
  expect(offers(undefined)).toContain('Leave it to ChatGPT, whose own server may run it.');
  expect(offers(['python'])).toContain('Run it on your own server.');
});

// RunnerSelectorTests of docs/specified-tests.md, each under the browser's meaning.
describe('resource estimation', () => {
  test('small code takes little; large code with loops takes much; empty code nothing', () => {
    const [small, large, empty] = ['js-sort', 'py-slow', 'py-empty'].map((id) => decide(caseOf(id)).estimate);
    expect(small).toMatchObject({ timeMs: 100, memoryMB: 8, from: 'code' });
    expect(large?.timeMs).toBeGreaterThan(100 * (small?.timeMs ?? 0));
    expect(empty).toMatchObject({ timeMs: 0, memoryMB: 0 });
  });

  test('runs of this device make the estimate better, and surer with each', () => {
    const past = (count: number) => ({ same: { count, timeMs: 700, memoryMB: 3 } });
    const estimates = [1, 3, 50].map((count) => decide({ ...caseOf('py-slow'), past: past(count) }).estimate);
    for (const estimate of estimates) expect(estimate).toMatchObject({ timeMs: 700, memoryMB: 3, from: 'same' });
    const confidence = estimates.map((estimate) => estimate.confidence);
    expect(confidence).toEqual([...confidence].sort());
    expect(confidence[2]).toBeLessThan(1);
    expect(confidence[0]).toBeGreaterThan(decide(caseOf('py-slow')).estimate.confidence);
  });

  test('programs alike count more, the more there were', () => {
    const alike = (count: number) =>
      decide({ ...caseOf('py-slow'), past: { alike: { count, timeMs: 0, memoryMB: 0 } } }).estimate.timeMs;
    expect(alike(3)).toBe(600_000);
    expect(alike(30)).toBeLessThan(alike(10));
  });
});

describe('user preferences', () => {
  test('forced elsewhere: no warning that it is needed, for the person knows', () => {
    expect(decide(caseOf('py-once-remote'))).toMatchObject({ place: 'remote', canRunHere: true, warnings: [] });
  });

  test('forced here: it runs, with everything that will not work', () => {
    const { place, warnings } = decide(caseOf('js-once-here-fetch'));
    expect(place).toBe('onDevice');
    expect(warnings).toEqual([
      {
        kind: 'limitedFunctionality',
        title: 'Not all of it will work here',
        reasons: ['It needs api.example.com; programs here have no network.'],
      },
    ]);
  });
});
