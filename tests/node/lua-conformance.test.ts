import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLeftOutLines, readLuaTests, runLuaTests } from '../../tools/conformance/lua-tests.ts';

const REPORT = join(import.meta.dirname, '../../docs/engines/lua.md');

test("Lua's own tests end as docs/engines/lua.md says", { timeout: 180_000 }, async () => {
  const report = readFileSync(REPORT, 'utf8');
  const failures = report.slice(report.indexOf('## Failures'), report.indexOf('## Lines left out'));
  const failed = [...failures.matchAll(/^\| (\S+\.lua) \|/gmu)].map((row) => row[1]);
  const verdicts = await runLuaTests(readLuaTests(), readLeftOutLines());
  expect(verdicts.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual(failed);
  expect(verdicts.length).toBeGreaterThan(25);
});
