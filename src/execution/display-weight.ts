import type { Display, TableView } from '../contracts/run.ts';

/** What a cell, a number or an empty text costs at least. */
const LEAST_UTF16 = 8;

/** How much memory a piece of rich output holds, in UTF-16 units, near enough for a bound. */
export function displayUtf16({ data, table }: Display): number {
  const pieces = Object.values(data).reduce((sum, text) => sum + text.length, 0);
  return pieces + (table === null ? 0 : tableUtf16(table));
}

function tableUtf16({ columns, types, index, rows }: TableView): number {
  const sizeOf = (cells: readonly unknown[]): number =>
    cells.reduce<number>((sum, cell) => sum + LEAST_UTF16 + (typeof cell === 'string' ? cell.length : 0), 0);
  return sizeOf(columns) + sizeOf(types) + sizeOf(index ?? []) + rows.reduce((sum, row) => sum + sizeOf(row), 0);
}
