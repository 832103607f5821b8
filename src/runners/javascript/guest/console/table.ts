// After Node's lib/internal/cli_table.js and console.table (MIT).
import { mapSize, setSize } from '../inspect/brands.ts';
import { inspect } from '../inspect/index.ts';
import { widthOf } from '../inspect/strings.ts';

/** What `console.table` shows: a head, and the columns below it. */
export interface Grid {
  readonly head: readonly string[];
  readonly columns: readonly (readonly (string | undefined)[])[];
}

const VALUES = 'Values';
const INDEX = '(index)';
const ITERATION = '(iteration index)';

function cell(value: unknown): string {
  const isWide = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 2;
  return inspect(value, { depth: isWide ? -1 : 0, maxArrayLength: 3, breakLength: Infinity });
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

function isMap(value: object): value is Map<unknown, unknown> {
  try {
    return mapSize(value) >= 0;
  } catch {
    return false; // no Map
  }
}

function isSet(value: object): value is Set<unknown> {
  try {
    return setSize(value) >= 0;
  } catch {
    return false; // no Set
  }
}

/** Null for values that are printed as they are. */
export function gridOf(rows: unknown, properties?: readonly string[]): Grid | null {
  if (typeof rows !== 'object' || rows === null) return null;
  if (isMap(rows)) {
    const entries = [...Map.prototype.entries.call(rows)] as [unknown, unknown][];
    const columns = [numbers(entries.length), entries.map(([key]) => cell(key)), entries.map(([, held]) => cell(held))];
    return { head: [ITERATION, 'Key', VALUES], columns };
  }
  if (isSet(rows)) {
    const members = [...Set.prototype.values.call(rows)] as unknown[];
    return { head: [ITERATION, VALUES], columns: [numbers(members.length), members.map(cell)] };
  }
  const index = Object.keys(rows);
  const columns = new Map<string, (string | undefined)[]>();
  const values: (string | undefined)[] = [];
  let hasPrimitives = false;
  index.forEach((key, at) => {
    const row = (rows as Record<string, unknown>)[key];
    const isPrimitive = row === null || (typeof row !== 'object' && typeof row !== 'function');
    if (properties === undefined && isPrimitive) {
      hasPrimitives = true;
      values[at] = cell(row);
      return;
    }
    for (const name of properties ?? Object.keys(row as object)) {
      const column = columns.get(name) ?? [];
      columns.set(name, column);
      const isThere = !isPrimitive && Object.hasOwn(row, name);
      column[at] = isThere ? cell((row as Record<string, unknown>)[name]) : '';
    }
  });
  const extra = hasPrimitives ? [values] : [];
  return {
    head: [INDEX, ...columns.keys(), ...(hasPrimitives ? [VALUES] : [])],
    columns: [index, ...columns.values(), ...extra],
  };
}

/** The grid in lines of box drawing characters. */
export function drawGrid({ head, columns }: Grid): string {
  const count = columns.reduce((most, column) => Math.max(most, column.length), 0);
  const widths = head.map((name, at) =>
    (columns[at] ?? []).reduce((most: number, text) => Math.max(most, widthOf(text ?? '')), widthOf(name)),
  );
  const line = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  const row = (cells: readonly string[]): string =>
    `│${cells.map((text, at) => ` ${text}${' '.repeat((widths[at] ?? 0) - widthOf(text))} `).join('│')}│`;
  const rows = Array.from({ length: count }, (_, at) => row(columns.map((column) => column[at] ?? '')));
  return [line('┌', '┬', '┐'), row(head), line('├', '┼', '┤'), ...rows, line('└', '┴', '┘')].join('\n');
}
