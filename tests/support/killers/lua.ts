import { expect } from 'vitest';
import type { EndedKiller, Killer, KillerSet } from './describe-killers.ts';

/** For those that time ends; the others have to end by themselves. */
const TIME_MS = 700;
const LONG_MS = 30_000;
const MEMORY_MB = 64;
const MB = 1024 * 1024;

/** How each killer has to end. */
type Ending =
  | { readonly result: string }
  | { readonly error: RegExp }
  | { readonly is: 'memory' | 'time' | 'killed' | 'flood' };

const memory: Ending = { is: 'memory' };
/** Ended by the hook: the session lives on. */
const time: Ending = { is: 'time' };
/** Native work that no hook interrupts: ended with its worker. */
const killed: Ending = { is: 'killed' };

/** `return 7` as luac 5.4 writes it: real Lua would run it. */
const BYTECODE =
  '\\x1b\\x4c\\x75\\x61\\x54\\x00\\x19\\x93\\x0d\\x0a\\x1a\\x0a\\x04\\x08\\x08\\x78\\x56\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x28\\x77\\x40\\x01\\x80\\x80\\x80\\x00\\x01\\x02\\x84\\x51\\x00\\x00\\x00\\x01\\x00\\x03\\x80\\x46\\x00\\x02\\x01\\x46\\x00\\x01\\x01\\x80\\x81\\x01\\x00\\x00\\x80\\x80\\x80\\x80\\x80';

const KILLERS: Readonly<Record<string, readonly [code: string, ending: Ending]>> = {
  'tables without end': ['local t={} for i=1,1e9 do t[i]={} end', memory],
  'strings without end': ['local t={} for i=1,1e9 do t[i]=tostring(i) end', memory],
  'closures without end': ['local t={} for i=1,1e9 do t[i]=function() return i end end', memory],
  'numbers without end': ['local t={} for i=1,1e9 do t[i]=i end', memory],
  'small tables without end': ['local t={} for i=1,1e9 do t[i]={i} end', memory],
  'coroutines without end': ['local t={} for i=1,1e7 do t[i]=coroutine.create(function() end) end', memory],
  'a string doubled for ever': ['local s="x" while true do s=s..s end', memory],
  'string.rep of a gigabyte': ['return #string.rep("x", 1e9)', memory],
  'string.rep of a gigabyte with a separator': ['return #string.rep("x", 1e8, "yyyyyyyyyy")', memory],
  'large strings collected': ['local t={} for i=1,1e9 do t[i]=string.rep("x",1e6)..i end', memory],
  'a gsub that doubles': ['local s=string.rep("a",1e6); while true do s=s:gsub("a","aa") end', memory],
  'a concat of a gigabyte': ['local t={} for i=1,1e6 do t[i]=string.rep("y",1000) end return #table.concat(t)', memory],
  'memory errors caught for ever': [
    'while true do pcall(function() local t={} for i=1,1e9 do t[i]=string.rep("x",1e5)..i end end) end',
    time,
  ],
  'an endless loop': ['while true do end', time],
  'a goto loop': ['::a:: goto a', time],
  'an endless loop in pcall for ever': ['while true do pcall(function() while true do end end) end', time],
  'an endless error handler': [
    'while true do xpcall(function() while true do end end, function() while true do end end) end',
    time,
  ],
  'an endless coroutine': [
    'while true do local c=coroutine.create(function() while true do end end); coroutine.resume(c) end',
    time,
  ],
  'an endless wrapped coroutine': ['coroutine.wrap(function() while true do end end)()', time],
  'an endless __close': ['local x <close> = setmetatable({}, {__close=function() while true do end end})', time],
  'an endless comparison in sort': [
    'local t={} for i=1,1e5 do t[i]=i end table.sort(t,function(a,b) while true do end end)',
    time,
  ],
  'an endless __index': ['return setmetatable({}, {__index=function() while true do end end}).x', time],
  'an endless __tostring of the shown value': [
    'return setmetatable({}, {__tostring=function() while true do end end})',
    time,
  ],
  'an endless __tostring of the error': [
    'error(setmetatable({}, {__tostring=function() while true do end end}))',
    time,
  ],
  'an endless __name lookup while shown': [
    'return setmetatable({}, setmetatable({}, {__index=function() while true do end end}))',
    { result: '{}' },
  ],
  'an endless finalizer': [
    'setmetatable({}, {__gc=function() while true do end end}); for i=1,1e6 do local t={i} end',
    { error: /^main\.lua:1: __gc is not available here$/u },
  ],
  'a finalizer is refused': [
    'return pcall(setmetatable, {}, {__gc=1})',
    { result: 'false\t__gc is not available here' },
  ],
  'a pattern of many parts': [
    'return string.find(string.rep("a", 30000), string.rep("a?", 30000)..string.rep("a",30000))',
    { error: /pattern too complex/u },
  ],
  'a pattern that backtracks for ever': ['return (string.rep("a",5000)):find((".-"):rep(12).."b")', killed],
  'table.insert behind a huge length': [
    'local t=setmetatable({}, {__len=function() return 2^53|0 end}); return pcall(table.insert, t, 1, 1)',
    killed,
  ],
  'table.move over a huge range': ['return pcall(table.move, {}, 1, 2^53|0, 2)', killed],
  'recursion without end': ['local function f(n) return 1+f(n+1) end f(0)', { error: /stack overflow/u }],
  'a million tail calls': [
    'local function f(n) if n==0 then return "ok" end return f(n-1) end return f(1e6)',
    { result: 'ok' },
  ],
  'recursion through gsub': ['local function f(s) return (s:gsub(".", f)) end f("aa")', { error: /stack overflow/u }],
  'recursion through __index': [
    'local t=setmetatable({}, {}) getmetatable(t).__index=function(t,k) return t[k] end return t.x',
    { error: /stack overflow/u },
  ],
  'recursion through __tostring': [
    'local t; t=setmetatable({}, {__tostring=function() return tostring(t) end}) print(t)',
    { error: /stack overflow/u },
  ],
  'coroutines in coroutines': ['local function f() return coroutine.wrap(f)() end f()', { error: /C stack overflow/u }],
  'a hundred thousand parentheses': [
    'return load("return "..("("):rep(1e5).."1"..(")"):rep(1e5))',
    { result: 'nil\tC stack overflow' },
  ],
  'a hundred thousand blocks': [
    'return load(("do "):rep(1e5)..("end "):rep(1e5))',
    { result: 'nil\tC stack overflow' },
  ],
  'parentheses in the program itself': [
    `return ${'('.repeat(50_000)}1${')'.repeat(50_000)}`,
    { error: /stack overflow|overflow/u },
  ],
  bytecode: [`return load("${BYTECODE}")`, { result: "nil\tattempt to load a binary chunk (mode is 't')" }],
  'bytecode by its mode': [
    `return load("${BYTECODE}", "x", "b")`,
    { result: "nil\tattempt to load a binary chunk (mode is 'b')" },
  ],
  'bytecode in pieces': [
    `local n=0 return load(function() n=n+1 return ("${BYTECODE}"):sub(n,n) end, "x", "bt")`,
    { result: "nil\tattempt to load a binary chunk (mode is 't')" },
  ],
  'bytecode made here': ['return string.dump', { result: 'nil' }],
  'bytecode in a file': [
    `local f=io.open("x.luac","wb") f:write("${BYTECODE}") f:close() return loadfile("x.luac", "b")`,
    { result: "nil\tattempt to load a binary chunk (mode is 'b')" },
  ],
  'what reaches outside': [
    'return tostring(os.execute("ls")), tostring(debug.sethook), tostring(debug.getregistry), tostring(debug.getupvalue), tostring(debug.setmetatable), tostring(package.loadlib)',
    { result: 'nil\tnil\tnil\tnil\tnil\tnil' },
  ],
  'io.popen': ['return pcall(io.popen, "ls")', { result: "false\t'popen' not supported" }],
  'files outside of the workspace': [
    'return io.open("/etc/passwd"), io.open("../secret"), io.open("/mnt/data/../../etc/passwd"), os.remove("/etc/passwd")',
    { result: 'nil\tnil\tnil\tnil\t/etc/passwd: No such file or directory\t2' },
  ],
  'a conversion that C does not know': [
    'return select("#", os.date("%Y")), pcall(os.date, "%Ez")',
    { result: "1\tfalse\tbad argument #1 to 'os.date' (invalid conversion specifier '%Ez')" },
  ],
  'output without end': ['while true do print(("x"):rep(1e5)) end', { is: 'flood' }],
  'a sort with a lying comparison': [
    'table.sort({3,1,2,5,4,9,8,7}, function(a,b) return true end)',
    { error: /invalid order function for sorting/u },
  ],
  'string.format with a huge width': [
    'return pcall(string.format, "%99999d", 1)',
    { result: "false\tinvalid conversion specification: '%99999d'" },
  ],
  'string.format with a huge precision': ['return pcall(string.format, "%.99f", 1e308) ', { result: 'true' }],
  'unpacking ten million': ['return pcall(table.unpack, {}, 1, 1e7)', { result: 'false\ttoo many results to unpack' }],
  'unpacking nearly a million': ['return select("#", table.unpack({}, 1, 9e5))', { result: '900000' }],
  'a million values as the result': ['return table.unpack({}, 1, 9e5)', { result: Array(200).fill('nil').join('\t') }],
  'concat of nothing': ['return #table.concat({}, "x", 1, 0)', { result: '0' }],
  'utf8.len of ten megabytes': ['return utf8.len(("x"):rep(1e7))', { result: '10000000' }],
  'a yield outside of coroutines': ['coroutine.yield(1)', { error: /^attempt to yield from outside a coroutine$/u }],
  'a value that holds itself': ['local t={} t.t=t return t', { result: '{ t = <cycle> }' }],
  'a value a hundred thousand deep': ['local t={} for i=1,1e5 do t={t} end return #t', { result: '1' }],
  'a table of a million shown': ['local t={} for i=1,1e6 do t[i]=i end return t', { result: '{\n  1,\n  2,' }],
  'a table as error': ['error({code=1})', { error: /^\(error object is a table value\) \{ code = 1 \}$/u }],
  'nil as error': ['error()', { error: /^\(error object is a nil value\)$/u }],
  'tmp filled without end': [
    'local f=assert(io.open("/tmp/x","w")) while true do assert(f:write(("x"):rep(1e6))) end',
    { error: /No space left on device/u },
  ],
  'an environment without anything': ['return pcall(load("return print", "x", "t", {}))', { result: 'true\tnil' }],
  'print taken away': ['print=nil io=nil string=nil table=nil debug=nil return 1', { result: '1' }],
  'metatable of strings changed': [
    'getmetatable("").__index=function() while true do end end return 1',
    { result: '1' },
  ],
};

/** Programs that the hook ended, and those whose worker had no turn within its grace, as on a busy machine. */
export const endedLua = { inside: 0, withWorker: 0 };

function checkEnding(ending: Ending, { outcome, isAlive }: EndedKiller): void {
  if ('is' in ending) {
    if (ending.is === 'memory') expect(outcome).toMatchObject({ kind: 'completed', error: { code: 'lua/memory' } });
    else if (ending.is === 'flood') expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/output-too-large' });
    else {
      expect(outcome).toMatchObject({ kind: 'timedOut', sessionLost: !isAlive });
      if (ending.is === 'killed') expect(isAlive).toBe(false);
      else endedLua[isAlive ? 'inside' : 'withWorker'] += 1;
    }
  } else if ('error' in ending) {
    expect(outcome).toMatchObject({ kind: 'completed', exitCode: 1 });
    expect(outcome.kind === 'completed' && outcome.error?.message).toMatch(ending.error);
  } else {
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    const result = (outcome.kind === 'completed' && outcome.result) || '';
    expect(result.slice(0, Math.max(ending.result.length, 1))).toBe(ending.result);
  }
  expect(outcome.memoryBytes).toBeLessThanOrEqual((MEMORY_MB + 16) * MB);
}

const killerOf = ([code, ending]: readonly [string, Ending]): Killer => {
  const isTimed = 'is' in ending && (ending.is === 'time' || ending.is === 'killed');
  return {
    code,
    limits: { timeMs: isTimed ? TIME_MS : LONG_MS, memoryMB: MEMORY_MB },
    check: (ended) => checkEnding(ending, ended),
  };
};

export const luaKillers: KillerSet = {
  language: 'lua',
  killers: Object.entries(KILLERS).map(([title, row]) => [title, killerOf(row)]),
  next: {
    code: 'local c = 0\nlocal co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)\nfor i = 1, 3 do c = c + co() end\ncollectgarbage()\nreturn c * 7, #(tostring({}) .. "")>0',
    result: '42\ttrue',
    limits: { timeMs: LONG_MS, memoryMB: MEMORY_MB },
  },
};
