import { expect, test } from 'vitest';
import { crossed, designs, times, turnOf } from './whole.ts';

test('the whole run has every pair, every design and every repetition', () => {
  expect(crossed(['a', 'b'], [1, 2, 3], true)).toHaveLength(6);
  expect(turnOf(['a', 'b'], 'a', [1, 2, 3], true)).toEqual([1, 2, 3]);
  expect(designs('legacy', true)).toEqual(['app', 'legacy']);
  expect(times(20, 6, true)).toBe(20);
});

test('every day each of the longer list is there once, with the others by turns', () => {
  expect(crossed(['a', 'b'], [1, 2, 3], false)).toEqual([
    ['a', 1],
    ['a', 3],
    ['b', 2],
  ]);
  expect(crossed([1, 2, 3], ['a', 'b'], false)).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
  ]);
  expect(turnOf(['a', 'b'], 'a', [1, 2, 3], false)).toEqual([1, 3]);
  expect(designs('legacy', false)).toEqual(['legacy']);
  expect(times(20, 6, false)).toBe(6);
});
