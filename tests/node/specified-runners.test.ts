import { afterEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { openJavaScript } from '../support/javascript/open-javascript.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { openPython } from '../support/python/open-session.ts';

// The tests that the component specifications list for the runners, as far as no other suite holds them already
// (docs/specified-tests.md names the one that does).

let opened: TestSession | null = null;
afterEach(() => {
  opened?.dispose();
  opened = null;
});
const completed = { kind: 'completed', exitCode: 0, error: null } as const;

describe('JSRunnerTests', () => {
  const run = async (code: string, memoryMB?: number) => {
    opened ??= await openJavaScript();
    return opened.run(code, memoryMB === undefined ? {} : { memoryMB });
  };

  test.each([
    ['simple arithmetic', '2 + 2', '4'],
    ['string manipulation', "'hello'.toUpperCase().split('').reverse().join('')", "'OLLEH'"],
    ['array operations', '[3, 1, 2].sort().map((n) => n * 2)', '[ 2, 4, 6 ]'],
    ['a promise is awaited', 'await Promise.resolve(6 * 7)', '42'],
  ])('%s', async (_name, code, result) => {
    expect((await run(code)).outcome).toMatchObject({ ...completed, result });
  });

  test.each([
    ['a syntax error', '1 + 1;\nlet = ;', /SyntaxError/u],
    ['an undefined variable', '1 + 1;\nmissing + 1', /ReferenceError/u],
  ])('%s is said with its line, and the session lives', async (_name, code, title) => {
    await run('globalThis.kept = 41');
    const { outcome } = await run(code);
    expect(outcome).toMatchObject({ kind: 'completed', error: { line: 2, title: expect.stringMatching(title) } });
    expect((await run('kept + 1')).outcome).toMatchObject({ ...completed, result: '42' });
  });

  test('console.log with one and with several arguments, console.error', async () => {
    const seen = await run("console.log('one'); console.log('a', 1, { b: [2] }); console.error('bad')");
    expect(seen.stdout).toBe('one\na 1 { b: [ 2 ] }\n');
    expect(seen.stderr).toBe('bad\n');
  });

  test('a large array fits; one beyond the limit is an error, and the next run works', async () => {
    expect((await run('new Array(1_000_000).fill(1).length')).outcome).toMatchObject({
      ...completed,
      result: '1000000',
    });
    const { outcome } = await run('const held = []; for (;;) held.push(new Uint8Array(1_000_000))', 64);
    expect(outcome.kind === 'completed' ? outcome.error : outcome.kind).not.toBeNull();
    if (opened?.session.isAlive === false) opened = null;
    expect((await run('1 + 1')).outcome).toMatchObject({ ...completed, result: '2' });
  });
});

describe('PythonRunnerTests', () => {
  const run = async (code: string) => (opened ??= await openPython('base')).run(code);

  test('print and math', async () => {
    expect((await run('import math\nprint(math.factorial(10), round(math.pi, 3))')).stdout).toBe('3628800 3.142\n');
  });

  test.each([
    ['empty code', ''],
    ['nothing but blanks and comments', ' \n# only this\n'],
  ])('%s ends well and prints nothing', async (_name, code) => {
    const seen = await run(code);
    expect(seen.outcome).toMatchObject({ ...completed, result: null });
    expect(seen.stdout).toBe('');
  });

  test('very long code runs up to its bound and is refused beyond it', async () => {
    const line = 'x = 1\n';
    const long = line.repeat(20_000);
    expect((await run(`${long}print(x)`)).stdout).toBe('1\n');
    const { outcome } = await run(line.repeat(Math.ceil(LIMITS.codeUtf16.standard / line.length) + 1));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'run/code-too-large' });
  });

  test('unicode in names, texts and output', async () => {
    expect((await run('größe = "Zoë 日本 😀"\nprint(größe, len(größe))')).stdout).toBe('Zoë 日本 😀 8\n');
  });

  test('an import of what cannot run here says so and what to use', async () => {
    const { outcome } = await run('import torch');
    expect(outcome).toMatchObject({ kind: 'completed', error: { code: 'python/package-unavailable' } });
    if (outcome.kind === 'completed') expect(outcome.error?.suggestions.length).toBeGreaterThan(0);
  });
});

describe('WASMRunnerTests', () => {
  /** `(module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))` */
  const ADD = 'AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=';
  const run = async (code: string, timeMs = 30_000) => {
    opened ??= await openInNode(createWasmRunner({ source: nodeSource('wasm') }));
    return opened.run(code, { timeMs });
  };

  test('a valid module: add, from its bytes and from text', async () => {
    expect((await run(`;; run: add 2 40\n${ADD}`)).outcome).toMatchObject({ ...completed, result: '42' });
    const text = '(module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))';
    expect((await run(`;; run: add 2 40\n${text}`)).outcome).toMatchObject({ ...completed, result: '42' });
  });

  test.each([
    ['a corrupted module', `;; run: add 2 40\n${ADD.slice(0, 24)}`],
    ['a module of another version', ';; run: add 2 40\nAGFzbQIAAAA='],
    ['text that is none', '(module (func'],
    ['nothing', ''],
  ])('%s is an error that is said', async (_name, code) => {
    const { outcome } = await run(code);
    expect(outcome.kind === 'completed' && outcome.error?.message).toBeTruthy();
    expect(opened?.session.isAlive).toBe(true);
  });

  test('memory operations: what was stored is loaded, beyond the end is a trap', async () => {
    const module = (at: number): string =>
      `;; run: f\n(module (memory 1) (func (export "f") (result i32) (i32.store (i32.const ${at}) (i32.const 42)) (i32.load (i32.const ${at}))))`;
    expect((await run(module(1_000))).outcome).toMatchObject({ ...completed, result: '42' });
    const { outcome } = await run(module(65_536));
    expect(outcome.kind === 'completed' && outcome.error?.message).toMatch(/memory/iu);
  });

  test('an endless loop ends at its time', async () => {
    const { outcome } = await run(';; run: f\n(module (func (export "f") (loop $l (br $l))))', 300);
    expect(outcome).toMatchObject({ kind: 'timedOut', limitMs: 300 });
  });
});
