import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAnalyser } from '../../tools/analyse/open-analyser.ts';
import { readLabelled } from '../../tools/analyse/labelled.ts';
import { makeSyntaxTable } from './tree/syntax-table.ts';
import { GRAMMARS } from './tree/grammars.ts';

const LABELS = ['python', 'javascript', 'typescript', 'lua', 'bash', null] as const;
const label = fc.constantFrom(...LABELS);
const pieces = readLabelled().map(({ code }) => code);

/** Whether an answer holds together, whatever the code was. */
function check(code: string, wanted: (typeof LABELS)[number]): void {
  const found = openAnalyser().analyse({ code, label: wanted });
  expect(found.risk).toBeGreaterThanOrEqual(0);
  expect(found.risk).toBeLessThanOrEqual(100);
  expect(found.band).toBe(found.risk >= 70 ? 'high' : found.risk >= 30 ? 'medium' : 'low');
  for (const { at } of found.unsafe) {
    expect(at.from).toBeLessThanOrEqual(at.to);
    expect(at.to).toBeLessThanOrEqual(code.length);
  }
  for (const { at, replacement } of found.hints) if (replacement !== null) expect(at.to).toBeGreaterThan(at.from);
}

test('junk is read without a throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), label, (code, wanted) => check(code, wanted)),
    { numRuns: 300 },
  );
});

test('pieces cut anywhere and joined in any order are read without a throw', () => {
  const cut = fc
    .tuple(fc.constantFrom(...pieces), fc.nat(), fc.nat())
    .map(([code, from, length]) => code.slice(from % (code.length + 1)).slice(0, length % (code.length + 1)));
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), label, (parts, wanted) =>
      check(parts.join('\n'), wanted),
    ),
    { numRuns: 400 },
  );
});

test('signs of the grammars in any order are read without a throw', () => {
  const signs =
    '( ) [ ] { } : ; , . " \' ` # // /* */ -- [[ ]] $( ${ `` && | < > << = == => def class if for while do done then fi end function return yield await lambda import from with try except async *'.split(
      ' ',
    );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...signs, '\n', ' '), { maxLength: 200 }), label, (parts, wanted) =>
      check(parts.join(' '), wanted),
    ),
    { numRuns: 400 },
  );
});

const repeat = (count: number, piece: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => piece(at)).join('');

const growing = `import numpy as np\nfor i in x:\n  a = ${'np.append('.repeat(5_000)}b${', c)'.repeat(5_000)}`;
const rounds =
  repeat(400, (at) => `${' '.repeat(at)}for i in range(len(x)):\n`) + `${' '.repeat(400)}x[i]\n`.repeat(100);

// What a parser or a walk by recursion would die of, and what makes work grow with the square.
test.each<[string, (typeof LABELS)[number], string]>([
  ['open brackets', 'python', '('.repeat(30_000)],
  ['nested lists', 'javascript', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ['a chain of members', 'python', `a${'.b'.repeat(20_000)}()`],
  ['a chain of calls', 'typescript', `a${'()'.repeat(15_000)}`],
  ['nested blocks', 'javascript', `${'{let a=b;'.repeat(3_000)}${'}'.repeat(3_000)}`],
  ['loops in loops', 'javascript', 'while(true){'.repeat(4_000)],
  ['loops in loops', 'lua', 'while true do '.repeat(4_000)],
  ['functions in functions', 'javascript', 'function f(){f();'.repeat(3_000)],
  ['one long sum', 'python', `x = ${'y+'.repeat(15_000)}1`],
  ['texts that double', 'python', repeat(400, (at) => `s${at + 1} = s${at} + s${at}\n`)],
  ['a megabyte in one line', null, `x = "${'a'.repeat(1_000_000)}"`],
  ['a megabyte of code', 'python', 'print(1)\n'.repeat(120_000)],
  ['many names', 'javascript', `let ${repeat(10_000, (at) => `v${at},`)}z`],
  ['many jumps', 'lua', `::a::\n${'goto a\n'.repeat(10_000)}`],
  ['substitutions in substitutions', 'bash', `${'$('.repeat(10_000)}x${')'.repeat(10_000)}`],
  ['a long pipe', 'bash', 'a|'.repeat(10_000)],
  ['functions of a shell', 'bash', repeat(2_000, (at) => `f${at}(){ f${at}|f${at}& }\n`)],
  ['lists for sums in lists for sums', 'python', `${'sum(['.repeat(3_000)}1${' for x in y])'.repeat(3_000)}`],
  ['arrays that grow in arrays that grow', 'python', growing],
  ['rounds by index in rounds by index', 'python', rounds],
  ['everything open', null, '{[(<\'"`'.repeat(2_000)],
])('%s: read in bounded work (%s)', (_name, wanted, code) => {
  check(code, wanted);
});

// A table that is a plain object has members that nobody wrote into it.
test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('the name %s is one as any other', (name) => {
  const code = `${name} -o ${name}\n`;
  for (const wanted of LABELS) {
    check(`${name}(1)`, wanted);
    check(`import ${name}`, wanted);
    check(`require("${name}")(${name}.${name}, [${name}])\nclass ${name} {}`, wanted);
    check(code, wanted);
  }
  const found = openAnalyser().analyse({ code, label: 'bash' });
  expect(found).toMatchObject({ network: [], files: [], programs: [name], band: 'low' });
  const { missing } = openAnalyser().analyse({ code: `import ${name}`, label: 'python' });
  expect(missing).toEqual([]);
  expect(openAnalyser().analyse({ code: 'x', label: name }).languageFrom).not.toBe('label');
});

test('the table of a tree holds no more than its bound, and says that it was cut', () => {
  const table = makeSyntaxTable(GRAMMARS.python.parser, 'f(1)\n'.repeat(2_000), 500);
  expect(table).toMatchObject({ count: 500, isCut: true });
  const found = openAnalyser().analyse({ code: 'print(1)\n'.repeat(40_000), label: 'python' });
  expect(found.isPartial).toBe(true);
  expect(found.unsafe.map(({ rule }) => rule)).toContain('partial');
});
