/**
 * What took the place of names that other versions of Lua have and 5.4 has not (manual of 5.2, 5.3 and 5.4, section 8;
 * LuaJIT's extensions). Each is a sentence for who wrote the old name.
 */
const NAMES: Readonly<Record<string, string>> = {
  unpack: 'Lua 5.4 has it as table.unpack: write table.unpack(list), or local unpack = table.unpack at the top.',
  loadstring: 'Lua 5.4 has no loadstring: write load(text), which takes a string.',
  setfenv: 'Lua 5.4 has no setfenv: give the environment to load(text, name, "t", env), or write local _ENV = env.',
  getfenv: 'Lua 5.4 has no getfenv: _ENV is the environment of the code around it, _G the globals.',
  getn: 'Lua 5.4 has no table.getn: write #list.',
  setn: 'Lua 5.4 has no table.setn: a list is as long as its values; assign nil to remove one.',
  maxn: 'Lua 5.4 has no table.maxn: write #list, or find the largest key with pairs.',
  foreach: 'Lua 5.4 has no table.foreach: write for key, value in pairs(list) do … end.',
  foreachi: 'Lua 5.4 has no table.foreachi: write for i, value in ipairs(list) do … end.',
  gfind: 'Lua 5.4 has it as string.gmatch: for word in string.gmatch(text, pattern) do … end.',
  pow: 'Lua 5.4 has no math.pow: write x ^ y.',
  mod: 'Lua 5.4 has no math.mod: write x % y, or math.fmod(x, y) for the sign of x.',
  log10: 'Lua 5.4 has no math.log10: write math.log(x, 10).',
  cosh: 'Lua 5.4 has no math.cosh: write (math.exp(x) + math.exp(-x)) / 2.',
  sinh: 'Lua 5.4 has no math.sinh: write (math.exp(x) - math.exp(-x)) / 2.',
  tanh: 'Lua 5.4 has no math.tanh: write (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1).',
  ldexp: 'Lua 5.4 has no math.ldexp: write m * 2.0 ^ e.',
  frexp: 'Lua 5.4 has no math.frexp: the exponent is math.floor(math.log(math.abs(x), 2)) + 1.',
  module: 'Lua 5.4 has no module function: put what the file gives into a local table and return it at its end.',
  seeall: 'Lua 5.4 has no package.seeall: put what the file gives into a local table and return it at its end.',
  newproxy: 'Lua 5.4 has no newproxy: write setmetatable({}, meta); tables have __len and __index as userdata does.',
  gcinfo: 'Lua 5.4 has no gcinfo: write collectgarbage("count").',
  loadlib:
    'Libraries of machine code cannot be loaded here; only modules that are files of the workspace can be required.',
  arg: 'Lua 5.4 makes no arg of "...": write local arg = { ... }, and select("#", ...) for how many there are.',
  bit32: 'Lua 5.4 has no bit32: write a & b, a | b, a ~ b, ~a, a << n, a >> n.',
  bit: 'Lua 5.4 has no bit library: write a & b, a | b, a ~ b, ~a, a << n, a >> n.',
  jit: 'This is Lua 5.4, not LuaJIT: leave out what switches its compiler.',
  ffi: 'This is Lua 5.4, not LuaJIT: there is no ffi, and machine code cannot be loaded here.',
};

/** A nil that was called, looked into or measured, with its name; or a module of that name that is not here. */
const NAMED =
  /attempt to (?:call|index|get length of) a nil value \((?:global|field|method|local|upvalue) '(\w+)'\)|^[^\n]*module '(bit32|bit|ffi|jit)' not found/u;

/** What to write in Lua 5.4 for the name of another version that an error's message names; null where it names none. */
export function adviceOfOtherVersions(message: string): string | null {
  const [, called, required] = NAMED.exec(message) ?? [];
  const name = called ?? required;
  return name !== undefined && Object.hasOwn(NAMES, name) ? (NAMES[name] ?? null) : null;
}
