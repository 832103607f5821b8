import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome, ProgramError } from '../../src/contracts/outcome.ts';
import type { RunEvent } from '../../src/contracts/run.ts';
import { javascriptRunner, openJavaScript, type TestSession } from '../support/javascript/open-javascript.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { openInNode } from '../support/kit/open-node.ts';

let session: TestSession | null = null;
afterEach(() => session?.dispose());

const open = async (hasSharedMemory = true, files = new MemoryFiles()): Promise<TestSession> =>
  (session = await openJavaScript({ hasSharedMemory }, files));
const resultOf = (outcome: Outcome): string | null => (outcome.kind === 'completed' ? outcome.result : outcome.kind);
const errorOf = (outcome: Outcome): ProgramError | null => (outcome.kind === 'completed' ? outcome.error : null);
const displays = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.kind === 'display' ? [event.display] : []));

describe('values', () => {
  test.each([
    ['2+2', '4'],
    ['"hello".toUpperCase() + "!"', "'HELLO!'"],
    ['[3, 1, 2].sort().map((x) => x * 2)', '[ 2, 4, 6 ]'],
    ['undefined', null],
    ['null', 'null'],
    ['{a: 1, b: [2]}', '{ a: 1, b: [ 2 ] }'],
    ['let quiet = 1', null],
    ['10n ** 20n', '100000000000000000000n'],
    ['await Promise.resolve("waited")', "'waited'"],
    ['(function named() {})', '[Function: named]'],
    ['Promise.resolve(1)', 'Promise { 1 }'],
    ['export default 5 * 5', '25'],
    ['"use strict"; typeof this', "'object'"],
    ['if (true) { 7 } else { 8 }', '7'],
    ['// nothing', null],
    ['', null],
    ['#!/usr/bin/env node\n1 + 1', '2'],
  ])('%s', async (code, result) => {
    const { outcome } = await (await open()).run(code);
    expect(errorOf(outcome)).toBeNull();
    expect(resultOf(outcome)).toBe(result);
  });

  test('an array of objects is a table too', async () => {
    const { events } = await (await open()).run('[{ a: 1, b: "x" }, { a: 2, c: true }]');
    expect(displays(events)[0]?.table).toMatchObject({
      columns: ['a', 'b', 'c'],
      rows: [
        [1, 'x', null],
        [2, null, true],
      ],
      totalRows: 2,
    });
  });

  test('console.table shows a table beside its text', async () => {
    const run = await (await open()).run('console.table({ r1: { c: 1 } })');
    expect(run.stdout).toContain('│ r1      │ 1 │');
    expect(displays(run.events)[0]?.table).toMatchObject({ index: ['r1'], columns: ['c'], rows: [[1]] });
  });

  test('a deep object is shown as a tree and as data', async () => {
    const { events, outcome } = await (await open()).run('({ a: { b: { c: { d: { e: 1 } } } } })');
    expect(resultOf(outcome)).toContain('[Object]');
    expect(displays(events)[0]?.data['text/plain']).toContain('e: 1');
    expect(JSON.parse(displays(events)[0]?.data['application/json'] ?? '')).toEqual({
      a: { b: { c: { d: { e: 1 } } } },
    });
  });
});

describe('variables of a conversation', () => {
  test('are seen by later runs and may be declared again', async () => {
    const opened = await open();
    await opened.run('let x = 1; const y = 2; class A { v() { return "old" } } function f() { return 1 }');
    expect(resultOf((await opened.run('[x, y, new A().v(), f()]')).outcome)).toBe("[ 1, 2, 'old', 1 ]");
    await opened.run('const x = "new"; let y; class A { v() { return "new" } } function f() { return 2 }');
    expect(resultOf((await opened.run('[x, y, new A().v(), f()]')).outcome)).toBe("[ 'new', undefined, 'new', 2 ]");
  });

  test('constants stay constant, in their run and later', async () => {
    const opened = await open();
    const first = await opened.run('const c = 1;\nc = 2');
    expect(errorOf(first.outcome)).toMatchObject({ message: 'Assignment to constant variable.', line: 2 });
    for (const code of ['c = 3', 'c++', '[c] = [1]', '({ c } = { c: 1 })', 'for (c of [1]);']) {
      const { outcome } = await opened.run(code);
      expect(errorOf(outcome)?.message, code).toBe('Assignment to constant variable.');
    }
    expect(resultOf((await opened.run('function g(c) { c = 9; return c } [g(1), c]')).outcome)).toBe('[ 9, 1 ]');
  });

  test('imports of an earlier run stay', async () => {
    const opened = await open();
    await opened.run('import { chunk } from "lodash"; import * as path from "path"');
    expect(resultOf((await opened.run('[chunk([1, 2, 3], 2), path.join("a", "b")]')).outcome)).toBe(
      "[ [ [ 1, 2 ], [ 3 ] ], 'a/b' ]",
    );
  });

  test('two sessions share nothing', async () => {
    const first = await open();
    await first.run('globalThis.shared = 1; Array.prototype.odd = 1');
    const second = await openJavaScript();
    expect(resultOf((await second.run('[typeof shared, [].odd]')).outcome)).toBe("[ 'undefined', undefined ]");
    second.dispose();
  });

  test('a program that failed leaves what it had set', async () => {
    const opened = await open();
    await opened.run('let done = 1; null.x; let never = 2');
    expect(resultOf((await opened.run('[done, typeof never]')).outcome)).toBe("[ 1, 'undefined' ]");
  });
});

describe('errors', () => {
  test.each([
    ['const a = 1;\n  null.missing', 'js/exception', 'TypeError', 2],
    ['missing', 'js/exception', 'ReferenceError', 1],
    ['function f() {\n  throw new RangeError("r")\n}\n\nf()', 'js/exception', 'RangeError', 2],
    ['let x = ;', 'js/syntax-error', 'SyntaxError', 1],
    ['a\nb c', 'js/syntax-error', 'SyntaxError', 2],
    ['throw { odd: 1 }', 'js/exception', 'Uncaught', null],
    ['await Promise.reject(new Error("r"))', 'js/exception', 'Error', 1],
    ['import "./nope.js"', 'js/module-not-found', 'Error', 1],
    ['require("leftpad")', 'js/module-not-found', 'Error', 1],
    ['require("child_process")', 'js/exception', 'Error', 1],
    ['await new Promise(() => {})', 'js/unsettled', 'Unsettled', null],
  ])('%s', async (code, wanted, title, line) => {
    const { outcome } = await (await open()).run(code);
    expect(outcome).toMatchObject({ kind: 'completed', error: { code: wanted, title, line } });
    expect(outcome.kind === 'completed' && outcome.exitCode).not.toBe(0);
  });

  test('the stack holds the own lines only', async () => {
    const code =
      'function inner() { throw new Error("deep") }\nfunction outer() {\n  [1].map(() => inner())\n}\nouter()';
    const { outcome } = await (await open()).run(code);
    expect(errorOf(outcome)?.traceback).toBe(
      'Error: deep\n    at inner (main.js:1:30)\n    at main.js:3:17\n    at outer (main.js:3:7)\n    at main.js:5:1',
    );
  });

  test('TypeScript keeps lines and columns where types are blanked', async () => {
    const code =
      'const x: Array<number> = [1];\nfunction f(a: string, b?: { c: number }): void { throw new Error("t") }\nf("")';
    const { outcome } = await (await open()).run(code, { language: 'typescript' });
    expect(errorOf(outcome)).toMatchObject({ line: 2, column: 60 });
    expect(errorOf(outcome)?.traceback).toContain('at main.ts:3:1');
  });

  test('TypeScript that is written out leads back to the own lines', async () => {
    const code = 'enum E { A,\n B }\n\nfunction f(x: number): never {\n  throw new Error(String(x))\n}\nf(E.B)';
    const { outcome } = await (await open()).run(code, { language: 'typescript' });
    expect(errorOf(outcome)).toMatchObject({ message: '1', line: 5 });
  });

  test('broken TypeScript is said with its place', async () => {
    const { outcome } = await (await open()).run('let a: = 5', { language: 'typescript' });
    expect(errorOf(outcome)).toMatchObject({ code: 'js/syntax-error', line: 1, column: 8 });
  });

  test('a rejection that nobody caught is said, one that is caught later is not', async () => {
    const opened = await open();
    const { outcome } = await opened.run('Promise.reject(new TypeError("lost")); 1');
    expect(errorOf(outcome)).toMatchObject({ title: 'TypeError', message: 'lost', line: 1 });
    const late = await opened.run('const p = Promise.reject(1); await 0; p.catch(() => 2)');
    expect(errorOf(late.outcome)).toBeNull();
  });

  test('what a page would have is said to be missing', async () => {
    const { outcome } = await (await open()).run('document.title');
    expect(errorOf(outcome)?.suggestions[0]).toContain('no web page');
  });

  test('syntax is checked without running', async () => {
    const opened = await open();
    expect((await opened.session.validate('console.log(1); await 2; let x = 1', 'javascript')).ok).toBe(true);
    expect((await opened.session.validate('let x: number = 1', 'typescript')).ok).toBe(true);
    const broken = await opened.session.validate('let x = 1;\nlet y = (', 'javascript');
    expect(broken).toMatchObject({ ok: false, error: { code: 'js/syntax-error' } });
  });
});

describe('modules', () => {
  const files = (): MemoryFiles => {
    const tree = new MemoryFiles();
    tree.put(
      'lib/math.js',
      'import { two } from "./two.ts";\nexport const four = two + two;\nexport default () => four;',
    );
    tree.put('lib/two.ts', 'export const two: number = 2;');
    tree.put('old.js', 'exports.value = 7; exports.where = __filename;');
    tree.put('table.json', '{"rows":[1,2]}');
    tree.put('broken.js', 'export const a = 1;\nnull.x;');
    tree.put('cycle-a.js', 'import { b } from "./cycle-b.js"; export const a = 1; export const seen = () => b;');
    tree.put('cycle-b.js', 'import { a } from "./cycle-a.js"; export const b = 2; export const seen = () => a;');
    return tree;
  };

  test.each([
    ['import four, { four as again } from "./lib/math.js"; [four(), again]', '[ 4, 4 ]'],
    ['import * as all from "/mnt/data/lib/math"; Object.keys(all)', "[ 'default', 'four' ]"],
    ['const { default: f } = await import("./lib/math.js"); f()', '4'],
    ['import old, { value } from "./old.js"; [value, old.where]', "[ 7, '/mnt/data/old.js' ]"],
    ['const { value } = require("./old"); value', '7'],
    ['require("./lib/math.js").four', '4'],
    ['import table from "./table.json" with { type: "json" }; table.rows', '[ 1, 2 ]'],
    ['require("./table.json").rows[1]', '2'],
    ['import { seen } from "./cycle-a.js"; seen()', '2'],
    ['import { readFileSync } from "node:fs"; readFileSync("table.json", "utf8")', '\'{"rows":[1,2]}\''],
    [
      'import fs, { promises } from "fs"; [typeof fs.readFileSync, typeof promises.readFile]',
      "[ 'function', 'function' ]",
    ],
    ['import debounce from "lodash/debounce"; typeof debounce', "'function'"],
    ['import.meta.filename', "'/mnt/data/main.js'"],
  ])('%s', async (code, result) => {
    const opened = await open(true, files());
    const { outcome } = await opened.run(code);
    expect(errorOf(outcome)).toBeNull();
    expect(resultOf(outcome)).toBe(result);
  });

  test('the place of an error in a file of the conversation is said', async () => {
    const { outcome } = await (await open(true, files())).run('import "./broken.js"');
    expect(errorOf(outcome)?.traceback).toContain('/mnt/data/broken.js:2:1');
  });

  test('nothing outside of the conversation can be imported', async () => {
    const opened = await open(true, files());
    for (const path of [
      '../../etc/passwd',
      '/etc/passwd',
      'file:///etc/passwd',
      'https://example.com/a.js',
      'data:text/javascript,1',
    ]) {
      const { outcome } = await opened.run(`await import(${JSON.stringify(path)})`);
      expect(errorOf(outcome), path).toMatchObject({ code: 'js/module-not-found' });
    }
  });
});

describe('functions of the host', () => {
  test('are called with checked types, and their errors are the program’s', async () => {
    session = await openInNode(javascriptRunner('tests/support/javascript/worker-with-functions.ts'));
    const run = async (code: string): Promise<Outcome> => (await (session as TestSession).run(code)).outcome;
    expect(resultOf(await run('add(2, 3)'))).toBe('5');
    expect(resultOf(await run('describe({ a: [1] })'))).toBe("{ value: { a: [ 1 ] }, list: [ 1, 'two', null ] }");
    expect(errorOf(await run('add(1, "2")'))).toMatchObject({
      title: 'TypeError',
      message: 'add: right must be number, not string',
    });
    expect(
      resultOf(await run('try { refuse() } catch (e) { `${e.name}: ${e.message} ${/worker|blob/.test(e.stack)}` }')),
    ).toBe("'RangeError: not today false'");
  });

  test('displayTable shows rows with their title, also from what runs later', async () => {
    const code = `displayTable([{ n: 1n, when: new Date(0) }, { n: NaN }], 'Numbers');
const late = async () => { await null; displayTable([[1, 'x']]); display_dataframe_to_user('Mine', [{ a: 1 }]) };
await late(); void setTimeout(() => displayTable([], undefined), 1)`;
    const { outcome, events } = await (await open()).run(code);
    expect(errorOf(outcome)).toBeNull();
    expect(displays(events).map(({ table }) => [table?.title, table?.columns, table?.rows])).toEqual([
      [
        'Numbers',
        ['n', 'when'],
        [
          ['1', '1970-01-01T00:00:00.000Z'],
          ['NaN', null],
        ],
      ],
      [null, ['0', '1'], [[1, 'x']]],
      ['Mine', ['a'], [[1]]],
      [null, [], []],
    ]);
  });

  test.each([
    ['displayTable(5)', 'TypeError', 'displayTable: rows must be array, not number'],
    ['displayTable()', 'TypeError', 'displayTable: rows is missing, it must be array'],
    ['displayTable(undefined)', 'TypeError', 'displayTable: rows is missing, it must be array'],
    ['displayTable([], 5)', 'TypeError', 'displayTable: title must be string, not number'],
    ['displayTable([1, 2])', 'TypeError', 'displayTable: row 1 of rows must be object or array, not number'],
    [
      'let a = {}; a.a = a; displayTable([a])',
      'TypeError',
      'displayTable: a value that contains itself cannot be passed',
    ],
    ['displayTable([{ get a() { throw new Error("mine") } }])', 'Error', 'mine'],
    [
      'displayTable([{ a: "x".repeat(8e6) }])',
      'RangeError',
      'displayTable: what is passed is too long, it may be 8 MB as JSON',
    ],
  ])('%s is refused with its line', async (code, title, message) => {
    const { outcome, events } = await (await open()).run(`const first = 1\n${code}`);
    expect(errorOf(outcome)).toMatchObject({ title, message, line: 2 });
    expect(errorOf(outcome)?.traceback).not.toContain('node:');
    expect(displays(events)).toEqual([]);
  });

  test.each([
    'function displayTable() { return "own" }',
    'let displayTable = () => "own"',
    'displayTable = () => "own"',
  ])('%s is the program’s own, in later runs too', async (code) => {
    const opened = await open();
    expect(resultOf((await opened.run(`${code}\ndisplayTable(1)`)).outcome)).toBe("'own'");
    expect(resultOf((await opened.run('displayTable(1)')).outcome)).toBe("'own'");
  });

  test('tables without end are ended with their own code', async () => {
    const { outcome } = await (await open()).run('for (;;) try { displayTable([]) } catch {}');
    expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/too-many-artifacts' });
  });
});

describe.each([
  ['with shared memory', true],
  ['without', false],
] as const)('input and Stop, %s', (_title, hasSharedMemory) => {
  test('lines given with the run answer every way to ask', async () => {
    const code = `const rl = require('readline').createInterface({ input: process.stdin });
const a = prompt('a?'); const b = await new Promise((ok) => rl.question('b?', ok));
const { createInterface } = await import('readline/promises'); const c = await createInterface({}).question('c?');
[a, b, c, prompt('end')]`;
    const { outcome } = await (await open(hasSharedMemory)).run(code, { stdin: ['1', '2', '3'] });
    expect(resultOf(outcome)).toBe("[ '1', '2', '3', null ]");
  });

  test('a program that waits is stopped at once and keeps its variables', async () => {
    const opened = await open(hasSharedMemory);
    const stop = new AbortController();
    const { outcome } = await opened.run(
      'let kept = 1; console.log("go"); await new Promise((r) => setTimeout(r, 1e6))',
      {
        signal: stop.signal,
        onEvent: (event) => event.kind === 'output' && stop.abort(),
      },
    );
    expect(outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost: false });
    expect(resultOf((await opened.run('kept')).outcome)).toBe('1');
  });
});

test('Stop ends a busy loop and keeps variables where memory is shared', async () => {
  const opened = await open();
  const stop = new AbortController();
  const { outcome } = await opened.run('let kept = 5; console.log("go"); for (;;) {}', {
    signal: stop.signal,
    onEvent: (event) => event.kind === 'output' && stop.abort(),
  });
  expect(outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost: false });
  expect(resultOf((await opened.run('kept')).outcome)).toBe('5');
});

test('output streams in order while a program runs', async () => {
  const opened = await open();
  const seen: string[] = [];
  await opened.run('console.log(1); console.error(2); await new Promise((r) => setTimeout(r, 20)); console.log(3)', {
    onEvent: (event) => event.kind === 'output' && seen.push(`${event.stream} ${event.text.trim()}`),
  });
  expect(seen).toEqual(['stdout 1', 'stderr 2', 'stdout 3']);
});

test('files that a program wrote are announced', async () => {
  const run = await (await open()).run('require("fs").writeFileSync("out/x.csv".slice(4), "a,b")');
  const artifacts = run.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));
  expect(artifacts).toMatchObject([{ kind: 'file', path: '/mnt/data/x.csv', mime: 'text/csv', bytes: 3 }]);
});
