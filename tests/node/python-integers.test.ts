import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPython, type TestSession } from '../support/python/open-session.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/numpy');
type Answers = Readonly<Record<string, string>>;
const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const linux = read('expressions.json') as Readonly<Record<'numpy' | 'pandas', Answers>>;
const differences = read('differences.json') as Answers;
/** A run for so many expressions: a busy machine has time for each. */
const PART = 100;

let python: TestSession;
beforeAll(async () => {
  python = await openPython('science');
  python.files.put('show.py', readFileSync(join(FOLDER, 'show.py'), 'utf8'));
});
afterAll(() => python.dispose());

/** What this interpreter says of each expression. */
async function said(expressions: readonly string[]): Promise<Record<string, string>> {
  python.files.put('asked.json', JSON.stringify(expressions));
  const { stdout, outcome } = await python.run(
    `import json, sys
sys.path.append("/mnt/data")
import show
print(json.dumps({each: show.answer(each) for each in json.load(open("/mnt/data/asked.json"))}))`,
  );
  expect(outcome).toMatchObject({ kind: 'completed', error: null });
  return JSON.parse(stdout) as Record<string, string>;
}

test.each(['numpy', 'pandas'] as const)(
  '%s gives what it gives on 64-bit Linux, but for the listed differences',
  { timeout: 300_000 },
  async (library) => {
    const expressions = Object.keys(linux[library]);
    for (let at = 0; at < expressions.length; at += PART) {
      const part = expressions.slice(at, at + PART);
      const wanted = Object.fromEntries(part.map((one) => [one, differences[one] ?? linux[library][one]]));
      expect(await said(part)).toEqual(wanted);
    }
  },
);
