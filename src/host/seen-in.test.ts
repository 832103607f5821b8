import { expect, test } from 'vitest';
import { textsInMemory } from '../../tests/support/run-records-in-memory.ts';
import { inputOf, selectionCases } from '../../tests/support/selection-cases.ts';
import { standardPython } from '../../tests/support/standard-python.ts';
import { LIMITS } from '../contracts/limits.ts';
import { select } from '../execution/index.ts';
import { createCodeReader } from './code-reader.ts';
import { createReading } from './reading/create-reading.ts';
import { seenIn } from './seen-in.ts';

const { analyse } = createCodeReader(textsInMemory(), createReading(standardPython));
const [plain] = selectionCases;
if (plain === undefined) throw new Error('the labelled decisions are empty');

async function seenOf(code: string) {
  const analysis = await analyse({ code, label: 'python' });
  const decision = select({ ...inputOf(plain as NonNullable<typeof plain>), code, analysis });
  return { analysis, decision, seen: seenIn(analysis, decision) };
}

test('a low finding is told with its line, and neither holds nor warns', async () => {
  const { analysis, decision, seen } = await seenOf('x = 1\nimport os\nprint(os.sep)');
  expect(seen[0]).toMatchObject({ title: 'Found in the code', lines: [{ line: 2 }] });
  expect(seen[0]?.lines[0]?.text).toMatch(/^Imports os\. /);
  expect([analysis.band, decision.warnings]).toEqual(['low', []]);
});

test('what makes code slow, and what was weighed, is told too', async () => {
  const { seen } = await seenOf('import pandas as pd\ndf = pd.DataFrame()\nfor i, r in df.iterrows(): pass');
  expect(seen.map(({ title }) => title)).toEqual(['Could be faster or smaller', 'Weighed']);
  expect(seen[0]?.lines[0]).toMatchObject({ line: 3 });
  expect(seen[1]?.lines).toContainEqual({ text: 'pandas is part of this extension.', line: null });
});

test('a warning about risks names what is a risk, and leaves the small things to what was seen', async () => {
  const { decision, seen } = await seenOf('import os\nfrom math import *\nprint(eval(input()))');
  const [warning] = decision.warnings;
  expect(warning).toMatchObject({ kind: 'securityRisk', reasons: [expect.stringMatching(/^Runs text as code/)] });
  expect(seen[0]?.lines.map(({ text }) => text.split('.')[0])).toEqual([
    'Imports os',
    'Imports everything of a module',
    'Runs text as code',
  ]);
});

test('no more lines are told than anybody reads', async () => {
  const { seen } = await seenOf(Array.from({ length: 200 }, (_, n) => `eval(a${n})\nimport os`).join('\n'));
  for (const { lines } of seen) expect(lines.length).toBeLessThanOrEqual(LIMITS.seenLines.standard);
  expect(seen[0]?.lines).toHaveLength(LIMITS.seenLines.standard);
});
