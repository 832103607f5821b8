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
  const named = nameConstants(code, { withTexts: false });
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

it('gives texts that stand often a name where they are values, and nowhere else', () => {
  const code = [
    '"long-text-here";',
    'const tag = ([text]) => text;',
    'const list = ["long-text-here", `long-text-here`, tag`long-text-here`, typeof 1 === "long-text-here"];',
    'const made = { "long-text-here": "long-text-here", ["long-text-here"]: 2, get "long-text-here"() { return"long-text-here" } };',
    'class Kept { "long-text-here" = 3; static "long-text-here"() { return 4; } }',
    'switch ("long-text-here") { case"long-text-here": list.push(made["long-text-here"], "long-text-here"in made); }',
    'list.push(new Kept()["long-text-here"], Kept["long-text-here"](), "short", "short");',
    'done(list);',
  ].join('\n');
  const named = nameConstants(code, { withTexts: true });
  expect(named.match(/long-text-here/g)).toHaveLength(8);
  expect(named.match(/"short"/g)).toHaveLength(2);
  const seen = (text: string): unknown => {
    let list: unknown;
    runInNewContext(text, { done: (got: unknown[]) => (list = [...got]) });
    return list;
  };
  expect(seen(named)).toEqual(seen(code));
  expect(seen(code)).toEqual([
    ...Array(3).fill('long-text-here'),
    false,
    'long-text-here',
    true,
    3,
    4,
    'short',
    'short',
  ]);
});

it('gives long names of properties that are read often one too', () => {
  const code = [
    'class Made { #conversation = 1; conversation = { conversation: 2 }; get own() { return this.#conversation; } }',
    'class Later extends Made { conversation() { return super.conversation; } }',
    'const { conversation } = new Made(), made = new Made(), list = [];',
    'list.push(made.own, conversation.conversation, made?.conversation.conversation, made.conversation?.["conversation"]);',
    'made.conversation = (made).conversation.conversation; delete conversation.conversation; list.push(made.conversation, conversation.conversation);',
    'list.push(Later.prototype.conversation(), "conversation" in made, made.nothing?.conversation, made.own, made.own, made.own, made.own);',
    'done(list);',
  ].join('\n');
  const named = nameConstants(code, { withTexts: true });
  expect(named.match(/\.conversation/g)).toBeNull();
  expect(named.match(/made\.own/g)).toHaveLength(5);
  const seen = (text: string): unknown => {
    let list: unknown;
    runInNewContext(text, { done: (got: unknown[]) => (list = [...got]) });
    return list;
  };
  expect(seen(named)).toEqual(seen(code));
  expect(seen(code)).toEqual([1, 2, 2, 2, 2, undefined, undefined, true, undefined, 1, 1, 1, 1]);
});

it('does not take code that it cannot read, or that has such names already', () => {
  expect(() => nameConstants('let', { withTexts: false })).toThrow();
  expect(() => nameConstants('let __nothing = 1', { withTexts: false })).toThrow();
});

it('gives declared properties of style sheets short names everywhere, and leaves others and what only looks like one', () => {
  const code =
    '`:root{--line:#fff;--line-strong:red}a{color:var(--line);top:var(--at-y,5px);border:var(--line-strong)}`;i--line;set("--at-y")';
  expect(shortenProperties(code)).toBe(
    '`:root{--a:#fff;--b:red}a{color:var(--a);top:var(--at-y,5px);border:var(--b)}`;i--line;set("--at-y")',
  );
});
