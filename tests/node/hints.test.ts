import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLabelledHints } from '../../tools/analyse/labelled.ts';
import { openAnalyser } from '../../tools/analyse/open-analyser.ts';
import type { TestSession } from '../support/kit/open-node.ts';
import { openPython } from '../support/python/open-session.ts';

/** A text that a hint would put there, before the judge who counts: the program prints the same with it. */
const sure = readLabelledHints().filter((one) => one.language === 'python' && one.sure > 0);

let python: TestSession;
beforeAll(async () => {
  python = await openPython('base');
});
afterAll(() => python.dispose());

test.each(sure.map((one) => [one.name, one.code] as const))('%s: the same with the hint', async (_name, code) => {
  const { hints } = openAnalyser().analyse({ code, label: 'python' });
  const [hint] = hints.filter(({ replacement }) => replacement !== null);
  const after = code.slice(0, hint?.at.from) + (hint?.replacement ?? '') + code.slice(hint?.at.to);
  expect(after).not.toBe(code);
  const first = await python.run(code);
  expect(first.stdout).not.toBe('');
  expect((await python.run(after)).stdout).toBe(first.stdout);
});
