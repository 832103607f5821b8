import { afterEach, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contracts/run.ts';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import type { NodeBoxOptions } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type RunOptions, type TestSession } from '../support/kit/open-node.ts';

const runner = createLuaRunner({ source: nodeSource('lua') });
let open: TestSession | null = null;
afterEach(() => open?.dispose());

async function session(boxes: NodeBoxOptions = {}): Promise<TestSession> {
  open = await openInNode(runner, boxes);
  return open;
}
async function completed(in_: TestSession, code: string, options: RunOptions = {}) {
  const ran = await in_.run(code, options);
  if (ran.outcome.kind !== 'completed') throw new Error(JSON.stringify(ran.outcome));
  return { ...ran, result: ran.outcome.result, error: ran.outcome.error, exitCode: ran.outcome.exitCode };
}

test.for([
  ['6 * 7', '42'],
  ['"text"', 'text'],
  ['nil', 'nil'],
  ['1, "x", nil', '1\tx\tnil'],
  ['x = 1', null],
  ['x = 5\nx * 2', '10'],
  ['local function f(n)\n  return n + 1\nend\nf(3)', '4'],
  ['local t = {}\nt.a = 1\nt', '{ a = 1 }'],
  ['for i = 1, 2 do\n  print(i)\nend', null],
  ['print("only printed")', null],
  ['return 1 + 1', '2'],
  ['f = function() return 1, 2 end\nf() -- both', '1\t2'],
  ['9007199254740993', '9007199254740993'],
  ['2^53', '9.007199254741e+15'],
  ['{ 1, 2, { "a\\n", [true] = 1.5, ["b c"] = {} } }', '{ 1, 2, { "a\\n", ["b c"] = {}, [true] = 1.5 } }'],
  ['setmetatable({}, { __tostring = function() return "mine" end })', 'mine'],
  ['#!/usr/bin/lua\n7', '7'],
] as const)('the prompt shows %j as %j', async ([code, shown]) => {
  const { result, error } = await completed(await session(), code);
  expect({ result, error }).toEqual({ result: shown, error: null });
});

test('a list of records is a table, other data a tree', async () => {
  const lua = await session();
  const records = await completed(
    lua,
    'return { { name = "Ann", age = 30 }, { name = "Bob", age = 2^53|0, ok = true } }',
  );
  const display = records.events.find((event) => event.kind === 'display');
  expect(display?.kind === 'display' && display.display.table).toMatchObject({
    columns: ['age', 'name', 'ok'],
    rows: [
      [30, 'Ann', null],
      ['9007199254740992', 'Bob', true],
    ],
    totalRows: 2,
  });
  const tree = await completed(lua, 'return { a = { 1, 2 }, b = "é", n = 0.1 }');
  const shown = tree.events.find((event) => event.kind === 'display');
  expect(shown?.kind === 'display' && JSON.parse(shown.display.data['application/json'] ?? '')).toEqual({
    a: [1, 2],
    b: 'é',
    n: 0.1,
  });
});

test('display shows each value at once, between what is printed, as the last value would be', async () => {
  const code = `print("before")
display({ { name = "a", n = 1 }, { name = "b", n = 2 } }, { deep = { 1 } }, nil, "text", 7)
print("after")`;
  const { events, result, error } = await completed(await session(), code);
  expect({ result, error }).toEqual({ result: null, error: null });
  const told = events.flatMap((event): unknown[] => {
    if (event.kind === 'output') return [event.text];
    return event.kind === 'display' ? [[event.display.data, event.display.table?.rows ?? null]] : [];
  });
  expect(told).toEqual([
    'before\n',
    [
      { 'application/json': '[{"n":1,"name":"a"},{"n":2,"name":"b"}]' },
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [{ 'application/json': '{"deep":[1]}' }, null],
    [{ 'text/plain': 'nil' }, null],
    [{ 'text/plain': 'text' }, null],
    [{ 'text/plain': '7' }, null],
    'after\n',
  ]);
});

test('display cuts a long text where the last value would be cut', async () => {
  const { events, result } = await completed(await session(), 'display(("x"):rep(2e6))\nreturn ("x"):rep(2e6)');
  const shown = events.flatMap((event) => (event.kind === 'display' ? [event.display.data['text/plain']?.length] : []));
  expect(shown).toEqual([result?.length]);
  expect(result?.length).toBeLessThan(2e6);
});

test('display without end is ended with its own code', async () => {
  const { outcome } = await (await session()).run('while true do pcall(display, 1) end');
  expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/too-many-artifacts' });
});

const tablesOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'display'
      ? [[event.display.table?.title, event.display.table?.columns, event.display.table?.rows]]
      : [],
  );

test('displayTable shows rows with their title, also from a coroutine and under pcall', async () => {
  const code = `displayTable({ { a = 1, b = { 1 } }, { a = 0/0 } }, "Numbers")
coroutine.wrap(function()
  displayTable({ { 1, "x" } }, nil)
  coroutine.yield()
end)()
assert(pcall(display_dataframe_to_user, "Mine", { { a = 2^53|0 } }))
displayTable({ { 1, nil, 3 }, {} })
displayTable({})`;
  const { events, result, error } = await completed(await session(), code);
  expect({ result, error }).toEqual({ result: null, error: null });
  expect(tablesOf(events)).toEqual([
    [
      'Numbers',
      ['a', 'b'],
      [
        [1, '[1]'],
        [expect.stringContaining('nan'), null],
      ],
    ],
    [null, ['0', '1'], [[1, 'x']]],
    ['Mine', ['a'], [['9007199254740992']]],
    [
      null,
      ['0', '1', '2'],
      [
        [1, null, 3],
        [null, null, null],
      ],
    ],
    [null, [], []],
  ]);
});

test.for([
  ['displayTable(5)', 'displayTable: rows must be array, not number'],
  ['displayTable()', 'displayTable: rows is missing, it must be array'],
  ['displayTable(nil)', 'displayTable: rows is missing, it must be array'],
  ['displayTable({ a = 1 })', 'displayTable: rows must be array, not object'],
  ['displayTable({}, 5)', 'displayTable: title must be string, not number'],
  ['displayTable({ 1, 2 })', 'displayTable: row 1 of rows must be object or array, not number'],
  ['local t = {} t[1] = { t } displayTable(t)', 'displayTable: a value that contains itself cannot be passed'],
  ['local t = {} for i = 1, 600 do t = { t } end displayTable(t)', 'displayTable: what is passed is nested too deep'],
  ['displayTable({ { a = print } })', 'displayTable: a function cannot be passed'],
  ['displayTable({ { a = ("x"):rep(8e6|0) } })', 'displayTable: what is passed is too long, it may be 8 MB as JSON'],
  ['displayTable({ { [("x"):rep(8e6|0)] = 1 } })', 'displayTable: what is passed is too long, it may be 8 MB as JSON'],
] as const)('%s is refused with its line', async ([code, message]) => {
  const lua = await session();
  const { events, error } = await completed(lua, `local first = 1\n${code}`);
  expect(error).toMatchObject({ message: `main.lua:2: ${message}`, line: 2 });
  expect(error?.traceback).not.toContain('companion');
  expect(tablesOf(events)).toEqual([]);
  const caught = await completed(lua, 'local ok, problem = pcall(function() displayTable(5) end)\nreturn ok, problem');
  expect(caught.result).toBe('false\tmain.lua:1: displayTable: rows must be array, not number');
});

test('a program may have a displayTable of its own, in later runs too', async () => {
  const lua = await session();
  expect((await completed(lua, 'function displayTable() return "own" end\ndisplayTable(1)')).result).toBe('own');
  expect((await completed(lua, 'displayTable(1)')).result).toBe('own');
});

test('tables without end are ended with their own code', async () => {
  const { outcome } = await (await session()).run('while true do pcall(displayTable, {}) end');
  expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/too-many-artifacts' });
});

test('functions give back what Lua can hold', async () => {
  open = await openInNode(createLuaRunner({ source: nodeSource('lua', 'tests/support/lua/worker-with-functions.ts') }));
  const { result } = await completed(open, 'return add(2, 3), add(0.5, 1), join("é", true), nothing(), same(nil)');
  expect(result).toBe('5\t1.5\té true\tnil\tnil');
  expect((await completed(open, 'same({ 1 })')).error?.message).toBe(
    'main.lua:1: same: what it gives is no value of Lua',
  );
});

test('globals stay, locals do not; also after an error, an exit, a Stop and the time limit', async () => {
  const lua = await session();
  await completed(lua, 'kept = { 1 }\nlocal gone = 2');
  await completed(lua, 'error("x")');
  await completed(lua, 'os.exit(1)');
  expect((await lua.run('while true do end', { timeMs: 200 })).outcome).toMatchObject({
    kind: 'timedOut',
    sessionLost: false,
  });
  const stop = new AbortController();
  const stopped = await lua.run('print("go") while true do end', {
    signal: stop.signal,
    onEvent: (event) => event.kind === 'output' && stop.abort(),
  });
  expect(stopped.outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
  expect((await completed(lua, 'return #kept, gone')).result).toBe('1\tnil');
});

test('a state out of which a hundred runs were thrown is whole', async () => {
  const lua = await session();
  await completed(lua, 'log = {}');
  const places = [
    'os.exit(7)',
    'pcall(function() os.exit(7) end)',
    'coroutine.wrap(function() os.exit(7) end)()',
    'table.sort({3, 2, 1}, function() os.exit(7) end)',
    '("abc"):gsub(".", function() os.exit(7) end)',
    'local x <close> = setmetatable({}, { __close = function() os.exit(7) end })',
    'return setmetatable({}, { __index = function() os.exit(7) end }).x',
    'for _ in coroutine.wrap(function() coroutine.yield(1) os.exit(7) end) do end',
  ];
  for (let round = 0; round < 13; round += 1) {
    for (const code of places) expect((await completed(lua, `log[#log + 1] = { #log }\n${code}`)).exitCode).toBe(7);
  }
  const { result } = await completed(
    lua,
    'collectgarbage() local sum = 0 for i, entry in ipairs(log) do sum = sum + entry[1] end return #log, sum, collectgarbage("count") < 2000',
  );
  expect(result).toBe(`104\t${(103 * 104) / 2}\ttrue`);
});

test("errors name the person's line; a coroutine's own trace is there too", async () => {
  const lua = await session();
  const { error } = await completed(
    lua,
    'local function deep()\n  local x = nil\n  return x.field\nend\nlocal co = coroutine.wrap(function()\n  deep()\nend)\nco()',
  );
  expect(error).toMatchObject({
    code: 'lua/error',
    line: 3,
    message: "main.lua:8: main.lua:3: attempt to index a nil value (local 'x')",
  });
  expect(error?.traceback).toContain('main.lua:8: in main chunk');
  expect(error?.traceback).toContain("main.lua:3: in upvalue 'deep'");
  expect(error?.traceback).not.toContain('companion');
  expect(error?.suggestions[0]).toMatch(/nil/u);
  const resumed = await completed(
    lua,
    'local co = coroutine.create(function()\n  error("in here")\nend)\nassert(coroutine.resume(co))',
  );
  expect(resumed.error?.traceback).toMatch(/in the coroutine:[^]*main\.lua:2: in function <main\.lua:1>/u);
});

test('a syntax error has its line, and nothing runs', async () => {
  const { error, stdout } = await completed(await session(), 'print("no")\nfor i = 1, 3 do\n  print(i\nend');
  expect(error).toMatchObject({ code: 'lua/syntax-error', line: 4 });
  expect(stdout).toBe('');
});

test.for([true, false])('a person is asked in the main program, shared memory: %j', async (hasSharedMemory) => {
  const lua = await session({ hasSharedMemory });
  const questions: string[] = [];
  const answers = ['Zoë', '42', null];
  const { stdout } = await completed(
    lua,
    'io.write("Name? ") local n = io.read() print("hi " .. n) print(io.read("n") + 1, io.read())',
    {
      stdin: null,
      onEvent(event) {
        if (event.kind !== 'input') return;
        questions.push(event.prompt);
        lua.session.answerInput(answers[questions.length - 1] ?? null);
      },
    },
  );
  expect(stdout).toBe('Name? hi Zoë\n43\t\n');
  expect(questions[0]).toBe('Name? ');
});

test('given input reaches a coroutine as well', async () => {
  const lua = await session({ hasSharedMemory: false });
  const { stdout } = await completed(lua, 'coroutine.wrap(function() print(io.read(), io.read()) end)()', {
    stdin: ['one'],
  });
  expect(stdout).toBe('one\tnil\n');
});

test('modules and files are those of the workspace', async () => {
  const lua = await session();
  lua.files.put('lib/geometry.lua', 'return { square = function(x) return x * x end }');
  lua.files.put('data.csv', 'a,b\n1,2\n3,4\n');
  const { stdout } = await completed(
    lua,
    'local g = require("lib.geometry") print(g.square(5))\nfor line in io.lines("/mnt/data/data.csv") do io.write("<", line, ">") end\nprint(require("lfs").attributes("lib").mode, require("lfs").attributes("data.csv", "size"))',
  );
  expect(stdout).toBe('25\n<a,b><1,2><3,4>directory\t12\n');
  const missing = await completed(lua, 'require("socket.http")');
  expect(missing.error?.message).toMatch(/^main\.lua:1: module 'socket\.http' not found:/u);
  expect(missing.error?.suggestions[0]).toMatch(/LuaRocks/u);
});

test.each([true, false])(
  'a file that is open is the same one whatever happens to its name (shared: %s)',
  async (hasSharedMemory) => {
    const lua = await session({ hasSharedMemory });
    const ran = await completed(
      lua,
      `local removed = io.open("x", "w+")
removed:write("old")
os.remove("x")
local new = io.open("x", "w")
new:write("n")
new:close()
removed:write("er")
removed:seek("set")
print(removed:read("a"))
removed:close()
local replaced = io.open("x")
local moved = io.open("y", "w")
moved:write("1")
os.rename("y", "x")
moved:write("2")
moved:close()
print(replaced:read("a"), io.open("x"):read("a"))
require("lfs").mkdir("d")
local inside = io.open("d/f", "w")
os.rename("d", "e")
inside:write("3")
inside:close()
print(io.open("e/f"):read("a"), io.open("d/f"))`,
    );
    expect(ran.error).toBeNull();
    expect(ran.stdout).toBe('older\nn\t12\n3\tnil\td/f: No such file or directory\t2\n');
    expect((await lua.files.all()).map(({ path }) => path).sort()).toEqual(['e/f', 'x']);
    const artifacts = ran.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact.path] : []));
    expect(artifacts.sort()).toEqual(['/mnt/data/e/f', '/mnt/data/x']);
  },
);

test('output in pieces of a character is text again', async () => {
  const { stdout, stderr } = await completed(
    await session(),
    'for b in ("é€😀"):gmatch(".") do io.write(b) end\nio.stderr:write("\\xc3") io.stdout:write("|") io.stderr:write("\\xa9")',
  );
  expect([stdout, stderr]).toEqual(['é€😀|', 'é']);
});

test('print keeps its order with stderr, and the memory figure is that of the engine', async () => {
  const ran = await completed(await session(), 'print(1) io.stderr:write("2\\n") print(3)');
  expect(ran.events.flatMap((event) => (event.kind === 'output' ? [event.text] : []))).toEqual(['1\n', '2\n', '3\n']);
  expect(ran.outcome.memoryBytes).toBeGreaterThan(1_000_000);
});
