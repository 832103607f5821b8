import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../analyse.ts';
import { pythonSureFaults } from './python-sure-faults.ts';
import { scriptSureFaults } from './script-sure-faults.ts';

const analyser = createAnalyser({ packages: { python: {}, javascript: {}, lua: {} } });
const linesOf = (label: string, code: string): number[] =>
  analyser.analyse({ code, label }).syntaxErrors.map(({ at }) => at.line);

/** Each compiles with CPython 3.13. */
const RIGHT_PYTHON = [
  'with (open("a") as f, open("b") as g):\n    print(f, g)',
  'with (\n    open("a") as f,\n    open("b") as g,\n):\n    pass',
  '@handlers["start"]\ndef f(): ...',
  '@app.route("/").get\ndef f(): ...',
  '@(lambda g: g)\ndef f(): ...',
  'f = lambda a, /: a',
  'f = lambda a, /, b=1, *, c: a',
  'match a, b:\n    case 1, 2:\n        pass',
  'match *a, b:\n    case [*_]: pass',
  'match x:\n    case {"k": [1, *rest], **more} if rest: pass\n    case Point(x=0) | None as p: pass\n    case -1 | 2+3j: pass',
  'match = {"case": 1}\ncase = match["case"]\ntype = case\nprint(match, case, type)',
  'match (x):\n    case (1): pass',
  'def g():\n    y = yield\n    z = yield from h()\n    x = yield 1, 2',
  'def g():\n    return *a, *b',
  'for x in *a, *b:\n    print(x)',
  'y = x[*a]\nz = x[1, *a, ::2]',
  's = {x := 1, 2}\nl = [y := f(), y**2]',
  'def f(*args: *Ts): ...',
  'class A[T = int]: ...',
  'class A[T: int, *Ts, **P](B[T]): ...',
  'type Pair[T] = tuple[T, T]',
  'def first[T](xs: list[T]) -> T: return xs[0]',
  'try:\n    pass\nexcept* (A, B) as group:\n    pass',
  'try: x()\nexcept A: pass\nelse: y()\nfinally: z()',
  'print(f"{names["a"]} and {f"{1 + 1}"}")',
  "print(f'{d['k']!r:>{width}} {x:'^10} {{no field}}')",
  'x = f"{a:%Y-%m-%d} {b=} {c:=5} {(lambda q: q)(1)}"',
  's = rf"\\d{n}\\{m}" + rb"\\""',
  's = """a "quoted" word\n  and (one bracket"""\n',
  "s = 'it''s' \"two\" f'three'",
  'n = 1_000 + 0xff + 0b1_0 + 0o7 + 1e5 + 1.e-3 + .5j + 00',
  'x = 1if y else 2',
  'x = a if b else lambda: c',
  'if (n := len(a)) > 10: print(n)',
  'if x: y = 1\nelif z: y = 2\nelse: y = 3',
  'x = 1; y = 2; print(x, y)',
  'total = 1 + \\\n    2',
  'def f(a, b=1, *args, c, **kw) -> "x": return {**kw, "a": [*args]}',
  'async def f():\n    async with a as b, c: pass\n    async for x in y: await x\n    return [x async for x in y if await z]',
  'await main()',
  'result = await asyncio.gather(*[f(i) for i in range(3)])',
  'x: int\ny: list[int] = []\nobj.attr: str = "a"',
  'from m import *\nfrom . import a\nfrom .. import (b as c,)',
  'from __future__ import annotations',
  'assert x, "message"\ndel a, b[0]\nraise E from None\nglobal g',
  'a = b = c = 1\na, *b = 1, 2\n(a, b), c = (1, 2), 3\nx @= y\nz //= 2',
  'if True:\n\tx = 1\n\tif x:\n\t\ty = 2\nz = 3',
  'def f():\n    # a comment deeper\n        # than its block\n    pass\n  # and one that stands less deep\nf()',
  'while True:\n    break\nelse:\n    pass',
  'x = not a in b is not c',
  'print("a" if x else "b", *y, sep="")',
  'lst[1:2, ::3] = x[...]\ny = ~x << 2 ** -1',
  'naïve = 1; λ = lambda ξ: ξ\nprint(naïve, λ)',
  'class A:\n    """Doc."""\n\n    x = 1\n\n    @property\n    def y(self): return self.x\n\n    @y.setter\n    def y(self, v): ...',
  'if x:\n    pass\n\n\n\n# the end',
  'with a, b as c: pass',
  'def f(\n    a,\n    b,\n):\n    return (\n        a\n        + b\n    )\n',
  'print(f"""\n{x:\n>10}\n""")',
  'data = {\n    "a": 1,\n    # note\n    "b": [2, 3],\n}',
  'x = (yield_ for yield_ in y)',
  'async def f(): return (await x for x in y)',
  'lambda *, k=1: k',
  'try:\n    import a\nexcept (ImportError, OSError): a = None',
  'if x:\n    y = """\nnot indented\n"""\n    z = 1',
  '\ufeffx = 1',
  'x = 1\r\nif x:\r\n    y = 2\r\n',
  '%matplotlib inline\n!ls -l "a b"\nfiles = !ls\nx = 1',
  'for i in range(3):\n    !echo {i}\n    %time f(i)',
];

/** With the line of the fault. */
const WRONG_PYTHON: readonly (readonly [string, number])[] = [
  ['x = 3\nprint "total", x', 2],
  ['print x', 1],
  ['exec "x = 1"', 1],
  ['def f(:\n  pass', 1],
  ['x = (1, 2\ny = 3', 1],
  ['x = [1, 2)\n', 1],
  ['x = 1)\n', 1],
  ['a = 1\nif a == 1\n    print(a)', 2],
  ['for i in range(3)\n    print(i)', 1],
  ['def f()\n    return 1', 1],
  ['else if x:\n    pass', 1],
  ['if x = 3:\n    pass', 1],
  ['a = 1\ns = "never closed\nb = 2', 2],
  ['s = """never closed\nb = 2', 1],
  ['if x:\nprint(1)', 2],
  ['if x:\n    a = 1\n  b = 2', 3],
  ['x = 1\n    y = 2', 2],
  ['x = 1 +\ny = 2', 1],
  ['i++\n', 1],
  ['a && b', 1],
  ['var x = 3', 1],
  ['let total = 3;', 1],
  ['x = 3 4', 1],
  ['mode = 0755', 1],
  ['price = $5', 1],
  ['print(“hello”)', 1],
  ['x ≠ y', 1],
];

const RIGHT_SCRIPTS: readonly (readonly [string, string])[] = [
  ['javascript', 'import data from "./d.json" with { type: "json" };\nconsole.log(data)'],
  ['javascript', 'const m = await import("./x.js", { with: { type: "json" } });'],
  ['javascript', 'using file = open();\nawait using other = open();'],
  [
    'javascript',
    'class A { static { this.x = 1 } #p = 2; get v() { return this.#p } static async *g() {} accessor = 1 }',
  ],
  ['javascript', 'const r = /[/(]/u.test(a) ? a / b / c : /x\\/"/v'],
  ['javascript', 'class A { const = 1; static var = 2 }\nlist.var = 1;\nlist?.\n  const == 3;\nlet = 4;'],
  ['javascript', 'const t = `a ${b ? `c ${d}` : "}"} e`;'],
  ['javascript', 'label: for (const x of y) { if (x) continue label; else break label }'],
  ['javascript', 'const f = async x => { for await (const y of x) yield_(y) };\nf?.(1)?.[2] ?? 3'],
  ['javascript', 'a = b\n++c\nlet d = 1_000n, e = .5, g = 0xffn'],
  ['javascript', 'export * as all from "m";\nexport { a as "b c" } from "m"'],
  ['javascript', 'const App = () => <div className="a" id="b">Two words {x} it\'s</div>'],
  ['javascript', '#!/usr/bin/env node\nconsole.log(1)'],
  ['javascript', '@logged\nclass A { @bound run() {} @a.b(1) other() {} }'],
  ['javascript', 'if (a) /re/.test(b); else "text"\ndo x++; while (x < 3)'],
  ['typescript', 'class A { declare x: number; private readonly y!: string; constructor(protected z?: number) {} }'],
  ['typescript', 'let x!: number;'],
  ['typescript', 'type P = [first: string, second?: number, ...rest: boolean[]];'],
  ['typescript', 'interface Box<in out T> { get(): T; set(value: T): void; readonly [key: string]: unknown }'],
  ['typescript', 'export type * from "./types";\nexport type * as T from "./types";\nimport type { A } from "a";'],
  [
    'typescript',
    'declare module "x" {}\ndeclare module "y" { export const a: number }\ndeclare global { var b: string }',
  ],
  ['typescript', 'type E<T> = T extends [infer U extends string, ...unknown[]] ? U : never;'],
  ['typescript', 'const v = a?.<string>(b);\nconst w = f<number>;'],
  [
    'typescript',
    'function is(x: unknown): asserts x is string {}\nfunction ok(x: unknown): x is number { return true }',
  ],
  ['typescript', 'const c = { a: 1 } as const satisfies Record<string, number>;'],
  ['typescript', 'abstract class S { abstract area(): number; protected abstract override readonly name: string }'],
  [
    'typescript',
    'enum Color { Red = "r", Blue = 1 << 2 }\ndeclare const enum E { A }\nnamespace N.M { export const a = 1 }',
  ],
  [
    'typescript',
    'function f(this: Window, a?: number): void;\nfunction f<const T extends readonly unknown[]>(a: T): T { return a }',
  ],
  ['typescript', 'import fs = require("fs");\nexport = fs;'],
  ['typescript', 'type M = { -readonly [K in keyof T as `get${Capitalize<K>}`]-?: () => T[K] };'],
  ['typescript', 'const id = <T,>(x: T) => x;\nconst n = <number>value;'],
  ['typescript', 'class A { accessor x = 1; static accessor #y = 2; @logged hi(n: number) { return n } }'],
  [
    'typescript',
    'let u: unique symbol; let k: keyof typeof obj; let g: new () => Date; let h: abstract new (a: string) => void;',
  ],
  ['typescript', 'type O = { a: string\n b?: number; c(): void }'],
  ['typescript', 'for (const x of <any[]>list) { x!.y!.z }'],
];

const WRONG_SCRIPTS: readonly (readonly [string, string, number])[] = [
  ['javascript', 'const a = 1;\nfunction (', 2],
  ['javascript', 'const o = { a: 1 b: 2 };', 1],
  ['javascript', 'const a = [1, 2;\n', 1],
  ['javascript', 'const s = "never closed;\nlet t = 1', 1],
  ['javascript', 'const a = ;', 1],
  ['javascript', 'print total', 1],
  ['javascript', 'const = 1', 1],
  ['javascript', 'let a = { b: 1 };\nvar 2 = a;', 2],
  ['javascript', 'f(1))', 1],
  ['javascript', 'const t = `never ${closed', 1],
  ['typescript', 'const a: number = 1;\ntype T = { a: string b: number }', 2],
  ['typescript', 'class A {\n  x: number\n', 1],
];

describe('valid code', () => {
  test.each(RIGHT_PYTHON)('of Python has no fault: %j', (code) => {
    expect(linesOf('python', code)).toEqual([]);
    // Also where the grammar has nothing against it: the reader of faults is asked in other cases too.
    expect(/^\s*[%!]|= !/mu.test(code) ? [] : pythonSureFaults(code)).toEqual([]);
  });

  test.each(RIGHT_SCRIPTS)('of %s has no fault: %j', (label, code) => {
    expect(linesOf(label, code)).toEqual([]);
    expect(scriptSureFaults(code)).toEqual([]);
  });
});

describe('code that no parser takes', () => {
  test.each(WRONG_PYTHON)('of Python has its line: %j', (code, line) => {
    const [first] = pythonSureFaults(code);
    expect(code.slice(0, first?.from ?? -1).split('\n')).toHaveLength(line);
  });

  test.each([
    ['print x', 1],
    ['a = 1\nif a == 1\n    print(a)', 2],
    ['if x:\n    a = 1\n  b = 2', 3],
  ])('is told by the analyser: %j', (code, line) => {
    expect(linesOf('python', code)).toEqual([line]);
  });

  test.each(WRONG_SCRIPTS)('of %s has its line: %j', (label, code, line) => {
    expect(linesOf(label, code)[0]).toBe(line);
  });
});

test('what only may be a fault makes code neither pure nor wrong', () => {
  const { purity, syntaxErrors, suggestions } = analyser.analyse({ code: 'x = [1, 2]\ny = x[*x]', label: 'python' });
  expect(purity.isPure).toBe(false);
  expect(syntaxErrors).toEqual([]);
  expect(suggestions.join(' ')).not.toContain('does not parse');
});
