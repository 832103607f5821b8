import { useSignal } from '@preact/signals';
import type { Result } from '../../../base/index.ts';
import type { AppError } from '../../../contracts/errors.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { TableView } from '../../../contracts/run.ts';
import { Button, isTrustedPress, saveBytes, sentenceOf, toCsv, watchControl } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';

type Cell = string | number | boolean | null;
interface Row {
  readonly label: string | null;
  readonly cells: readonly Cell[];
}

const FIRST_ROWS = 10;

/** Numbers by size, texts by the reader's alphabet, missing values last either way. */
export function compareCells(left: Cell, right: Cell): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}

export function sortRows(rows: readonly Row[], column: number, isDown: boolean): readonly Row[] {
  return rows.toSorted((left, right) => {
    const a = left.cells[column] ?? null;
    const b = right.cells[column] ?? null;
    if (a === null || b === null) return compareCells(a, b);
    return isDown ? compareCells(b, a) : compareCells(a, b);
  });
}

const MOST_DECIMALS = 6;

/** Decimals that a column of numbers needs, so that its points stand below each other. */
export function decimalsOf(cells: readonly Cell[]): number {
  let most = 0;
  for (const cell of cells) {
    if (typeof cell !== 'number' || Number.isInteger(cell)) continue;
    const text = String(cell);
    if (text.includes('e')) return MOST_DECIMALS;
    most = Math.max(most, text.length - text.indexOf('.') - 1);
  }
  return Math.min(most, MOST_DECIMALS);
}

export function cellText(cell: Cell, decimals: number): string {
  if (cell === null) return '–';
  if (typeof cell !== 'number' || decimals === 0) return String(cell);
  // Very large and very small numbers would lose what they say.
  const isPlain = cell === 0 || (Math.abs(cell) >= 10 ** -decimals && Math.abs(cell) < 1e15);
  return isPlain ? cell.toFixed(decimals) : String(cell);
}

interface TableProps {
  readonly table: TableView;
  readonly name: string;
  /** The bytes of the file that holds all of the table, where the run wrote one. */
  readonly readWhole: (() => Promise<Result<Uint8Array<ArrayBuffer>, AppError>>) | null;
  /** How a program of its language writes all of a table; null where there is no one way. */
  readonly savesAll: string | null;
  readonly onNote: (text: string) => void;
}

interface Shown {
  readonly table: TableView;
  readonly rows: number;
}

function Count({ table, rows, columns }: Shown & { readonly columns: number }) {
  const cut = columns < table.totalColumns ? ` · ${TEXTS.table.columnsCut(columns, table.totalColumns)}` : '';
  return (
    <span class="quiet" data-part="table-count">
      {`${TEXTS.table.count(rows, table.totalRows, table.totalColumns)}${cut}`}
    </span>
  );
}

/** What the button saves where that is not all. */
function SavesPart({ table, rows, all }: Shown & { readonly all: string | null }) {
  const said = TEXTS.table.savesShown(rows, table.totalRows);
  return (
    <span class="quiet" data-part="saves-part">
      {all === null ? said : `${said}; ${all}`}
    </span>
  );
}

export function Table({ table, name, readWhole, savesAll, onNote }: TableProps) {
  const sort = useSignal<{ column: number; isDown: boolean } | null>(null);
  const isWhole = useSignal(false);
  const columns = table.columns.slice(0, LIMITS.tableColumnsShown.standard);
  const all: readonly Row[] = table.rows
    .slice(0, LIMITS.tableRowsShown.standard)
    .map((cells, at) => ({ label: table.index?.[at] ?? null, cells }));
  const sorted = sort.value === null ? all : sortRows(all, sort.value.column, sort.value.isDown);
  const rows = isWhole.value ? sorted : sorted.slice(0, FIRST_ROWS);
  const isNumeric = columns.map((_, at) =>
    all.every(({ cells }) => cells[at] == null || typeof cells[at] === 'number'),
  );
  const decimals = columns.map((_, at) => (isNumeric[at] ? decimalsOf(all.map(({ cells }) => cells[at] ?? null)) : 0));
  const press = (column: number) => {
    const now = sort.value;
    if (now?.column !== column) sort.value = { column, isDown: false };
    else sort.value = now.isDown ? null : { column, isDown: true };
  };
  const ariaSort = (column: number) =>
    sort.value?.column !== column ? 'none' : sort.value.isDown ? 'descending' : 'ascending';
  const isAll = all.length === table.totalRows && columns.length === table.totalColumns;
  const save = async () => {
    const file = name.endsWith('.csv') ? name : `${name}.csv`;
    const whole = await readWhole?.();
    if (whole?.ok) return saveBytes(file, 'text/csv', whole.value);
    if (whole !== undefined && !isAll) return onNote(await sentenceOf(whole.error));
    const header = table.index === null ? columns : ['', ...columns];
    const lines = all.map(({ label, cells }) =>
      table.index === null ? cells.slice(0, columns.length) : [label, ...cells.slice(0, columns.length)],
    );
    saveBytes(file, 'text/csv', toCsv(header, lines));
  };
  const savesPart = !isAll && readWhole === null;
  const saveText = savesPart ? TEXTS.action.saveShownCsv : TEXTS.action.saveCsv;
  return (
    <figure class="table" data-part="table">
      {table.title ? <figcaption>{table.title}</figcaption> : null}
      <div class="scroll" tabIndex={0} role="group" aria-label={table.title ?? TEXTS.table.title}>
        <table>
          <thead>
            <tr>
              {table.index === null ? null : <td class="corner" />}
              {columns.map((column, at) => (
                <th
                  key={`${at}-${column}`}
                  scope="col"
                  class={isNumeric[at] ? 'number' : ''}
                  aria-sort={ariaSort(at)}
                  title={table.types[at]}
                >
                  <button
                    type="button"
                    data-action="sort"
                    aria-label={TEXTS.table.sortBy(column)}
                    ref={watchControl}
                    onClick={(event) => {
                      if (isTrustedPress(event)) press(at);
                    }}
                  >
                    {column}
                    <span aria-hidden="true">{sort.value?.column === at ? (sort.value.isDown ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, cells }, at) => (
              <tr key={at}>
                {table.index === null ? null : <th scope="row">{label}</th>}
                {columns.map((column, cell) => (
                  <td key={`${cell}-${column}`} class={isNumeric[cell] ? 'number' : ''}>
                    {cellText(cells[cell] ?? null, decimals[cell] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row">
        <Count table={table} rows={all.length} columns={columns.length} />
        {all.length > FIRST_ROWS && !isWhole.value ? (
          <Button action="more" onPress={() => (isWhole.value = true)}>
            {TEXTS.action.more}
          </Button>
        ) : null}
        <Button action="save" label={`${saveText}: ${name}`} onPress={() => void save()}>
          {saveText}
        </Button>
        {savesPart ? <SavesPart table={table} rows={all.length} all={savesAll} /> : null}
      </div>
    </figure>
  );
}
