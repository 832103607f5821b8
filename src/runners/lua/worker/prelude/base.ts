import { OPERATION } from './operations.ts';

/**
 * Lua's own part of the runner, first piece: what replaces functions of the base library, `coroutine`, `os` and `debug`.
 * Its frames are called `[companion]` and taken out of tracebacks.
 */
export const BASE_PRELUDE = String.raw`
local call = ...
local type, tostring, tonumber, select, error, next, pairs, ipairs = type, tostring, tonumber, select, error, next, pairs, ipairs
local rawget, rawset, rawlen, rawequal, pcall, assert, load = rawget, rawset, rawlen, rawequal, pcall, assert, load
local setmetatable, getmetatable, collectgarbage = setmetatable, getmetatable, collectgarbage
local concat, unpack, sort = table.concat, table.unpack, table.sort
local sub, find, format, gsub, match, rep, byte = string.sub, string.find, string.format, string.gsub, string.match, string.rep, string.byte
local create, resume, status, running = coroutine.create, coroutine.resume, coroutine.status, coroutine.running
local yield, close, isyieldable = coroutine.yield, coroutine.close, coroutine.isyieldable
local traceback, getinfo, setmeta, upvalueid = debug.traceback, debug.getinfo, debug.setmetatable, debug.upvalueid
local osdate, ostime, difftime = os.date, os.time, os.difftime
local maxinteger, mininteger, huge, mathtype = math.maxinteger, math.mininteger, math.huge, math.type
local registry = debug.getregistry()

local loaded = { _G = _G, coroutine = coroutine, table = table, string = string, utf8 = utf8, math = math, os = os, debug = debug }
registry._LOADED = loaded

local function named(value)
  local meta = getmetatable(value)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name or type(value)
end
-- Raises as a C function of Lua would, at the line that called it.
local function badargument(index, name, what, level)
  error("bad argument #" .. index .. " to '" .. name .. "' (" .. what .. ")", (level or 2) + 1)
end
local function expected(kind, value, isnone)
  return kind .. " expected, got " .. (isnone and "no value" or named(value))
end

-- tracebacks show the person's frames; functions that are Lua here and C elsewhere look as they do there
local function clean(text)
  text = gsub(text, "\n\t%[C%]: in function 'error'(\n\t%[companion%])", "%1")
  text = gsub(text, "(\n\t%[companion%][^\n]*)\n\t%(%.%.%.tail calls%.%.%.%)", "%1")
  text = gsub(text, "\n\t%[companion%]:%d+: in (function '[^\n]*)", "\n\t[C]: in %1")
  text = gsub(text, "\n\t%[companion%][^\n]*", "")
  return text
end

function print(...)
  local count = select("#", ...)
  if count == 1 then
    local text = tostring((...))
    call(${OPERATION.write}, 1, text .. "\n")
    return
  end
  local parts = { ... }
  for i = 1, count do parts[i] = tostring(parts[i]) end
  call(${OPERATION.write}, 1, concat(parts, "\t") .. "\n")
end

local warns = false
function warn(first, ...)
  if type(first) ~= "string" and type(first) ~= "number" then badargument(1, "warn", expected("string", first)) end
  if select("#", ...) == 0 and find(first, "^@") then
    if first == "@on" then warns = true elseif first == "@off" then warns = false end
    return
  end
  if warns then call(${OPERATION.write}, 2, "Lua warning: " .. concat({ first, ... }) .. "\n") end
end

-- Text only: compiled chunks can break the interpreter.
local guardedload
do
  local readchunk = load
  guardedload = function(chunk, name, mode, ...)
    if mode ~= nil and type(mode) == "string" and not find(mode, "t", 1, true) then
      local kind = type(chunk) == "string" and byte(chunk) == 27 and "binary" or "text"
      return nil, "attempt to load a " .. kind .. " chunk (mode is '" .. mode .. "')"
    end
    if select("#", ...) > 0 then return readchunk(chunk, name, "t", (...)) end
    return readchunk(chunk, name, "t")
  end
  _G.load = guardedload
end
string.dump = nil

-- Nothing could stop a finalizer: hooks are off in it.
do
  local set = setmetatable
  _G.setmetatable = function(value, meta)
    if type(value) ~= "table" then badargument(1, "setmetatable", expected("table", value)) end
    if type(meta) == "table" then
      if rawget(meta, "__gc") ~= nil then error("__gc is not available here", 2) end
    elseif meta ~= nil then
      badargument(2, "setmetatable", expected("nil or table", meta))
    end
    local old = getmetatable(value)
    if old ~= nil then
      local guarded = pcall(set, value, meta)
      if not guarded then error("cannot change a protected metatable", 2) end
      return value
    end
    return set(value, meta)
  end
end

-- coroutines: the program itself runs in one, which is not to be seen; failures of others keep their traceback
local main
local failed, failedtrace
local function note(co, ok, ...)
  if not ok and status(co) == "dead" then
    local trace = traceback(co)
    if find(trace, "\n\t", 1, true) then failed, failedtrace = (...), clean(trace) end
  end
  return ok, ...
end
function coroutine.resume(co, ...)
  if type(co) ~= "thread" then badargument(1, "resume", expected("coroutine", co)) end
  return note(co, resume(co, ...))
end
do
  local function passed(co, ok, ...)
    if ok then return ... end
    local problem = ...
    note(co, false, problem)
    if status(co) == "dead" then
      local closed, other = close(co)
      if not closed and other ~= nil then problem = other end
    end
    if type(problem) == "string" then
      local at = getinfo(2, "Sl")
      if at and at.currentline > 0 and at.short_src ~= "[companion]" then
        problem = at.short_src .. ":" .. at.currentline .. ": " .. problem
      end
    end
    error(problem, 0)
  end
  function coroutine.wrap(f)
    if type(f) ~= "function" then badargument(1, "wrap", expected("function", f, f == nil)) end
    local co = create(f)
    return function(...) return (passed)(co, resume(co, ...)) end
  end
end
function coroutine.yield(...)
  if running() == main then error("attempt to yield from outside a coroutine", 0) end
  return yield(...)
end
function coroutine.running()
  local co = running()
  return co, co == main
end
function coroutine.isyieldable(co)
  if (co or running()) == main then return false end
  if co then return isyieldable(co) end
  return isyieldable()
end

function os.clock() return call(${OPERATION.clock}) end
function os.exit(code, _)
  if code == nil or code == true then code = 0 elseif code == false then code = 1 end
  local number = math.tointeger(code) or badargument(1, "exit", expected("number", code))
  call(${OPERATION.exit}, number)
end
function os.getenv(name)
  if type(name) ~= "string" then badargument(1, "getenv", expected("string", name, name == nil)) end
  if name == "HOME" or name == "PWD" then return "/mnt/data" end
  if name == "PATH" then return "/usr/bin:/bin" end
  return nil
end
function os.setlocale(name)
  if name == nil or name == "" or name == "C" or name == "POSIX" then return "C" end
  return nil
end
function os.execute(command)
  if command == nil then return false end
  call(${OPERATION.write}, 2, "os.execute: a Lua program here cannot start other programs; run the command in a shell block of its own.\n")
  return nil, "exit", 127
end
function os.remove(path)
  if type(path) ~= "string" then badargument(1, "remove", expected("string", path, path == nil)) end
  return call(${OPERATION.remove}, path)
end
function os.rename(from, to)
  if type(from) ~= "string" then badargument(1, "rename", expected("string", from, from == nil)) end
  if type(to) ~= "string" then badargument(2, "rename", expected("string", to, to == nil)) end
  return call(${OPERATION.rename}, from, to)
end
do
  local count = 0
  function os.tmpname()
    count = count + 1
    return format("/tmp/lua_%06d", count)
  end
end

-- debug: looking only; nothing that reaches into other functions
do
  local fields = { "source", "short_src", "what", "currentline", "linedefined", "lastlinedefined", "name", "namewhat", "nups", "nparams", "isvararg", "istailcall" }
  local function looked(thread, at, what)
    what = gsub(what or "nSlut", "[fLr]", "")
    local found
    if thread then found = getinfo(thread, at, what) else found = getinfo(at, what) end
    if not found then return nil end
    local copy = {}
    for i = 1, #fields do copy[fields[i]] = found[fields[i]] end
    if copy.short_src == "[companion]" then
      copy.short_src, copy.source, copy.what = "[C]", "=[C]", "C"
      if copy.currentline then copy.currentline = -1 end
    end
    return copy
  end
  local function get(...)
    local thread, at, what = ...
    if type(thread) ~= "thread" then thread, at, what = nil, ... end
    if type(at) == "number" and not thread then
      if at == 0 then return { what = "C", name = "getinfo", namewhat = "field", short_src = "[C]", source = "=[C]", currentline = -1 } end
      -- two frames of ours: this one left by a tail call
      return looked(nil, at + 2, what)
    end
    if type(at) ~= "function" and type(at) ~= "number" then badargument(1, "getinfo", "function or level expected", 3) end
    return looked(thread, at, what)
  end
  debug = {
    traceback = function(...)
      local thread, text, level = ...
      if type(thread) ~= "thread" then
        text, level = ...
        if text ~= nil and type(text) ~= "string" and type(text) ~= "number" then return text end
        return clean(traceback(text, (level or 1) + 1))
      end
      if text ~= nil and type(text) ~= "string" and type(text) ~= "number" then return text end
      return clean(traceback(thread, text, level or 0))
    end,
    getinfo = function(...)
      local found = get(...)
      return found
    end,
    getmetatable = debug.getmetatable,
    upvalueid = upvalueid,
  }
  loaded.debug = debug
end
`;
