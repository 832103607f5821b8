import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { nameConstants, shortenProperties } from './short-words.ts';

it('gives null and undefined a name each, and nothing else: texts, patterns and names of properties stay', () => {
  const code = [
    'const list = [null, void 0, "null", /null/, `${null} void 0`, typeof void 0];',
    'const make = ({ null: found = null, ...rest } = {}) => (found === null ? rest : found);',
    'switch (null) { case null: list.push(make(), make({ null: 1 }), null ?? 2); }',
    'const late = async () => { await null; return void list.push(3); };',
    'done(list, late);',
  ].join('\n');
  const named = nameConstants(code);
  expect(named.match(/\bnull\b/g)).toHaveLength(5);
  const seen = (text: string): unknown => {
    let list: unknown;
    runInNewContext(text, {
      done: (got: unknown[]) => (list = [...got].map((one) => JSON.stringify(one) ?? 'undefined')),
    });
    return list;
  };
  expect(seen(named)).toEqual(seen(code));
  expect(seen(code)).toEqual(['null', 'undefined', '"null"', '{}', '"null void 0"', '"undefined"', '{}', '1', '2']);
});

it('does not take code that it cannot read, or that has such names already', () => {
  expect(() => nameConstants('let')).toThrow();
  expect(() => nameConstants('let __nothing = 1')).toThrow();
});

it('gives declared properties of style sheets short names everywhere, and leaves others and what only looks like one', () => {
  const code =
    '`:root{--line:#fff;--line-strong:red}a{color:var(--line);top:var(--at-y,5px);border:var(--line-strong)}`;i--line;set("--at-y")';
  expect(shortenProperties(code)).toBe(
    '`:root{--a:#fff;--b:red}a{color:var(--a);top:var(--at-y,5px);border:var(--b)}`;i--line;set("--at-y")',
  );
});
