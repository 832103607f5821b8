import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeLuaParser } from '../../../tools/analyse/lua-parser.ts';
import { parser } from './parser.generated.ts';

const file = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
const squeeze = (text: string): string => text.replaceAll(/[\s,;()"'`]/gu, '');

test('the parser in the repository is the one that the grammar makes', () => {
  for (const [name, made] of Object.entries(makeLuaParser(file('lua.grammar'))))
    expect(squeeze(file(name))).toBe(squeeze(made));
});

const errorsIn = (code: string): number => {
  let errors = 0;
  parser.parse(code).iterate({ enter: ({ type }) => void (errors += type.isError ? 1 : 0) });
  return errors;
};

test.each([
  'local x <const>, f <close> = 1, nil',
  'a.b["c"]:d(1){2}"s"[[t]].e = 3',
  'for i = 10, 1, -1 do end for k, v in pairs(t) do end',
  'while a do repeat local x = 1 until x > 2 or not b end',
  'if a then elseif b then else end',
  'goto done ::done:: do return 1, 2; end',
  'local t = { 1, a = 2, [3] = 4; f(), function(...) return ... end }',
  'print(1 // 2, 7 & 3 | 1 ~ 2 << 1, ~1, "a" .. 1 .. "b", 2 ^ 3 ^ 2, #t, 0x1p4, 1e-3, .5)',
  '--[==[ a ]] b ]==] --[[c]] -- d\nlocal s = [==[ ]] ]==]',
  '#!/usr/bin/lua\nfunction m.a.b:c(x, ...) end local function g() end',
  'f "text" f [[text]] f { } ; (f or g)(1)',
  "local s = 'it\\'s \\z\n   so'",
])('reads %s', (code) => {
  expect(errorsIn(code)).toBe(0);
});

test.each(['local = 1', 'if x then', 'f(', 'x = = 1', 'local function f( return end'])(
  'finds the fault in %s',
  (code) => {
    expect(errorsIn(code)).toBeGreaterThan(0);
  },
);
