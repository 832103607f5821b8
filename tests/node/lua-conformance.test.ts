import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLuaTests, runLuaTests } from '../../tools/conformance/lua-tests.ts';

const REPORT = join(import.meta.dirname, '../../docs/engines/lua.md');

test("Lua's own tests end as docs/engines/lua.md says", { timeout: 180_000 }, async () => {
  const failed = [...readFileSync(REPORT, 'utf8').matchAll(/^\| (\S+\.lua) \|/gmu)].map((row) => row[1]);
  const verdicts = await runLuaTests(readLuaTests());
  expect(verdicts.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual(failed);
  expect(verdicts.length).toBeGreaterThan(25);
});
