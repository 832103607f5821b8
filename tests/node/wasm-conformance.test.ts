import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWasiTests, runWasiTests } from '../../tools/conformance/wasi-tests.ts';

const REPORT = join(import.meta.dirname, '../../docs/engines/wasi.md');

test('the WASI test suite ends as docs/engines/wasi.md says', { timeout: 180_000 }, async () => {
  const failed = [...readFileSync(REPORT, 'utf8').matchAll(/^\| (\w+\/\S+) \|/gmu)].map((row) => row[1]);
  const { tests } = readWasiTests();
  const verdicts = await runWasiTests(tests);
  expect(verdicts.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual(failed);
  expect(verdicts.length).toBe(72);
});
