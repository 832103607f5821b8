import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession;
beforeAll(async () => {
  python = await openPython('science');
});
afterAll(() => python.dispose());

/** What is told of `/mnt/data/name`, after the line with its name and size. */
async function told(name: string, withValues = false): Promise<string> {
  const { stdout, outcome } = await python.run(
    `from companion_runtime.describe import describe_file
print(describe_file(${JSON.stringify(`/mnt/data/${name}`)}, with_values=${withValues ? 'True' : 'False'}))`,
  );
  expect(outcome).toMatchObject({ kind: 'completed', error: null });
  const [head, ...rest] = stdout.trimEnd().split('\n');
  expect(head).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')} \\([\\d,]+ bytes\\)$`));
  return rest.join('\n');
}

const write = (name: string, content: string) => python.files.put(name, content);
const NO_NAMES = 'No names of columns: the first row is counted as data.';

describe('names of columns are told', () => {
  test.each([
    [
      'typed.csv',
      'name,born,height\nAda Lovelace,1815-12-10,1.65\nAlan Turing,1912-06-23,\n',
      ['name', 'born', 'height'],
    ],
    ['decimal-commas.csv', 'Sepal length;Species\n5,1;setosa\n4,9;setosa\n', ['Sepal length', 'Species']],
    ['days.tsv', 'day\tplace\n01/02/1980\tBonn\n', ['day', 'place']],
    ['row-numbers.csv', ',name,age\n0,Ada,5\n1,Bob,6\n', ['column 1', 'name', 'age']],
    ['comma-at-end.csv', 'a,b,\n1,2,\n', ['a', 'b']],
    ['records.json', '[{"name":"Ada","n":1},{"name":"Bob","n":2}]', ['name', 'n']],
    ['records.jsonl', '{"name":"Ada"}\n{"name":"Bob"}\n', ['name']],
    ['object.json', '{"type":"Shapes","shapes":[1,2]}', ['type', 'shapes']],
  ])('of %s', async (name, content, names) => {
    write(name, content);
    const lines = (await told(name)).split('\n').filter((line) => line.startsWith('- '));
    expect(lines.map((line) => line.slice(2).split(':')[0])).toEqual(names);
  });

  test('with types and counts, without values', async () => {
    write('people.csv', 'name,born,height\nAda Lovelace,1815-12-10,1.65\nAlan Turing,1912-06-23,\n');
    expect(await told('people.csv')).toBe(
      'Values separated by comma, 2 rows, 3 columns\n- name: text\n- born: date\n- height: number, 1 missing',
    );
    expect(await told('people.csv', true)).toContain('Ada Lovelace');
  });
});

describe('what may be data is not told', () => {
  test.each([
    ['numbers', 'Alice,52000,1980-01-02\nBob,48000,1981-02-03\n', 2, 3],
    ['only words', 'Alice,Berlin\nBob,Paris\n', 2, 2],
    ['a first record with a gap', 'Alice,unknown,Berlin\nBob,52,Paris\n', 2, 3],
    ['a first record without number', ',Alice,5\n0,Bob,6\n', 2, 3],
    ['a name that comes again', 'Alice,late\nBob,1\nAlice,2\n', 3, 2],
    ['doubled names', 'Alice,alice\n1,2\n', 2, 2],
    ['an address', 'a@example.org,open\n5,1\n', 2, 2],
    ['a long number', 'account 4711471147,open\n5,1\n', 2, 2],
    ['a sentence', 'my dear Alice I owe you money,open\n5,1\n', 2, 2],
  ])('of a table without names: %s', async (_of, content, rows, columns) => {
    write('h.csv', content);
    const text = await told('h.csv');
    expect(text).toContain(`${rows} rows, ${columns} columns\n- column 1: `);
    expect(text).toContain(NO_NAMES);
    expect(text).not.toMatch(/alice|52000|berlin|4711|example/i);
    expect(await told('h.csv', true)).toMatch(/alice|account|example/i);
  });

  test('of prose', async () => {
    write('n.txt', 'Dear Bob, my PIN is 4711, yours is 12\nDear Al, my PIN is 4, yours is 5\n');
    expect(await told('n.txt')).toBe('Text, 2 lines');
    expect(await told('n.txt', true)).toContain('4711');
  });

  test.each([
    ['a map from names to numbers', 'm.json', '{"Alice":52000,"Bob":48000.5}'],
    ['a map from names to anything', 'm.json', '{"Alice":52000,"Bob":"none"}'],
    ['a map from addresses', 'm.json', '{"alice@example.org":52000,"bob":"none"}'],
    ['a list of maps', 'm.json', '[{"Alice":1},{"Bob":2},{"Carol":3}]'],
    ['a list of one map', 'm.jsonl', '{"Alice":1}\n'],
  ])('of %s', async (_of, name, content) => {
    write(name, content);
    const text = await told(name);
    expect(text).toContain('- key 1: integer');
    expect(text).not.toMatch(/alice|bob|carol|example|52000/i);
    expect(await told(name, true)).toMatch(/alice/i);
  });

  test('of sheets', async () => {
    const made = await python.run(`import datetime, openpyxl
book = openpyxl.Workbook()
for row in [["Alice", 52000], ["Bob", 48000]]:
    book.active.append(row)
named = book.create_sheet("Named")
for row in [["who", "born", None], ["Ada", datetime.datetime(1815, 12, 10), None]]:
    named.append(row)
book.create_sheet("alice@example.org").append(["Alice"])
book.save("/mnt/data/book.xlsx")`);
    expect(made.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(await told('book.xlsx')).toBe(
      [
        'Sheet Sheet: 2 rows, 2 columns\n- column 1: text\n- column 2: integer',
        NO_NAMES,
        'Sheet Named: 1 rows, 2 columns\n- who: text\n- born: date',
        'Sheet 3: 1 rows, 1 columns\n- column 1: text',
        NO_NAMES,
      ].join('\n'),
    );
    expect(await told('book.xlsx', true)).toMatch(/Alice.*Ada/s);
  });
});

describe('what cannot be read is said, without what the reader says of it', () => {
  test.each([
    ['damaged.xlsx', 'PK\u0003\u0004 and no more', 'It could not be read as xlsx: BadZipFile.'],
    ['damaged.png', '\u0089PNG Alice', 'It could not be read as png: UnidentifiedImageError.'],
    ['damaged.json', '{"Alice":', 'It could not be read as json: JSONDecodeError.'],
  ])('%s', async (name, content, text) => {
    write(name, content);
    expect(await told(name)).toBe(text);
  });

  test('no memory is an error of the run', async () => {
    write('big.csv', 'a\n1\n');
    const { outcome } = await python.run(`import companion_runtime.describe as describe
def full(*_):
    raise MemoryError
describe._delimited = full
describe.describe_file("/mnt/data/big.csv")`);
    expect(outcome).toMatchObject({ error: { code: 'python/memory' } });
  });
});
