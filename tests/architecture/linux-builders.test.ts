import { expect, it } from 'vitest';
import { read, trackedFiles } from './sources.ts';

it('the tests build Linux, and nothing else does by itself: no first picture waits for a kernel', () => {
  const sources = trackedFiles().filter((path) => /^tools\/.*(?<!\.test)\.(ts|mjs)$/u.test(path));
  const having = (pattern: RegExp): string[] => sources.filter((path) => pattern.test(read(path)));
  expect(having(/(?<!function )\bensureLinux\(/u)).toEqual(['tools/test.ts']);
  expect(having(/(?<!function )\bvendorLinux\(/u)).toEqual(['tools/build-linux.ts']);
  expect(having(/'build-linux\.ts'/u)).toEqual(['tools/vendored.ts']);
  expect(having(/\bawait sayWhetherLinux\(\)/u).sort()).toEqual(['tools/build.ts', 'tools/start.ts']);
  expect(read('tools/vendored.ts').match(/'build-linux\.ts'/gu)).toHaveLength(1);
});
