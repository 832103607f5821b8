// After Node's lib/internal/util/inspect.js (MIT).
import { ARRAY_EXTRAS, type Context } from './context.ts';
import { widthOf } from './strings.ts';

const SEPARATOR = 2;
/** A letter is about so many times as high as wide; Node draws squares. */
const HEIGHT = 2.5;

/** Sets many short entries in columns; others come back as they were. */
function groupEntries(context: Context, output: string[], value: ArrayLike<unknown> | undefined): string[] {
  const isCut = context.maxArrayLength < output.length;
  // The line "... n more items" is not an entry.
  const count = isCut ? output.length - 1 : output.length;
  const widths = output.slice(0, count).map(widthOf);
  const total = widths.reduce((sum, width) => sum + width + SEPARATOR, 0);
  const longest = widths.reduce((most, width) => Math.max(most, width), 0);
  const cell = longest + SEPARATOR;
  if (!(cell * 3 + context.indentationLvl < context.breakLength && (total / cell > 5 || longest <= 6))) return output;

  const bias = Math.sqrt(cell - total / output.length);
  const biased = Math.max(cell - 3 - bias, 1);
  const columns = Math.min(
    Math.round(Math.sqrt(HEIGHT * biased * count) / biased),
    Math.floor((context.breakLength - context.indentationLvl) / cell),
    (context.compact as number) * 4,
    15,
  );
  if (columns <= 1) return output;
  const isNumeric = value !== undefined && output.every((_, at) => ['number', 'bigint'].includes(typeof value[at]));
  const rows = drawRows(output.slice(0, count), widths, columns, isNumeric);
  if (isCut) rows.push(output[count] ?? '');
  return rows;
}

function drawRows(cells: readonly string[], widths: readonly number[], columns: number, isNumeric: boolean): string[] {
  const columnWidths = Array.from({ length: columns }, (_, column) => {
    let most = 0;
    for (let at = column; at < cells.length; at += columns) most = Math.max(most, widths[at] ?? 0);
    return most + SEPARATOR;
  });
  const cell = (text: string, at: number, isLast: boolean): string => {
    const width = (columnWidths[at % columns] ?? 0) + text.length - (widths[at] ?? 0);
    if (isLast) return isNumeric ? text.padStart(width - SEPARATOR) : text;
    return isNumeric ? `${text}, `.padStart(width) : `${text}, `.padEnd(width);
  };
  const rows: string[] = [];
  for (let from = 0; from < cells.length; from += columns) {
    const row = cells.slice(from, from + columns);
    rows.push(row.map((text, at) => cell(text, from + at, at === row.length - 1)).join(''));
  }
  return rows;
}

function fitsOneLine(context: Context, output: readonly string[], start: number, base: string): boolean {
  let total = output.length + start;
  if (context.breakLength === Infinity) return ![base, ...output].some((text) => text.includes('\n'));
  if (total + output.length > context.breakLength) return false;
  for (const text of output) {
    total += text.length;
    if (total > context.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

/** Entries between braces: on one line where they fit, else one below the other. */
export function joinEntries(
  context: Context,
  entries: string[],
  base: string,
  braces: readonly [string, string],
  kind: number,
  depth: number,
  value?: ArrayLike<unknown>,
): string {
  let output = entries;
  const [open, close] = braces;
  if (context.compact === true) {
    if (fitsOneLine(context, output, 0, base)) {
      return `${open}${base ? ` ${base}` : ''} ${output.join(', ')} ${close}`;
    }
    const indent = `\n${' '.repeat(context.indentationLvl)}`;
    const line = base === '' && open.length === 1 ? ' ' : `${base ? ` ${base}` : ''}\n${indent.slice(1)}  `;
    return `${open}${line}${output.join(`,${indent}  `)} ${close}`;
  }
  const head = base ? `${base} ` : '';
  if (typeof context.compact === 'number' && context.compact >= 1) {
    const count = output.length;
    if (kind === ARRAY_EXTRAS && count > 6) output = groupEntries(context, output, value);
    if (context.currentDepth - depth < context.compact && count === output.length) {
      const start = output.length + context.indentationLvl + open.length + base.length + 10;
      if (fitsOneLine(context, output, start, base)) {
        const joined = output.join(', ');
        if (!joined.includes('\n')) return `${head}${open} ${joined} ${close}`;
      }
    }
  }
  const indent = `\n${' '.repeat(context.indentationLvl)}`;
  return `${head}${open}${indent}  ${output.join(`,${indent}  `)}${indent}${close}`;
}
