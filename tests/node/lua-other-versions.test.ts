import { afterEach, expect, test } from 'vitest';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';

let open: TestSession | null = null;
afterEach(() => open?.dispose());

async function ran(code: string) {
  open = await openInNode(createLuaRunner({ source: nodeSource('lua') }));
  const run = await open.run(code);
  if (run.outcome.kind !== 'completed') throw new Error(JSON.stringify(run.outcome));
  return { ...run, error: run.outcome.error };
}

test.for([
  ['local a, b = unpack({ 3, 4 })', 1, 'table.unpack'],
  [
    'local unpack = unpack\nlocal function last(t)\n  return unpack(t, 2)\nend\nprint(last({ 1, 2 }))',
    3,
    'table.unpack',
  ],
  ['local list = {}\nlist:unpack()', 2, 'table.unpack'],
  ['print("go")\nloadstring("x = 1")()', 2, 'load(text)'],
  ['setfenv(print, {})', 1, '_ENV'],
  ['local env = getfenv(1)', 1, '_ENV'],
  ['print(table.getn({ 1 }))', 1, '#list'],
  ['table.foreach({}, print)', 1, 'pairs'],
  ['table.foreachi({}, print)', 1, 'ipairs'],
  ['for word in string.gfind("a b", "%a") do end', 1, 'string.gmatch'],
  ['print(math.pow(2, 10))', 1, 'x ^ y'],
  ['print(math.log10(1000))', 1, 'math.log(x, 10)'],
  ['print(math.mod(7, 3))', 1, 'x % y'],
  ['module("shapes", package.seeall)', 1, 'return it'],
  ['print(bit32.band(6, 3))', 1, 'a & b'],
  ['local bit = require("bit")', 1, 'a & b'],
  ['local function count(...)\n  return #arg\nend\ncount(1)', 2, 'select("#", ...)'],
  ['local ffi = require("ffi")', 1, 'LuaJIT'],
  ['print(string.format("%d", 10 / 4))', 1, 'math.floor'],
] as const)('%j is explained at its line', async ([code, line, words]) => {
  const { error } = await ran(code);
  expect(error).toMatchObject({ code: 'lua/error', line });
  expect(error?.suggestions.join('\n')).toContain(words);
});

test('what a program calls the same by itself is not explained away', async () => {
  const { error, stdout } = await ran(
    'local function unpack(t) return t[1] end\nprint(unpack({ 7 }))\nprint(undefinedthing())',
  );
  expect(stdout).toBe('7\n');
  expect(error?.suggestions.join('\n')).toContain('No function of this name');
});

test('a command of the system is refused with a sentence', async () => {
  const { stdout, stderr, error } = await ran('print(os.execute("ls"))\nprint(os.execute())');
  expect({ stdout, error }).toEqual({ stdout: 'nil\texit\t127\nfalse\n', error: null });
  expect(stderr).toMatch(/^os\.execute: .*cannot start other programs.*shell block.*\n$/u);
  const piped = await ran('local f = io.popen("ls")');
  expect(piped.error).toMatchObject({ line: 1 });
  expect(piped.error?.message).toMatch(/'popen' not supported: .*cannot start other programs/u);
  expect(piped.error?.suggestions[0]).toContain('lfs');
});
