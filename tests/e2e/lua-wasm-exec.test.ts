import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenRuns, openRuns } from '../../tools/exec/open-runs.ts';
import { execThrough } from '../support/exec-through.ts';

let runs: OpenRuns;
beforeAll(async () => {
  runs = await openRuns();
});
afterAll(() => runs[Symbol.asyncDispose]());

const exec = (...lines: readonly object[]) => execThrough(runs, lines);

const ADD = 'AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=';

test('Lua runs in the extension, keeps its globals and files by session, and says its errors', async () => {
  const [first, second, third] = await exec(
    {
      id: 1,
      language: 'lua',
      session: 'lua',
      code: 'kept = 41\nlocal f = io.open("a.txt", "w") f:write(io.read()) f:close()\nprint("hi")',
      stdin: ['typed'],
    },
    { id: 2, language: 'lua', session: 'lua', code: 'print(io.open("a.txt"):read("a"))\nkept + 1' },
    { id: 3, language: 'lua', session: 'other', code: 'local x = kept\nreturn x.y' },
  );
  expect(first).toMatchObject({ outcome: 'completed', exitCode: 0, stdout: 'hi\n', error: null, runner: 'lua' });
  expect(first?.artifacts.map(({ path }) => path)).toEqual(['/mnt/data/a.txt']);
  expect(second).toMatchObject({ stdout: 'typed\n', result: '42' });
  expect(third).toMatchObject({ exitCode: 1, error: { code: 'lua/error', line: 2 } });
});

test('WebAssembly runs as text, in base64 and from a file', async () => {
  const results = await exec(
    {
      id: 1,
      language: 'wasm',
      code: ';; run: add 2 3\n(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))',
    },
    { id: 2, language: 'wasm', code: `;; run: add 40 2\n${ADD}` },
    { id: 3, language: 'wasm', code: '/mnt/data/x.wasm add 1 1', files: { '/mnt/data/x.wasm': ADD } },
    { id: 4, language: 'wasm', code: ADD },
    { id: 5, language: 'wasm', code: '(module\n (func (bad)))' },
  );
  expect(results.map(({ result }) => result?.split('\n')[0] ?? null)).toEqual([
    '5',
    '42',
    '2',
    'Functions to call with ";; run: name arguments":',
    null,
  ]);
  expect(results[4]?.error).toMatchObject({ code: 'wasm/bad-module', line: 2 });
});
