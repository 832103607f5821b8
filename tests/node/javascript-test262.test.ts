import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTest262, TEST262, test262Names } from '../support/javascript/test262.ts';

const names = test262Names();
const known = new Set(JSON.parse(readFileSync(join(TEST262, 'known-failures.json'), 'utf8')) as string[]);

/** `node tools/test262.ts` writes the list of known failures, which docs/engines/test262.md explains. */
describe('test262', () => {
  test('there are enough of them, and few fail', () => {
    expect(names.length).toBeGreaterThan(250);
    expect(known.size / names.length).toBeLessThan(0.05);
  });

  test.each(names)('%s', async (name) => {
    const failure = await runTest262(name);
    if (known.has(name)) expect(failure, 'passes now: run node tools/test262.ts').not.toBeNull();
    else expect(failure).toBeNull();
  });
});
