import { expect, test } from 'vitest';
import { TEXTS } from './texts.ts';

test.each([
  [1, 1, '1 row × 2 columns'],
  [999, 999, '999 rows × 2 columns'],
  [1000, 1000, '1,000 rows × 2 columns'],
  [1000, 1_234_567, 'First 1,000 of 1,234,567 rows × 2 columns'],
])('the size of a table: %i of %i rows', (shown, rows, text) => {
  expect(TEXTS.table.count(shown, rows, 2)).toBe(text);
});

test('one column is no columns', () => {
  expect(TEXTS.table.count(1, 1, 1)).toBe('1 row × 1 column');
  expect(TEXTS.table.count(1_000, 2_000, 1)).toBe('First 1,000 of 2,000 rows × 1 column');
});
