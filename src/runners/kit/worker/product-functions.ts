import type { EngineHost } from './engine.ts';
import { type HostFunction, isEmptyObject } from './host-functions.ts';
import { tableOf, typeOf } from './table.ts';

/** Longer data is only a table: nobody unfolds it, and no message holds it. */
const JSON_UTF16 = 1_000_000;

type Rows = Parameters<typeof tableOf>[0];

/** Functions of this product for programs of every language whose values can cross as JSON, by name. */
export function productFunctions(host: Pick<EngineHost, 'display'>): Readonly<Record<string, HostFunction>> {
  const show = (name: string, rows: readonly unknown[], title: string | null): void => {
    const data = JSON.stringify(rows);
    const table = tableOf(rowsOf(name, rows), { title });
    // False ends the run: its engine sees that at its next step, whatever this gives.
    host.display(data.length <= JSON_UTF16 ? { 'application/json': data } : {}, table);
  };
  return {
    displayTable: {
      parameters: [
        { name: 'rows', type: 'array' },
        { name: 'title', type: 'string', isOptional: true },
      ],
      returns: 'nothing',
      run: (rows: readonly unknown[], title: string | null = null) => show('displayTable', rows, title),
    },
    // As the module of ChatGPT's own Python calls it.
    display_dataframe_to_user: {
      parameters: [
        { name: 'name', type: 'string' },
        { name: 'rows', type: 'array' },
      ],
      returns: 'nothing',
      run: (title: string, rows: readonly unknown[]) => show('display_dataframe_to_user', rows, title),
    },
  };
}

/**
 * Rows of one kind: records, whose names are the columns, or arrays. An empty record is an empty array among arrays: in Lua they
 * are the same. Counted from 1, as people and tables do.
 */
function rowsOf(name: string, rows: readonly unknown[]): Rows {
  const kind = typeOf(rows.find((row) => !isEmptyObject(row))) === 'array' ? 'array' : 'object';
  return rows.map((row, at) => {
    if (typeOf(row) === kind) return row;
    if (kind === 'array' && isEmptyObject(row)) return [];
    const wanted = at === 0 ? 'object or array' : `${kind} as those before it`;
    throw new TypeError(`${name}: row ${at + 1} of rows must be ${wanted}, not ${typeOf(row)}`);
  }) as unknown as Rows;
}
