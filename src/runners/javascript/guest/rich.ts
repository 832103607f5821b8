import { inspect } from './inspect/index.ts';

const ROWS = 1_000;
const COLUMNS = 100;
const CELL_UNITS = 4_000;
const JSON_UNITS = 1_000_000;
/** How deep the tree of a value is shown beside its one text. */
const TREE_DEPTH = 8;

type Cell = string | number | boolean | null;

interface TableShape {
  readonly title: null;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly index: readonly string[] | null;
  readonly totalRows: number;
  readonly totalColumns: number;
}

function isRow(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype === Object.prototype || Object.hasOwn(value, 'constructor') === false;
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  const text = typeof value === 'string' ? value : inspect(value, { depth: 1, breakLength: Infinity });
  return text.slice(0, CELL_UNITS);
}

function typeOf(values: readonly unknown[]): string {
  const kinds = new Set(values.filter((value) => value !== null && value !== undefined).map((value) => typeof value));
  if (kinds.size === 0) return 'undefined';
  return kinds.size === 1 ? String([...kinds][0]) : 'mixed';
}

/** A table for arrays of objects (and objects of objects, which name their rows); null for anything else. */
export function tableView(value: unknown): TableShape | null {
  if (typeof value !== 'object' || value === null) return null;
  const isList = Array.isArray(value);
  const index = isList ? null : Object.keys(value);
  const rows: readonly unknown[] = isList ? value : Object.values(value);
  if (rows.length === 0 || (!isList && !isRow(value)) || !rows.every((row) => isRow(row))) return null;
  const names = new Set<string>();
  for (const row of rows.slice(0, ROWS)) for (const name of Object.keys(row)) names.add(name);
  if (names.size === 0) return null;
  const columns = [...names].slice(0, COLUMNS);
  const shown = rows.slice(0, ROWS) as Record<string, unknown>[];
  return {
    title: null,
    columns: columns.map((name) => name.slice(0, 1_000)),
    types: columns.map((name) => typeOf(shown.map((row) => row[name]))),
    rows: shown.map((row) => columns.map((name) => cellOf(row[name]))),
    index: index ? index.slice(0, ROWS).map((name) => name.slice(0, 1_000)) : null,
    totalRows: rows.length,
    totalColumns: names.size,
  };
}

/** JSON of the value as data, where it is data; an empty string else. */
function dataOf(value: object): string {
  if (!Array.isArray(value) && !isRow(value)) return '';
  try {
    const text = JSON.stringify(value);
    return typeof text === 'string' && text.length <= JSON_UNITS ? text : '';
  } catch {
    return ''; // a circle or a BigInt: the text shows it
  }
}

/**
 * What shows a value better than one text: a table, a deeper tree, the value as data. JSON of `{data, table}`, or an empty
 * string. Errors and functions are said by their text.
 */
export function richForm(value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof Error) return '';
  const table = tableView(value);
  const tree = inspect(value, { depth: TREE_DEPTH, maxArrayLength: ROWS });
  const json = dataOf(value);
  if (!table && json === '' && tree === inspect(value)) return '';
  return JSON.stringify({ data: { 'text/plain': tree, ...(json === '' ? {} : { 'application/json': json }) }, table });
}
