import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';
import type { TableView } from '../../../contracts/run.ts';
import { createHostFunctions, type HostFunction } from './host-functions.ts';
import { productFunctions } from './product-functions.ts';

const OFFERED: Readonly<Record<string, HostFunction>> = {
  add: {
    parameters: [
      { name: 'left', type: 'number' },
      { name: 'right', type: 'number', isOptional: true },
    ],
    returns: 'number',
    run: (left: number, right: number = 1) => left + right,
  },
  lie: { parameters: [], returns: 'number', run: () => 'seven' },
  count: { parameters: [{ name: 'list', type: 'array' }], returns: 'number', run: (list: unknown[]) => list.length },
  refuse: {
    parameters: [{ name: 'anything', type: 'any', isOptional: true }],
    returns: 'nothing',
    run: () => {
      throw new RangeError('not today');
    },
  },
};
const functions = createHostFunctions(OFFERED);
const called = (name: string, args: string): unknown => JSON.parse(functions.call(name, args));
const typeError = (message: string) => ({ error: { name: 'TypeError', message } });

describe('functions that programs call', () => {
  it('are called with what their types allow', () => {
    expect(functions.names).toEqual(['add', 'lie', 'count', 'refuse']);
    expect(called('add', '[2,3]')).toEqual({ value: 5 });
    expect(called('add', '[2]')).toEqual({ value: 3 });
    expect(called('add', '[2,null,"more"]')).toEqual({ value: 3 });
  });

  it.each([
    ['add', '[1,"2"]', 'add: right must be number, not string'],
    ['add', '[null]', 'add: left must be number, not null'],
    ['add', '[]', 'add: left is missing, it must be number'],
    ['count', '[{}]', 'count: list must be array, not object'],
    ['toString', '[]', 'toString is no function of the host'],
  ])('%s of %s is refused', (name, args, message) => {
    expect(called(name, args)).toEqual(typeError(message));
  });

  it('tell their own errors by name and message, and give nothing else than they say', () => {
    expect(called('refuse', '[]')).toEqual({ error: { name: 'RangeError', message: 'not today' } });
    expect(called('lie', '[]')).toMatchObject({
      error: { name: 'Error', message: /should give number.* gave string/u },
    });
  });

  it('are not called with more than fits', () => {
    expect(called('refuse', JSON.stringify(['x'.repeat(8_000_000)]))).toMatchObject({
      error: { name: 'RangeError', message: 'refuse: what is passed is too long, it may be 8 MB as JSON' },
    });
  });

  it('take the one empty table of Lua for an array', () => {
    const lua = createHostFunctions(OFFERED, { hasOneEmpty: true });
    expect(JSON.parse(lua.call('count', '[{}]'))).toEqual({ value: 0 });
    expect(JSON.parse(lua.call('count', '[{"a":1}]'))).toEqual(typeError('count: list must be array, not object'));
  });
});

type Shown = readonly [data: Readonly<Record<string, string>>, table: TableView | null | undefined];

function product() {
  const shown: Shown[] = [];
  const offered = createHostFunctions(
    productFunctions({ display: (data, table) => Boolean(shown.push([data, table])) }),
  );
  return {
    shown,
    call: (name: string, ...args: unknown[]): unknown => JSON.parse(offered.call(name, JSON.stringify(args))),
  };
}

describe('displayTable', () => {
  it('shows records as a table with its title, and as data', () => {
    const { shown, call } = product();
    expect(call('displayTable', [{ a: 1 }, { b: [2] }], 'Numbers')).toEqual({});
    expect(shown).toEqual([
      [
        { 'application/json': '[{"a":1},{"b":[2]}]' },
        {
          title: 'Numbers',
          columns: ['a', 'b'],
          types: ['number', 'array'],
          rows: [
            [1, null],
            [null, '[2]'],
          ],
          index: null,
          totalRows: 2,
          totalColumns: 2,
        },
      ],
    ]);
  });

  it('shows arrays by position, and nothing as an empty table without title', () => {
    const { shown, call } = product();
    call('displayTable', [
      [1, 'x'],
      [2, 'y'],
    ]);
    call('displayTable', []);
    expect(shown.map(([, table]) => table)).toMatchObject([
      {
        title: null,
        columns: ['0', '1'],
        rows: [
          [1, 'x'],
          [2, 'y'],
        ],
      },
      { title: null, columns: [], rows: [], totalRows: 0 },
    ]);
  });

  it('takes an empty record for an empty array among arrays', () => {
    const { shown, call } = product();
    expect(call('displayTable', [{}, [1], {}])).toEqual({});
    expect(shown[0]?.[1]).toMatchObject({ columns: ['0'], rows: [[null], [1], [null]] });
  });

  it('has the name of ChatGPT’s own function too', () => {
    const { shown, call } = product();
    expect(call('display_dataframe_to_user', 'People', [{ a: 1 }])).toEqual({});
    expect(shown[0]?.[1]).toMatchObject({ title: 'People', rows: [[1]] });
    expect(call('display_dataframe_to_user', [{ a: 1 }])).toEqual(
      typeError('display_dataframe_to_user: name must be string, not array'),
    );
  });

  it.each([
    [[1, 2], 'row 1 of rows must be object or array, not number'],
    [[{ a: 1 }, null], 'row 2 of rows must be object as those before it, not null'],
    [[[1], { a: 1 }], 'row 2 of rows must be array as those before it, not object'],
  ])('refuses rows such as %j', (rows, message) => {
    const { shown, call } = product();
    expect(call('displayTable', rows)).toEqual(typeError(`displayTable: ${message}`));
    expect(shown).toEqual([]);
  });

  it('shows the beginning of a long table and counts the whole; its data is then left out', () => {
    const { shown, call } = product();
    call(
      'displayTable',
      Array.from({ length: 50_000 }, (_none, n) => ({ n, text: 'some text' })),
    );
    const [[data, table] = []] = shown;
    expect(data).toEqual({});
    expect(table).toMatchObject({ totalRows: 50_000, totalColumns: 2 });
    expect(table?.rows).toHaveLength(LIMITS.tableRowsShown.standard);
  });
});
