import { expect, test } from 'vitest';
import { limitNestedCalls } from './nested-calls.ts';

const stateAt = (word: number, values: readonly number[]): Uint8Array => {
  const words = new Int32Array(32);
  words.set(values, word);
  return new Uint8Array(words.buffer);
};
const wordOf = (memory: Uint8Array, word: number): number | undefined => new Int32Array(memory.buffer)[word];

test('the calls of C that are left are lowered in a thread state of CPython 3.13', () => {
  const memory = stateAt(4 + 7, [1000, 1000, 10_000, 0]);
  expect(limitNestedCalls(memory, 16, 1500)).toBe(true);
  expect([10, 11, 12, 13, 14].map((word) => wordOf(memory, word))).toEqual([0, 1000, 1000, 1500, 0]);
});

test.each([
  ['the limit of Python calls is elsewhere', [1000, 0, 10_000, 0]],
  ['calls of C have another limit', [1000, 1000, 8000, 0]],
  ['calls of C are under way', [1000, 1000, 9998, 0]],
])('nothing is written where %s', (_what, values) => {
  const memory = stateAt(7, values);
  const before = memory.slice();
  expect(limitNestedCalls(memory, 0, 1500)).toBe(false);
  expect(memory).toEqual(before);
});
