import type { ParsedLanguage } from '../../contracts/analysis.ts';

/** Python with most of what people write: its reading is the same work as that of theirs. */
const PYTHON = `
import os, sys, re, json, math
from collections import Counter, defaultdict as dd
import numpy as np
import pandas as pd
# a comment
@dataclass
class Point(Base):
    """What it is."""
    x: int = 0
    def __init__(self, x, *args, y=1.5, **more):
        self.x, self.y = x, y
        super().__init__(*args)
    @property
    def length(self) -> float:
        return math.sqrt(self.x ** 2 + self.y ** 2) if self.x else -1
def read(path: str = "data.csv", sep=',') -> list[dict[str, int]]:
    rows = []
    with open(path, "r", encoding='utf-8') as file:
        for number, line in enumerate(file):
            if not line.strip() or line.startswith('#'): continue
            elif number > 1_000 and number % 2 == 0:
                break
            else:
                rows.append({k: int(v) for k, v in zip("ab", line.split(sep)[1:-1])})
    return rows
async def main(n):
    global total
    try:
        values = [x * 2 for x in range(n) if x not in (1, 2)]
        total = sum(v for v in values) + len(set(values))
        while total > 0:
            total -= 1
    except (ValueError, KeyError) as error:
        print(f"failed: {error!r} {total:.2f}", file=sys.stderr)
        raise
    finally:
        os.makedirs("out", exist_ok=True)
    result = await fetch(lambda a, b=2: a + b, *values, key="k")
    return sorted(result, key=lambda pair: -pair[1])[:10]
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
df = pd.DataFrame({"a": [1, 2.5, None], 'b': np.arange(3)})
df["c"] = df["a"].fillna(0).apply(lambda v: v + 1)
counts = Counter(re.findall(r"\\w+", open('a.txt').read().lower()))
match counts.get("x", 0):
    case 0: pass
    case _: print(json.dumps(dict(counts.most_common(3)), indent=2))
assert isinstance(df, pd.DataFrame) and True, "no"
for i in range(3):
    print(i, fib(i), "%d %s" % (i, 'x'), end="")
if __name__ == "__main__":
    main(int(sys.argv[1]))
`;

const JAVASCRIPT = `
import fs, { readFileSync as read } from 'node:fs';
import * as path from 'path';
const { a, b: [c, ...rest], d = 2 } = require('./x');
// a comment
/** What it is. */
export class Point extends Base {
  static #count = 0;
  x = 0;
  constructor(x, { y = 1.5 } = {}) { super(); this.x = x; this.y = y; Point.#count++; }
  get length() { return Math.sqrt(this.x ** 2 + this.y ** 2); }
  async *walk() { yield* this.items ?? []; }
}
function parse(text, sep = ',') {
  const rows = [];
  for (const [index, line] of text.split('\\n').entries()) {
    if (!line.trim() || line.startsWith('#')) continue;
    else if (index > 1000 && index % 2 === 0) break;
    rows.push({ index, line, ['k' + index]: line?.split(sep).map(Number).filter((n) => !isNaN(n)) });
  }
  return rows;
}
const load = async (url, options = { method: 'GET' }) => {
  try {
    const response = await fetch(\`https://example.org/\${url}?n=\${rest.length}\`, options);
    if (!response.ok) throw new Error('status ' + response.status);
    return await response.json();
  } catch (error) {
    console.error(error instanceof TypeError ? error.message : String(error));
    return null;
  } finally {
    clearTimeout(timer);
  }
};
const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
let total = 0, i = 0;
while (i < 10) { total += i++; }
do { total -= 1; } while (total > 0);
for (let k = 0; k < 3; k++) console.log(k, fib(k), typeof k, /x+[a-z]\\/y/gi.test('xy'));
switch (total) { case 0: break; case 1: { total = -1; } default: delete rest[0]; }
const counts = parse('a,b').reduce((sum, { index, ...more }) => ({ ...sum, [index]: (sum[index] || 0) + 1 }), {});
document.querySelector('#app')?.addEventListener('click', function (event) { event.preventDefault(); });
setTimeout(() => Promise.all([load('a'), load('b')]).then((all) => console.table(all)), 10);
const view = <div className="x" onClick={() => load(a)}>{counts.a && <b>{total}</b>} text</div>;
module.exports = { parse, load, fib, Point, sorted: [...rest].sort((p, q) => p - q) };
`;

const TYPED = `
interface Row<T = string> extends Base { readonly id: number; name?: T; [key: string]: unknown; call(a: T): void }
type Kind = 'a' | 'b' | { readonly k: keyof Row; list: Array<[number, string]> } & Partial<Row>;
enum Color { Red, Green = 'g' }
declare global { interface Window { x: number } }
abstract class Store<T extends Row> implements Base {
  private readonly rows = new Map<string, T>();
  constructor(protected name: string, public size: number = 0) { super(); }
  abstract find(id: number): T | undefined;
  add(row: T, ...more: T[]): asserts row is T { this.rows.set(String(row.id), row as T); }
}
export function isRow(value: unknown): value is Row { return typeof value === 'object' && value !== null && 'id' in value!; }
const pick = <T, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> => Object.fromEntries(keys.map((k) => [k, from[k]])) as Pick<T, K>;
import type { Other } from './other';
let both: Record<string, number[]> = {} satisfies object;
namespace Inner { export const one: number = 1; }
`;

const LUA = `
local json = require("json")
-- a comment
--[[ a longer
comment ]]
local Point = {}
Point.__index = Point
function Point.new(x, y)
  local self = setmetatable({ x = x or 0, y = y, ["k"] = 1, 2; 3 }, Point)
  return self
end
function Point:length() return math.sqrt(self.x ^ 2 + self.y ^ 2) end
local function parse(text, ...)
  local rows, n = {}, select("#", ...)
  for line in string.gmatch(text, "[^\\n]+") do
    if line == "" or line:sub(1, 1) == "#" then goto continue
    elseif #rows >= 1000 and n % 2 == 0 then break
    else rows[#rows + 1] = tonumber(line) or line end
    ::continue::
  end
  return rows
end
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local file, why = io.open("data.txt", "r")
if not file then error("no file: " .. tostring(why)) end
local text = file:read("*a") file:close()
local total, i = 0, 10
while i > 0 do total = total + i; i = i - 1 end
repeat total = total - 1 until total <= 0
for k = 1, 3, 1 do print(k, fib(k), string.format("%d %s", k, 'x'), ~k & 0xff, k // 2, 1.5e3) end
for key, value in pairs({ a = 1, b = { c = function(v) return v + 1 end } }) do io.write(key, " ", type(value), "\\n") end
local ok, result = pcall(function() return Point.new(1, 2):length() end)
table.sort(rows, function(a, b) return a > b end)
local long = [[text]]
return { parse = parse, fib = fib, counts = parse(text)[1], ok = ok ~= nil and result }
`;

const SHELL = `#!/bin/bash
set -euo pipefail
# a comment
name="\${1:-world}"; count=$((1 + 2))
say() { local text="$1"; echo "hello $text" >&2; return 0; }
for file in *.txt "$HOME"/docs/*; do
  if [ -f "$file" ] && grep -q 'x' "$file"; then
    wc -l < "$file" | awk '{print $1}' >> out.log
  elif [[ "$file" =~ ^a ]]; then continue
  else mv "$file" /tmp/old; fi
done
while read -r line; do echo "\${line%%,*}"; done < input.csv
case "$name" in a|b) say a ;; *) say "$(date +%Y)" ;; esac
cat <<END | sort | uniq -c | head -n 5
one $name
END
curl -s https://example.org/data.json -o data.json || exit 1
pip install requests && python3 script.py --n 3 "$@" > /dev/null 2>&1 &
find . -name '*.py' -exec rm {} \\;
export PATH="$PATH:/usr/local/bin"; tar czf a.tgz dir; chmod +x run.sh; sudo apt-get install -y jq
`;

/** Never shown to anybody and never run. */
export const SAMPLES: Readonly<Record<ParsedLanguage, string>> = {
  python: PYTHON,
  javascript: JAVASCRIPT,
  typescript: JAVASCRIPT.replace(/^const view.*$/mu, '') + TYPED,
  lua: LUA,
  shell: SHELL,
};
