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
