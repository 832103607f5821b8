import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBrokenSnippets } from '../../../tests/support/analysis/broken-snippets.ts';
import { readBroken } from './broken-code.ts';
import { suggestFixes } from './suggest-fixes.ts';

const language = fc.constantFrom('python', 'javascript', 'typescript', 'lua');
type Tree = 'python' | 'javascript' | 'typescript' | 'lua';
const snippets = readBrokenSnippets();

/** Nothing for code that can be read; else only what can be read, and something else than what came in. */
function check(code: string, wanted: Tree): void {
  const fixes = suggestFixes(code, wanted);
  if (readBroken(wanted, code).faults.length === 0) expect(fixes).toEqual([]);
  for (const fix of fixes) {
    expect(readBroken(fix.language, fix.code).faults).toEqual([]);
    expect(fix.code !== code || fix.language !== wanted).toBe(true);
    expect(fix.title).not.toBe('');
  }
}

test('junk gets no fix that cannot be read, and no throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), language, (code, wanted) => check(code, wanted)),
    { numRuns: 150 },
  );
});

test('programs cut anywhere, with one sign taken out or put in', () => {
  const change = fc.tuple(fc.constantFrom(...snippets), fc.nat(), fc.constantFrom('', '(', '"', '}', '\t', ':', '“'));
  fc.assert(
    fc.property(change, ([{ fixed, language: own, as = own }, at, sign]) => {
      const place = at % (fixed.length + 1);
      check(fixed.slice(0, place) + sign + fixed.slice(place + 1), as as Tree);
      check(fixed.slice(0, place), as as Tree);
    }),
    { numRuns: 150 },
  );
});
