import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCPythonTests, runCPythonTests } from '../../tools/conformance/cpython-tests.ts';

const REPORT = join(import.meta.dirname, '../../docs/engines/python.md');

/**
 * More than half of the time all take goes into these, which compute and meet nothing of this product: no files, no output, no
 * waiting. `node --stack-size=4000 tools/conformance.ts` runs them. How many tests each has, so that the sum is still the page's.
 */
const LONG: Readonly<Record<string, number>> = {
  test_xml_etree: 198,
  test_unicodedata: 31,
  test_tuple: 36,
  test_weakref: 127,
  test_str: 132,
  test_set: 623,
  test_itertools: 132,
  test_long: 42,
  test_int: 44,
  test_random: 103,
  test_ordered_dict: 271,
  test_userstring: 62,
  test_enum: 1075,
};

test("CPython's own tests end as docs/engines/python.md says", { timeout: 600_000 }, async () => {
  const report = readFileSync(REPORT, 'utf8');
  const failures = report.slice(report.indexOf('## Failures'), report.indexOf('## Left out'));
  const all = [...failures.matchAll(/^\| (\S+\.test\S+) \| [^|]+ \|$/gmu)].map((row) => row[1] ?? '');
  const listed = all.filter((name) => !(name.slice(0, name.indexOf('.')) in LONG));
  const tests = readCPythonTests();
  expect(Object.keys(LONG).filter((name) => !tests.modules.includes(name))).toEqual([]);
  const verdicts = await runCPythonTests({ ...tests, modules: tests.modules.filter((name) => !(name in LONG)) });
  expect(verdicts.filter(({ notRun }) => notRun !== null)).toEqual([]);
  expect(verdicts.flatMap(({ failed }) => failed)).toEqual(listed);
  const ran = [...verdicts.map((module) => module.ran), ...Object.values(LONG)].reduce((sum, one) => sum + one);
  expect(report).toContain(`**${ran - all.length} of ${ran} tests pass;`);
});
