import { LIMITS } from '../../../contracts/limits.ts';
import type { TableView } from '../../../contracts/run.ts';

type Cell = TableView['rows'][number][number];
const CELL_UTF16 = 4_000;
const NAME_UTF16 = 1_000;

/** How a value stands in a cell: numbers stay numbers, so that sorting is right; others as `show` writes them. */
function cellOf(value: unknown, show: (value: unknown) => string): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  return (typeof value === 'string' ? value : show(value)).slice(0, CELL_UTF16);
}

/** As people are told of it. */
export const typeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;

/**
 * A table from rows by column name (a missing name is an empty cell), or by position where `columns` are not known: then they
 * are called 0, 1, …. Cut to what is shown; `totalRows` and `totalColumns` are those of the whole.
 */
export function tableOf(
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  options: {
    readonly title?: string | null;
    readonly columns?: readonly string[];
    readonly index?: readonly string[] | null;
    readonly show?: (value: unknown) => string;
  } = {},
): TableView {
  const show = options.show ?? ((value) => JSON.stringify(value) ?? String(value));
  const all = options.columns ?? namesIn(rows);
  const shown = all.slice(0, LIMITS.tableColumnsShown.standard);
  const cut = rows.slice(0, LIMITS.tableRowsShown.standard);
  const at = (row: (typeof rows)[number], name: string): unknown => {
    if (Array.isArray(row)) return (row as readonly unknown[])[all.indexOf(name)];
    return Object.hasOwn(row, name) ? (row as Readonly<Record<string, unknown>>)[name] : undefined;
  };
  const types = shown.map((name) => {
    const found = new Set(
      cut
        .map((row) => at(row, name))
        .filter((value) => value !== undefined)
        .map(typeOf),
    );
    return [...found].sort().join(' | ').slice(0, 200);
  });
  return {
    title: options.title?.slice(0, NAME_UTF16) ?? null,
    columns: shown.map((name) => name.slice(0, NAME_UTF16)),
    types,
    rows: cut.map((row) => shown.map((name) => cellOf(at(row, name), show))),
    index: options.index?.slice(0, cut.length).map((name) => name.slice(0, NAME_UTF16)) ?? null,
    totalRows: rows.length,
    totalColumns: all.length,
  };
}

/** Every name that some row has, in the order of first sight. */
function namesIn(rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}
