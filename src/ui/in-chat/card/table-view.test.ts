import { describe, expect, it } from 'vitest';
import { cellText, decimalsOf, sortRows } from './table-view.tsx';

const rows = [[3], [null], [10], [-1]].map((cells, at) => ({ label: String(at), cells }));

describe('tables', () => {
  it('sort numbers by size, both ways, with missing values last', () => {
    const sorted = (isDown: boolean) => sortRows(rows, 0, isDown).map(({ cells }) => cells[0]);
    expect(sorted(false)).toEqual([-1, 3, 10, null]);
    expect(sorted(true)).toEqual([10, 3, -1, null]);
  });

  it('give a column of numbers one count of decimals', () => {
    const decimals = decimalsOf([1, 2.5, 0.25, null]);
    expect([1, 2.5, 0.25, null].map((cell) => cellText(cell, decimals))).toEqual(['1.00', '2.50', '0.25', '–']);
  });

  it('leave whole, huge and tiny numbers as they are', () => {
    expect(cellText(7, decimalsOf([7, 8]))).toBe('7');
    expect(cellText(1e21, 2)).toBe('1e+21');
    expect(cellText(1e-9, 6)).toBe('1e-9');
  });
});
