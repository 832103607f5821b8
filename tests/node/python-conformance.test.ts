import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCPythonTests, runCPythonTests } from '../../tools/conformance/cpython-tests.ts';

const REPORT = join(import.meta.dirname, '../../docs/engines/python.md');

test("CPython's own tests end as docs/engines/python.md says", { timeout: 600_000 }, async () => {
  const report = readFileSync(REPORT, 'utf8');
  const failures = report.slice(report.indexOf('## Failures'), report.indexOf('## Left out'));
  const listed = [...failures.matchAll(/^\| (\S+\.test\S+) \| [^|]+ \|$/gmu)].map((row) => row[1]);
  const verdicts = await runCPythonTests(readCPythonTests());
  expect(verdicts.filter(({ notRun }) => notRun !== null)).toEqual([]);
  expect(verdicts.flatMap(({ failed }) => failed)).toEqual(listed);
  const ran = verdicts.reduce((sum, module) => sum + module.ran, 0);
  expect(report).toContain(`**${ran - listed.length} of ${ran} tests pass;`);
});
