import { describe, expect, it } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import { Area } from './kept-areas.ts';

const MOST = LIMITS.previewKeptUtf16.standard;

describe('an area of what pages keep', () => {
  it('holds what is put, in its order, and comes back from its changes', () => {
    const area = new Area();
    for (const [key, value] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
      ['c', '4'],
      ['b', null],
    ] as const)
      area.put(key, value);
    expect(area.keys).toEqual(['a', 'c']);
    expect(area.get('a')).toBe('3');
    expect(area.get('b')).toBeNull();
    expect(new Area(area.changes).changes).toEqual([
      ['a', '3'],
      ['c', '4'],
    ]);
  });

  it('holds so much and no more, and stays as it was where more is put', () => {
    const area = new Area();
    expect(area.put('a', 'x'.repeat(MOST - 1))).toBe(true);
    expect(area.put('b', '')).toBe(false);
    expect(area.put('a', 'x'.repeat(MOST))).toBe(false);
    expect(area.get('a')).toHaveLength(MOST - 1);
    expect(area.put('a', null)).toBe(true);
    expect(area.put('b', 'x'.repeat(MOST - 1))).toBe(true);
  });
});
