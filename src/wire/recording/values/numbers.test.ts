import { describe, expect, it } from 'vitest';
import { createNames } from './names.ts';
import { createNumbers } from './numbers.ts';

describe('numbers of a recording', () => {
  it.each([
    ['order', 123_456, 1],
    ['limit', 81_234, 1],
    ['version', 7, 1],
    ['status', 451, 1],
    ['price', -12.5, -0.5],
    ['count', 41_234_567_890, 1],
    ['index', 99, 99],
    ['c', 3, 3],
  ])('say only their kind, where they are no place and no count: %s', (key, value, shown) => {
    expect(createNumbers().of(value, key)).toBe(shown);
  });

  it('of an offset tell how far they lie apart, and small ones stay', () => {
    const numbers = createNumbers();
    const offsets = ['4111111111111111', '4111111111111115-2', '12-3', '9999999', '1-49123456', '9'.repeat(31)];
    expect(offsets.map((offset) => numbers.offset(offset))).toEqual([
      '100000000000000000000',
      '100000000000000000004-2',
      '12-3',
      '9999999',
      '1-100000000000000000000',
      null,
    ]);
  });

  it('of an address stay where they page through a list', () => {
    expect(createNames().address('/backend-api/conversations?limit=28&q=1234&offset=56&is_archived=false')).toBe(
      '/backend-api/conversations?limit=28&q=i1&offset=56&is_archived=false',
    );
  });
});
