import { OPERATION } from './operations.ts';

/** Last piece: functions of the product, by the names that the worker gives. Its value is the table that the worker keeps. */
export const HOST_FUNCTIONS_PRELUDE = String.raw`
do
  -- What is left out at the end is not there at all.
  local function arguments(...)
    local given, count, parts = { ... }, select("#", ...), {}
    while count > 0 and given[count] == nil do count = count - 1 end
    local budget = jsonbudget(1000000, 8000000)
    budget.mayhole = true
    for i = 1, count do
      local part, why = "null", nil
      if given[i] ~= nil then part, why = json(given[i], {}, budget) end
      if not part then return nil, why end
      parts[i] = part
    end
    return "[" .. concat(parts, ",") .. "]"
  end
  local pack, unpack = table.pack, table.unpack
  local _, names = ...
  for name in string.gmatch(names, "%S+") do
    _G[name] = function(...)
      local given, why = arguments(...)
      if not given then error(name .. ": " .. why, 2) end
      local answer = pack(call(${OPERATION.callHost}, name, given))
      if not answer[1] or answer[3] then error(answer[3] or answer[2], 2) end
      return unpack(answer, 2, answer.n)
    end
  end
end
return kept
`;
