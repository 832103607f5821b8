import { expect, it } from 'vitest';
import { buildInputs } from '../../tools/build.ts';
import { filesBehind } from './sources.ts';

// A file that is missing there could change without a new build: tests would try the extension of before.
it('a build counts all that its configuration is made of as its inputs', () => {
  const inputs = buildInputs();
  const behind = filesBehind('wxt.config.ts');
  expect(behind).toContain('tools/licence-text.ts');
  expect(behind.filter((file) => !inputs.includes(file))).toEqual([]);
  expect(inputs).toEqual(expect.arrayContaining(['package.json', 'package-lock.json']));
});
