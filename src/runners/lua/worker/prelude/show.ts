import { OPERATION } from './operations.ts';

/** Third piece: shows values and errors, and writes values as JSON. */
export const SHOW_PRELUDE = String.raw`
local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\\"] = "\\\\", ["\""] = "\\\"", ["\0"] = "\\0" }
local function quoted(text)
  return '"' .. gsub(text, "[%c\\\"]", function(c) return escapes[c] or format("\\%03d", byte(c)) end) .. '"'
end
local reserved = {}
for word in string.gmatch("and break do else elseif end false for function goto if in local nil not or repeat return then true until while", "%a+") do reserved[word] = true end

local order = { number = 1, string = 2, boolean = 3 }
local function before(a, b)
  local ta, tb = order[type(a)] or 4, order[type(b)] or 4
  if ta ~= tb then return ta < tb end
  if ta <= 2 then return a < b end
  return tostring(a) < tostring(b)
end

local MOSTDEPTH, MOSTITEMS, MOSTNODES, WIDE = 8, 200, 4000, 76

-- Other keys than the list's own, in an order that stays.
local function otherkeys(value, length)
  local keys = {}
  for key in next, value do
    if not (mathtype(key) == "integer" and key >= 1 and key <= length) then keys[#keys + 1] = key end
  end
  sort(keys, before)
  return keys
end
local function spoken(value)
  local meta = getmetatable(value)
  if type(meta) == "table" and rawget(meta, "__tostring") ~= nil then
    local ok, text = pcall(tostring, value)
    return ok and text or "<error in __tostring>"
  end
end
local function inspect(value, depth, seen, budget)
  local kind = type(value)
  if kind == "string" then return quoted(value) end
  if kind ~= "table" then
    local ok, text = pcall(tostring, value)
    text = ok and text or "<" .. kind .. ">"
    if kind == "function" then return match(text, "^builtin") and "<function>" or "<" .. text .. ">" end
    if kind == "thread" or kind == "userdata" then return "<" .. text .. ">" end
    return text
  end
  local own = spoken(value)
  if own then return own end
  if seen[value] then return "<cycle>" end
  if next(value) == nil then return "{}" end
  if depth >= MOSTDEPTH or budget.nodes <= 0 then return "{...}" end
  seen[value] = true
  local parts, shown, wide = {}, 0, false
  local length = rawlen(value)
  local function add(text)
    parts[#parts + 1] = text
    if find(text, "\n", 1, true) then wide = true end
  end
  for i = 1, length do
    if i > MOSTITEMS then add("... " .. (length - MOSTITEMS) .. " more") break end
    budget.nodes = budget.nodes - 1
    add(inspect(rawget(value, i), depth + 1, seen, budget))
  end
  local keys = otherkeys(value, length)
  for i = 1, #keys do
    if i > MOSTITEMS then add("... " .. (#keys - MOSTITEMS) .. " more") break end
    budget.nodes = budget.nodes - 1
    local key = keys[i]
    local name
    if type(key) == "string" and find(key, "^[%a_][%w_]*$") and not reserved[key] then name = key
    else name = "[" .. inspect(key, depth + 1, seen, budget) .. "]" end
    add(name .. " = " .. inspect(rawget(value, key), depth + 1, seen, budget))
  end
  seen[value] = nil
  local size = 0
  for i = 1, #parts do size = size + #parts[i] + 2 end
  if not wide and size + depth * 2 <= WIDE then return "{ " .. concat(parts, ", ") .. " }" end
  local pad = rep("  ", depth + 1)
  return "{\n" .. pad .. concat(parts, ",\n" .. pad) .. "\n" .. rep("  ", depth) .. "}"
end

-- JSON of plain data; nil and why where it is none or too much.
local TOOLONG = "what is passed is too long, it may be 8 MB as JSON"
local function jsontext(text)
  return '"' .. gsub(text, "[%c\\\"\127]", function(c) return format("\\u%04x", byte(c)) end) .. '"'
end
-- Deeper than any data; not so deep that whoever reads it ends at its stack.
local function jsonbudget(nodes, bytes) return { nodes = nodes, bytes = bytes, depth = 500 } end
local function json(value, seen, budget)
  budget.nodes = budget.nodes - 1
  if budget.nodes < 0 or budget.bytes < 0 then return nil, TOOLONG end
  local kind = type(value)
  if kind == "boolean" then return tostring(value) end
  if kind == "string" then
    budget.bytes = budget.bytes - #value
    if budget.bytes < 0 then return nil, TOOLONG end
    return jsontext(value)
  end
  if kind == "number" then
    if mathtype(value) == "integer" then
      if value > 9007199254740991 or value < -9007199254740991 then return '"' .. value .. '"' end
      return tostring(value)
    end
    if value ~= value or value == huge or value == -huge then return '"' .. tostring(value) .. '"' end
    local short = format("%.14g", value)
    if tonumber(short) ~= value then short = format("%.17g", value) end
    return short
  end
  if kind ~= "table" then return nil, "a " .. kind .. " cannot be passed" end
  local own = spoken(value)
  if own then return jsontext(own) end
  if seen[value] then return nil, "a value that contains itself cannot be passed" end
  if budget.depth == 0 then return nil, "what is passed is nested too deep" end
  budget.depth = budget.depth - 1
  seen[value] = true
  local parts, length = {}, rawlen(value)
  local keys = otherkeys(value, length)
  local islist = length > 0 and #keys == 0
  if islist then
    for i = 1, length do
      local item = rawget(value, i)
      local part, why = "null", nil
      if item ~= nil or not budget.mayhole then part, why = json(item, seen, budget) end
      if not part then return nil, why end
      parts[i] = part
    end
  else
    local function add(key)
      local part, why = json(rawget(value, key), seen, budget)
      if not part then return why end
      local name = tostring(key)
      budget.bytes = budget.bytes - #name
      parts[#parts + 1] = jsontext(name) .. ":" .. part
    end
    for i = 1, length do
      local why = add(i)
      if why then return nil, why end
    end
    for i = 1, #keys do
      local why = add(keys[i])
      if why then return nil, why end
    end
  end
  seen[value] = nil
  budget.depth = budget.depth + 1
  if islist then return "[" .. concat(parts, ",") .. "]" end
  return "{" .. concat(parts, ",") .. "}"
end
local function isrecords(value)
  local length = rawlen(value)
  if length == 0 then return false end
  for key in next, value do if mathtype(key) ~= "integer" or key < 1 or key > length then return false end end
  for i = 1, length do
    local row = rawget(value, i)
    if type(row) ~= "table" or next(row) == nil or spoken(row) then return false end
    for key, cell in next, row do
      if type(key) ~= "string" or type(cell) == "table" or type(cell) == "function" then return false end
    end
  end
  return true
end

local kept = {}
-- A program begins: its coroutine counts as the main one.
function kept.begin(thread)
  main, failed, failedtrace = thread, nil, nil
end
function kept.collect()
  collectgarbage("collect")
end
-- Text as the prompt prints values (tables written out), whether it is a table of records, and JSON of plain data.
function kept.show(...)
  local count = select("#", ...)
  if count == 0 then return nil end
  local values, parts = { ... }, {}
  for i = 1, count do
    local value = values[i]
    if type(value) == "table" then parts[i] = inspect(value, 0, {}, { nodes = MOSTNODES })
    else parts[i] = tostring(value) end
  end
  local text = concat(parts, "\t")
  local only = values[1]
  if count ~= 1 or type(only) ~= "table" or spoken(only) or next(only) == nil then return text end
  local records = isrecords(only)
  -- In brackets: why there is none is not said.
  return text, records, (json(only, {}, jsonbudget(records and 200000 or MOSTNODES, 32000000)))
end
-- Each value as the last one of a program is shown, but at once.
function display(...)
  local values = { ... }
  for i = 1, select("#", ...) do call(${OPERATION.display}, kept.show(values[i])) end
end
-- What is said of an error that nobody caught: its message, and the stack of the coroutine that it ended.
function kept.describe(problem, thread)
  local text
  local kind = type(problem)
  if kind == "string" or kind == "number" then text = tostring(problem)
  else
    text = spoken(problem)
    if not text then
      text = kind == "table" and "(error object is a table value) " .. inspect(problem, 0, {}, { nodes = 200 })
        or "(error object is a " .. kind .. " value)"
    end
  end
  local trace = clean(traceback(thread))
  local at = match(trace, "\n\t([^\n]-:%d+):")
  text = gsub(text, "^%[companion%]:%d+:", (at or "?") .. ":")
  if failedtrace and (rawequal(failed, problem) or (type(failed) == "string" and kind == "string" and find(problem, failed, 1, true))) then
    trace = trace .. "\nin the coroutine:\n" .. gsub(failedtrace, "^stack traceback:\n", "")
  end
  return text, trace
end
kept.loaded = loaded
`;
