import { expect, test } from 'vitest';
import { argumentsFor, BadCall, showResult } from './values.ts';

const place = (text: string) => ({ pointer: 1_000, length: text.length });
const give = (types: readonly string[], ...words: readonly string[]) =>
  argumentsFor(
    'f',
    { parameters: types, results: [] },
    words.map((text) => (text.startsWith('"') ? { text: text.slice(1), isQuoted: true } : { text, isQuoted: false })),
    place,
  );
const read = (pointer: number, length: number | null): string => `text at ${pointer}, ${length}`;

test('arguments become what the types want', () => {
  expect(give(['i32', 'i32', 'i32'], '7', '-1', '0xffffffff')).toEqual([7, -1, -1]);
  expect(give(['i64', 'i64', 'i64'], '9007199254740993', '-5', '18446744073709551615')).toEqual([
    9007199254740993n,
    -5n,
    -1n,
  ]);
  expect(give(['f64', 'f32', 'f64', 'f64'], '1.5', '-inf', 'nan', '1e3')).toEqual([1.5, -Infinity, Number.NaN, 1000]);
  expect(give(['i32', 'i32', 'i32'], '"abc', '1')).toEqual([1_000, 3, 1]);
});

test.for([
  [['i32'], ['x'], /whole number \(i32\), not x/u],
  [['i32'], ['1.5'], /whole number/u],
  [['i32'], ['4294967296'], /does not fit into i32/u],
  [['i32'], ['-2147483649'], /does not fit into i32/u],
  [['i64'], ['18446744073709551616'], /does not fit into i64/u],
  [['f64'], ['abc'], /must be a number/u],
  [['externref'], ['1'], /cannot be given from here/u],
  [['i64', 'i64'], ['"text'], /stands for two i32/u],
  [['i32', 'i32'], ['1'], /takes 2 arguments, not 1/u],
  [['i32'], ['1', '2'], /takes 1 argument, not 2/u],
] as const)('%j do not take %j', ([types, words, message]) => {
  expect(() => give(types, ...words)).toThrow(message);
  expect(() => give(types, ...words)).toThrow(BadCall);
});

test('results are shown whole, in the form that was asked for', () => {
  expect(showResult(undefined, 'plain', read)).toBeNull();
  expect(showResult(-1, 'plain', read)).toBe('-1');
  expect(showResult(-1, 'u32', read)).toBe('4294967295');
  expect(showResult(-1n, 'u64', read)).toBe('18446744073709551615');
  expect(showResult(9007199254740993n, 'plain', read)).toBe('9007199254740993');
  expect(showResult([5, 7n, -0], 'plain', read)).toBe('(5, 7, -0)');
  expect(showResult(0, 'bool', read)).toBe('false');
  expect(showResult(255, 'hex', read)).toBe('0xff');
  expect(showResult([16, 5], 'string', read)).toBe('text at 16, 5');
  expect(showResult(16, 'string', read)).toBe('text at 16, null');
  expect(() => showResult(1n, 'string', read)).toThrow(BadCall);
});
