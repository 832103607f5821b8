import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createParse } from './acorn.ts';
import { rewriteCell } from './rewrite.ts';

const place = join(import.meta.dirname, '../../../../public/vendor/javascript/acorn.js');
const parse = createParse(() => readFileSync(place, 'utf8'));
const none = new Set<string>();
const rewrite = (code: string, constants: ReadonlySet<string> = none, waitsForInput = false) =>
  rewriteCell(code, parse, { constants, waitsForInput });

describe('a run of a conversation', () => {
  test.each([
    ['let a = 1', 'var a = 1'],
    ['let a', 'var a=undefined'],
    ['const a = 1, b = 2', 'var   a = 1, b = 2'],
    ['class A {}', 'var A=class A {};'],
    ['for (let i = 0; i < 3; i++) { const x = i }', 'for (let i = 0; i < 3; i++) { const x = i }'],
    ['function f() { let a = 1; return a }', 'function f() { let a = 1; return a }'],
    ['{ let a = 1; }', '{ let a = 1; }'],
    ['{a: 1}', '({a: 1})'],
    ['import x, {a as b, "c-d" as e} from "m"', 'var {default:x,a:b,"c-d":e}=await import("m");;'],
    ['import * as all from "m"', 'var all=await import("m");;'],
    ['import x, * as all from "m"', 'var all=await import("m"),{default:x}=all;;'],
    ['#!/usr/bin/env node\nimport a from "m"', 'var {default:a}=await import("m");///usr/bin/env node\n;'],
    ['a = b\nimport b from "m"\n[0].c', 'var {default:b}=await import("m");a = b\n;\n[0].c'],
    ['import "m"', ';'],
    ['import {\n a\n} from "m"\nb', 'var {a:a}=await import("m");;\n\n\nb'],
    ['export const a = 1', '       var   a = 1'],
    ['export default 5', '               5'],
    ['export default class {}', '               (class {})'],
    ['export { a }', ';'],
    ['export * from "m"', ';'],
    ['import.meta.url', '$importMeta.url'],
    ['const text = "let a = 1; import x from 1"', 'var   text = "let a = 1; import x from 1"'],
    ['let broken = ;', 'let broken = ;'],
  ])('%s', (code, wanted) => {
    expect(rewrite(code).code).toBe(wanted);
  });

  test('keeps the length of what it declares, so that columns stay', () => {
    const code = 'const first = 1;\nlet second = first;\nconst { third } = {};';
    expect(
      rewrite(code)
        .code.split('\n')
        .map((line) => line.length),
    ).toEqual(code.split('\n').map((line) => line.length));
  });

  test('says what it declares', () => {
    const code = 'const { a, b: [c, ...d], e = 1 } = {}; let f; var g; function h() {} class I {}';
    expect(rewrite(code)).toMatchObject({
      constants: ['a', 'c', 'd', 'e'],
      variables: ['f', 'g', 'h', 'I'],
      isModule: false,
    });
    expect(rewrite('export const a = 1').isModule).toBe(true);
  });

  test.each([
    ['c = 1', '$const.c = 1'],
    ['c++', '$const.c++'],
    ['[c] = [1]', '[$const.c] = [1]'],
    ['({ c } = {})', '({ c:$const.c } = {})'],
    ['({ x: c = 1, ...y } = {})', '({ x: $const.c = 1, ...y } = {})'],
    ['for (c of []) ;', 'for ($const.c of []) ;'],
    ['o.c = 1', 'o.c = 1'],
    ['function f(c) { c = 1 }', 'function f(c) { c = 1 }'],
    ['{ let c; c = 1 } c', '{ let c; c = 1 } c'],
    ['() => { c = 1 }', '() => { $const.c = 1 }'],
    ['let c = 1; c = 2', 'var c = 1; c = 2'],
  ])('with a constant of an earlier run: %s', (code, wanted) => {
    expect(rewrite(code, new Set(['c'])).code).toBe(wanted);
  });

  test('awaits dialogs where a worker cannot stand still', () => {
    const code = 'const a = prompt("x"); (async () => confirm("y"))(); (() => prompt())()';
    expect(rewrite(code, none, true).code).toBe(
      'var   a = (await $prompt("x")); (async () => (await $confirm("y")))(); (() => prompt())()',
    );
    expect(rewrite('prompt("x")').code).toBe('prompt("x")');
  });
});
