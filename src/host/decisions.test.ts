import { expect, test } from 'vitest';
import { textsInMemory } from '../../tests/support/run-records-in-memory.ts';
import { inputOf, selectionCases } from '../../tests/support/selection-cases.ts';
import { select } from '../execution/index.ts';
import { standardPython } from '../../tests/support/standard-python.ts';
import { createCodeReader } from './code-reader.ts';
import { createReading } from './reading/create-reading.ts';
import { programsBy } from './decisions.ts';

const { analyse } = createCodeReader(textsInMemory(), createReading(standardPython));

test('with what the analyser reads from the code the labelled programs are decided as labelled', async () => {
  const wrong: string[] = [];
  for (const each of selectionCases) {
    const analysis = await analyse({ code: each.code, label: each.language });
    const decision = select({ ...inputOf(each), analysis });
    const warnings = decision.warnings.map(({ kind }) => kind);
    if (decision.place === each.expect.place && warnings.join() === each.expect.warnings.join()) continue;
    wrong.push(`${each.id}: ${decision.place} ${warnings.join()} | ${decision.reasons.join(' ')}`);
  }
  expect(wrong).toEqual([]);
});

test.each([
  [null, "#!/usr/bin/env python3\nprint('x')", 'python'],
  [null, 'def add(a, b):\n    return a + b\n\nprint(add(1, 2))', 'python'],
  [null, 'function add(a, b) {\n  return a + b;\n}\nadd(1, 2);', 'javascript'],
  [null, 'const add = (a, b) => a + b;\nconsole.log(add(1, 2));', 'javascript'],
  ['swift', 'print(1)', 'swift'],
  ['js', 'x', 'javascript'],
  ['py', 'x', 'python'],
])('a piece labelled %s is known for what it is', async (label, code, language) => {
  expect((await analyse({ code, label })).language).toBe(language);
});

test('what JavaScript can import here is not told as missing', async () => {
  const code = "import fs from 'node:fs';\nimport { groupBy } from 'lodash';\nimport express from 'express';";
  const { dependencies } = await analyse({ code, label: 'js' });
  expect(dependencies.map(({ name, status }) => [name, status])).toEqual([
    ['fs', 'bundled'],
    ['lodash', 'bundled'],
    ['express', 'unavailable'],
  ]);
});

test('what a program needs is read with the part that its engine has already', async () => {
  const read = programsBy(analyse);
  const { estimate } = await read('import pandas\nx = bytearray(200 * 1024 * 1024)', 'python');
  expect((estimate?.memoryMB ?? 0) - (estimate?.engineMB ?? 0)).toBe(200);
  // Loaded when it is imported: no engine has it.
  const seaborn = (await read('import seaborn', 'python')).estimate;
  expect(seaborn?.memoryMB).toBeGreaterThan(seaborn?.engineMB ?? 0);
  expect((await read('(module)', 'wasm')).estimate).toBeNull();
});

test('programs are of one kind by language, imports and how long they look to take', async () => {
  const read = programsBy(analyse);
  const kindOf = async (code: string, language: string) => (await read(code, language)).kind;
  const one = await kindOf('import numpy\nprint(numpy.ones(3))', 'python');
  expect(await kindOf('import numpy\nprint(numpy.zeros(4))', 'python')).toBe(one);
  expect(await kindOf('import pandas\nprint(1)', 'python')).not.toBe(one);
});
