import { expect, test } from 'vitest';
import { groupDigits } from './group-digits.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [-123_456, '-123,456'],
  [1e15, '1,000,000,000,000,000'],
])('%d is written %s', (count, text) => expect(groupDigits(count)).toBe(text));
