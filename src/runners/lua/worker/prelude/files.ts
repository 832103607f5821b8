import { OPERATION } from './operations.ts';

/** Second piece: `io` over the worker's files, and `require`, `dofile`, `loadfile` of workspace files. */
export const FILES_PRELUDE = String.raw`
local filemeta = { __name = "FILE*" }
local methods = {}
filemeta.__index = methods
filemeta.__metatable = filemeta
local handles = setmetatable({}, { __mode = "k" })
local closed = {}

local function newfile(id)
  local object = setmeta(call(${OPERATION.fileObject}), filemeta)
  handles[object] = id
  return object
end
local stdin, stdout, stderr = newfile(0), newfile(1), newfile(2)
local input, output = stdin, stdout

local function idof(file, name, level)
  local id = handles[file]
  if id == nil then badargument(1, name, expected("FILE*", file, file == nil), (level or 2) + 1) end
  if id == closed then error("attempt to use a closed file", (level or 2) + 1) end
  return id
end
function filemeta.__tostring(file)
  local id = handles[file]
  if id == nil then return "file" end
  if id == closed then return "file (closed)" end
  return format("file (0x%08x)", id * 16 + 0x10000)
end

-- True asks the person: the program steps aside until the answer is there.
local function ask(id, kind, count)
  local ismain = running() == main
  local value, problem, code = call(${OPERATION.read}, id, kind, count or 0, ismain)
  while value == true do
    yield()
    value, problem, code = call(${OPERATION.read}, id, kind, count or 0, ismain)
  end
  return value, problem, code
end
local function read(file, name, level, ...)
  local id = idof(file, name, level + 1)
  local count = select("#", ...)
  if count == 0 then return ask(id, "l") end
  local results = {}
  for i = 1, count do
    local wanted = (select(i, ...))
    local value, problem, code
    if type(wanted) == "number" then
      local bytes = math.tointeger(wanted) or badargument(i, name, "number has no integer representation", level + 1)
      value, problem, code = ask(id, "c", bytes)
    else
      local kind = type(wanted) == "string" and match(wanted, "^%*?([nlLa])")
      if not kind then badargument(i, name, type(wanted) == "string" and "invalid format" or expected("string", wanted), level + 1) end
      value, problem, code = ask(id, kind)
      if kind == "n" and value ~= nil then value = tonumber(value) end
    end
    if code ~= nil then return value, problem, code end
    results[i] = value
    if value == nil then return unpack(results, 1, i) end
  end
  return unpack(results, 1, count)
end
-- Unlike print: a float without a fraction is written without one.
local function shownnumber(value)
  return mathtype(value) == "integer" and tostring(value) or format("%.14g", value)
end
local function write(file, name, level, ...)
  local id = idof(file, name, level + 1)
  for i = 1, select("#", ...) do
    local value = (select(i, ...))
    local kind = type(value)
    if kind ~= "string" and kind ~= "number" then badargument(i, name, expected("string", value), level + 1) end
    local done, problem, code = call(${OPERATION.write}, id, kind == "number" and shownnumber(value) or value)
    if not done then return nil, problem, code end
  end
  return file
end
local function shut(file, name, level)
  local id = idof(file, name, level + 1)
  if id <= 2 then return nil, "cannot close standard file" end
  handles[file] = closed
  return call(${OPERATION.close}, id)
end
local function lines(file, shuts, level, ...)
  idof(file, "lines", level + 1)
  local formats = { ... }
  local count = select("#", ...)
  if count > 250 then badargument(252, "lines", "too many arguments", level + 1) end
  return function()
    if handles[file] == closed then error("file is already closed", 2) end
    local results = { read(file, "lines", 3, unpack(formats, 1, count)) }
    if results[1] == nil then
      if results[2] ~= nil then error(results[2], 2) end
      if shuts then shut(file, "lines", 2) end
      return nil
    end
    return unpack(results, 1, count == 0 and 1 or count)
  end
end

function methods:read(...)
  local results = { read(self, "read", 2, ...) }
  return unpack(results, 1, math.max(select("#", ...), #results, 1))
end
function methods:write(...)
  local done, problem, code = write(self, "write", 2, ...)
  if done then return done end
  return nil, problem, code
end
function methods:lines(...)
  local iterate = lines(self, false, 2, ...)
  return iterate
end
function methods:close()
  local done, problem, code = shut(self, "close", 2)
  if done then return true end
  return nil, problem, code
end
function methods:flush()
  local done, problem, code = call(${OPERATION.flush}, (idof(self, "flush")))
  if done then return self end
  return nil, problem, code
end
function methods:seek(whence, offset)
  local id = idof(self, "seek")
  whence, offset = whence or "cur", offset or 0
  if whence ~= "set" and whence ~= "cur" and whence ~= "end" then badargument(1, "seek", "invalid option '" .. tostring(whence) .. "'") end
  local distance = math.tointeger(offset) or badargument(2, "seek", expected("number", offset))
  return call(${OPERATION.seek}, id, whence, distance)
end
function methods:setvbuf()
  idof(self, "setvbuf")
  return true
end
filemeta.__close = function(file) if handles[file] ~= closed then shut(file, "close", 2) end end

local function open(path, mode)
  local id, problem, code = call(${OPERATION.open}, path, mode)
  if id then return newfile(id) end
  return nil, path .. ": " .. problem, code, problem
end
local function opencheck(path, mode, level)
  local file, _, _, problem = open(path, mode)
  if not file then error("cannot open file '" .. path .. "' (" .. problem .. ")", (level or 2) + 1) end
  return file
end
local function chosen(which, file, mode, name)
  if type(file) == "string" then
    return (opencheck(file, mode, 3))
  end
  idof(file, name, 3)
  return file
end

io = { stdin = stdin, stdout = stdout, stderr = stderr }
loaded.io = io
function io.open(path, mode)
  if type(path) ~= "string" then badargument(1, "open", expected("string", path, path == nil)) end
  mode = mode == nil and "r" or mode
  if type(mode) ~= "string" or not find(mode, "^[rwa]%+?b?$") then badargument(2, "open", "invalid mode") end
  local file, problem, code = open(path, mode)
  if file then return file end
  return nil, problem, code
end
function io.close(file)
  local done, problem, code = shut(file or output, "close", 2)
  if done then return true end
  return nil, problem, code
end
-- The default files say by name that they are closed.
local function default(file, what, level)
  if handles[file] == closed then error("default " .. what .. " file is closed", (level or 2) + 1) end
  return file
end
function io.read(...)
  local results = { read(default(input, "input"), "read", 2, ...) }
  return unpack(results, 1, math.max(select("#", ...), #results, 1))
end
function io.write(...)
  local done, problem, code = write(default(output, "output"), "write", 2, ...)
  if done then return done end
  return nil, problem, code
end
function io.flush()
  local done, problem, code = default(output, "output"):flush()
  if done then return done end
  return nil, problem, code
end
function io.lines(path, ...)
  if path == nil then
    local iterate = lines(default(input, "input"), false, 2, ...)
    return iterate
  end
  if type(path) ~= "string" then badargument(1, "lines", expected("string", path)) end
  local file = opencheck(path, "r")
  local iterate = lines(file, true, 2, ...)
  return iterate, nil, nil, file
end
function io.input(file)
  if file ~= nil then input = chosen(input, file, "r", "input") end
  return input
end
function io.output(file)
  if file ~= nil then output = chosen(output, file, "w", "output") end
  return output
end
function io.type(value)
  local id = handles[value]
  if id == nil then return nil end
  return id == closed and "closed file" or "file"
end
function io.tmpfile()
  local file = open(os.tmpname(), "w+")
  return file
end
function io.popen() error("'popen' not supported: a Lua program here cannot start other programs", 2) end

-- modules and chunks are files of the workspace
local function chunkof(path, mode, env, hasenv)
  local text, problem = call(${OPERATION.readWhole}, path)
  if not text then return nil, "cannot open " .. path .. " (" .. problem .. ")" end
  text = gsub(text, "^\239\187\191", "")
  text = gsub(text, "^#[^\n]*", "", 1)
  if hasenv then return guardedload(text, "@" .. path, mode, env) end
  return guardedload(text, "@" .. path, mode)
end
function loadfile(path, mode, ...)
  if type(path) ~= "string" then badargument(1, "loadfile", expected("string", path, path == nil)) end
  local chunk, problem = chunkof(path, mode, (...), select("#", ...) > 0)
  if chunk then return chunk end
  return nil, problem
end
function dofile(path)
  if type(path) ~= "string" then badargument(1, "dofile", expected("string", path, path == nil)) end
  local chunk, problem = chunkof(path)
  if not chunk then error(problem, 0) end
  return chunk()
end

package = { loaded = loaded, preload = {}, path = "./?.lua;./?/init.lua", cpath = "", config = "/\n;\n?\n!\n-\n" }
loaded.package = package
local function search(name, paths, between)
  local spelled = name
  if between == nil then between = "." end
  if between ~= "" then spelled = gsub(name, gsub(between, "%p", "%%%0"), "/") end
  local whole = gsub(paths, "%?", (gsub(spelled, "%%", "%%%%")))
  for path in string.gmatch(whole, "[^;]+") do
    if call(${OPERATION.isFile}, path) then return path end
  end
  return nil, "no file '" .. gsub(whole, ";", "'\n\tno file '") .. "'"
end
function package.searchpath(name, paths, between)
  local path, problem = search(name, paths, between)
  if path then return path end
  return nil, problem
end
function require(name)
  if type(name) ~= "string" then badargument(1, "require", expected("string", name, name == nil)) end
  local known = loaded[name]
  if known then return known end
  local loader, extra = package.preload[name], ":preload:"
  if loader == nil then
    if type(package.path) ~= "string" then error("'package.path' must be a string", 2) end
    local path, tried = search(name, package.path)
    if not path then
      if type(package.cpath) == "string" and package.cpath ~= "" then
        local _, others = search(name, package.cpath)
        if others then tried = tried .. "\n\t" .. others end
      end
      error("module '" .. name .. "' not found:\n\tno field package.preload['" .. name .. "']\n\t" .. tried, 2)
    end
    local chunk, problem = chunkof(path)
    if not chunk then error("error loading module '" .. name .. "' from file '" .. path .. "':\n\t" .. tostring(problem), 2) end
    loader, extra = chunk, path
  end
  local value = loader(name, extra)
  if value ~= nil then loaded[name] = value
  elseif loaded[name] == nil then loaded[name] = true end
  return loaded[name], extra
end

-- LuaFileSystem as far as a tree without links and rights has a meaning for it
function package.preload.lfs()
  local lfs = { _VERSION = "LuaFileSystem 1.8.0 (over the workspace)" }
  function lfs.currentdir() return "/mnt/data" end
  function lfs.mkdir(path) return call(${OPERATION.mkdir}, path) end
  function lfs.rmdir(path)
    local kind, problem, code = call(${OPERATION.stat}, path)
    if not kind then return nil, problem, code end
    if kind ~= "directory" then return nil, path .. ": Not a directory", 20 end
    return call(${OPERATION.remove}, path)
  end
  function lfs.dir(path)
    local names, problem = call(${OPERATION.list}, path)
    if not names then error("cannot open " .. problem, 2) end
    return string.gmatch(".\n..\n" .. names, "[^\n]+")
  end
  function lfs.attributes(path, wanted)
    local kind, size, changed = call(${OPERATION.stat}, path)
    if not kind then return nil, size, changed end
    local found = { mode = kind, size = size, modification = changed, access = changed, change = changed, nlink = 1 }
    if type(wanted) == "string" then return found[wanted] end
    return found
  end
  lfs.symlinkattributes = lfs.attributes
  return lfs
end
`;
