import type { ContractPrograms } from './contract-programs.ts';

const quoted = (text: string): string => JSON.stringify(text);

export const luaPrograms: ContractPrograms = {
  language: 'lua',
  print: 'print("one")\nprint("two")\nio.stderr:write("oops\\n")',
  answer: '6 * 7',
  setVariable: 'kept = 7',
  readVariable: 'kept',
  fail: 'local x = 1\nlocal y = x.missing.more',
  broken: 'for x in',
  endless: 'print("go")\nwhile true do end',
  stubborn: 'print("go")\nwhile true do pcall(function() while true do end end) end',
  exit: 'os.exit(3)',
  flood: 'local line = ("x"):rep(999)\nwhile true do print(line) end',
  hoard: 'local held = {}\nwhile true do held[#held + 1] = ("x"):rep(4000000) .. #held end',
  greet: 'io.write("name? ")\nprint("hello " .. (io.read() or "nobody"))',
  reach: null,
  figure: null,
  callHost: 'displayTable({ { a = 1 } }, "Numbers")\nprint("called")',
  callHostWrong: 'local rows = 7\ndisplayTable(rows)',
  write: (path, text) =>
    `local f = assert(io.open(${quoted(path)}, "w"))\nassert(f:write(${quoted(text)}))\nassert(f:close())`,
  read: (path) => `io.write(assert(io.open(${quoted(path)})):read("a"))`,
  awaitFile: (path) => `print("waiting")
local f
repeat f = io.open(${quoted(path)}) until f
io.write(f:read("a"))`,
  rename: (from, to) => `assert(os.rename(${quoted(from)}, ${quoted(to)}))`,
  remove: (path) => `assert(os.remove(${quoted(path)}))`,
  replaceOpen: (path, text) =>
    `local old = assert(io.open(${quoted(path)}, "w"))\nassert(old:write("old"))\nassert(os.remove(${quoted(path)}))
local new = assert(io.open(${quoted(path)}, "w"))\nassert(new:write(${quoted(text)}))\nassert(new:close())
assert(old:write("er"))\nassert(old:close())`,
  makeFolder: (path) => `assert(require("lfs").mkdir(${quoted(path)}))`,
  list: (path) =>
    `for name in require("lfs").dir(${quoted(path || '.')}) do if name ~= "." and name ~= ".." then print(name) end end`,
  writeBytes: (path, count) => `local all = {}
for n = 0, 250 do all[n + 1] = string.char(n) end
local piece = table.concat(all)
local f = assert(io.open(${quoted(path)}, "wb"))
for _ = 1, ${Math.floor(count / 251)} do f:write(piece) end
f:write(piece:sub(1, ${count % 251}))
assert(f:close())`,
  sumBytes: (path) => `local f = assert(io.open(${quoted(path)}, "rb"))
local count, sum = 0, 0
while true do
  local piece = f:read(4096)
  if not piece then break end
  count = count + #piece
  for at = 1, #piece do sum = sum + piece:byte(at) end
end
print(count .. " " .. sum)`,
  exceptions: {},
};
