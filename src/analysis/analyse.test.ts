import { describe, expect, test } from 'vitest';
import { openAnalyser } from '../../tools/analyse/open-analyser.ts';
import { readLabelled } from '../../tools/analyse/labelled.ts';
import { makeReport } from '../../tools/analyse/report.ts';

const analyser = openAnalyser();
const read = (label: string | null, code: string) => analyser.analyse({ code, label });
const python = (code: string) => read('python', code);
const rules = (label: string, code: string): string[] => read(label, code).unsafe.map(({ rule }) => rule);

describe('labelled set', () => {
  const report = makeReport(analyser);
  const share = (what: string): number => {
    const { right, all } = report.shares[what] ?? { right: 0, all: 1 };
    return right / all;
  };

  test('is large enough in each language', () => {
    const count = (...languages: string[]): number =>
      readLabelled().filter(({ language }) => languages.includes(language)).length;
    expect(count('python')).toBeGreaterThanOrEqual(90);
    expect(count('javascript', 'typescript')).toBeGreaterThanOrEqual(60);
    expect(count('lua')).toBeGreaterThanOrEqual(25);
    expect(count('shell')).toBeGreaterThanOrEqual(40);
    expect(readLabelled().length).toBeGreaterThanOrEqual(220);
  });

  test('no piece that is high is told to be low, and none is called pure that is not', () => {
    expect(report.highAsLow).toEqual([]);
    expect(report.pureWrongly).toEqual([]);
  });

  test.each([
    ['imports', 0.97],
    ['programs', 0.97],
    ['band', 0.95],
    ['language', 0.97],
    ['network', 0.97],
    ['files', 0.97],
    ['endless', 0.97],
    ['pure', 0.95],
    ['async', 0.97],
  ])('%s is right in its share', (what, least) => {
    expect(share(what)).toBeGreaterThanOrEqual(least);
  });
});

describe('names are followed', () => {
  test.each([
    ['python', 'from os import system as s\ns("rm -rf /")', 'py-shell'],
    ['python', 'import os\nf = os.system\nf("ls")', 'py-shell'],
    ['python', 'e = eval\ne(input())', 'py-eval'],
    ['python', 'import builtins\nbuiltins.eval(input())', 'py-eval'],
    ['python', 'getattr(__import__("o" + "s"), "sys" + "tem")("id")', 'py-hidden-name'],
    ['javascript', 'window["eval"](x)', 'js-eval'],
    ['javascript', '(0, eval)(x)', 'js-eval'],
    ['javascript', 'const { exec: run } = require("child_process"); run("x" + y)', 'js-process-computed'],
    ['javascript', '[].constructor.constructor(code)()', 'js-eval'],
    ['lua', 'local e = os.execute\ne("ls")', 'lua-shell'],
    ['python', 'list(map(eval, input().split()))', 'py-eval'],
    ['javascript', 'globalThis[a + b](c)', 'js-hidden-name'],
    ['python', 'from os import *\nsystem("ls")', 'py-shell'],
    ['shell', "python3 -c 'eval(input())'", 'py-eval'],
    ['shell', 'curl -o /tmp/x https://a.example && chmod +x /tmp/x', 'sh-download-run-inside'],
    ['javascript', '(() => {}).constructor("x")()', 'js-constructor'],
    ['shell', 'sudo env A=1 rm -rf /', 'sh-remove-everything'],
    ['shell', 'find . | xargs rm -r "$X"', 'sh-remove-computed'],
  ])('%s: %s', (language, code, rule) => {
    expect(rules(language, code)).toContain(rule);
  });

  test.each([
    ['python', 'def f(eval):\n    return eval(1)'],
    ['python', 'class A:\n    def eval(self): ...\nA().eval()'],
    ['python', 's = "eval(x)"  # eval(x)'],
    ['javascript', 'const fetch = (n) => n; fetch(1)'],
    ['javascript', '// fetch("x")\nconst s = `eval(x)`'],
    ['lua', 'local function load(x) return x end\nload(y)'],
    ['shell', "echo 'rm -rf /' # rm -rf /"],
  ])('names of the own code, in texts and comments are none: %s: %s', (language, code) => {
    expect(rules(language, code)).toEqual([]);
  });

  test('a name that hides a built-in in one function hides it nowhere else', () => {
    expect(rules('python', 'def f(eval):\n    pass\neval(input())')).toContain('py-eval');
    expect(rules('javascript', '{ const eval = 1 }\neval(x)')).toContain('js-eval');
  });
});

describe('answers', () => {
  test('a missing package says why and what to use, from the table of the runtime', () => {
    const { missing, dependencies, suggestions } = python('import torch, numpy, json, nobody_knows_it');
    expect(missing).toEqual(['torch']);
    expect(dependencies.map(({ name, status }) => [name, status])).toEqual([
      ['torch', 'unavailable'],
      ['numpy', 'bundled'],
      ['json', 'builtin'],
      ['nobody_knows_it', 'unknown'],
    ]);
    expect(suggestions[0]).toContain('torch cannot be had here');
  });

  test('of a package that can be installed it says by which name; of an engine elsewhere, which may not be there, nothing', () => {
    const { dependencies, suggestions } = python('import httpx, websocket, torch');
    expect(dependencies.map(({ name, install }) => [name, install])).toEqual([
      ['httpx', 'httpx'],
      ['websocket', 'websocket-client'],
      ['torch', null],
    ]);
    expect(suggestions[1]).toContain('websocket is not here until %pip install websocket-client brings it');
    const others = [read('javascript', "import 'left-pad'"), read('lua', 'require("inspect")')];
    for (const { dependencies: rows } of others) {
      expect(rows).toMatchObject([{ status: 'unavailable', install: null }]);
      expect(rows.flatMap(({ instead }) => instead)).not.toContainEqual(expect.stringContaining('remote'));
    }
  });

  test.each([
    ['python', 'def f(:\n  pass', 1],
    ['javascript', 'const a = 1;\nfunction (', 2],
    ['lua', 'x = 1\ny', 2],
    ['shell', 'if true; then', 1],
    ['typescript', 'import fs = require("fs");', 0],
    ['python', '%pip install x\nimport x\nfor a in x:\n    !ls\nfiles = !ls -l\n%matplotlib inline', 0],
    ['python', '%pip install x\n\nx = (\n% 2', 3],
  ])('faults of syntax have their place: %s %s', (language, code, line) => {
    const [first] = read(language, code).syntaxErrors;
    expect(first?.at.line ?? 0).toBe(line);
  });

  test('hosts and paths are told where they are written out', () => {
    const { network, files } = python(
      'import requests\nu = "https://api.example.com/x"\nrequests.get(u)\nopen(f"/mnt/data/{n}")',
    );
    expect(network[0]).toMatchObject({
      by: 'requests.get',
      host: 'api.example.com',
      origin: 'https://api.example.com',
    });
    expect(files[0]).toMatchObject({ access: 'read', path: '/mnt/data/' });
  });

  test('a condition that nothing changes is a loop without an end', () => {
    expect(python('i = 0\nwhile i < 10:\n    print(i)').endlessLoops).toHaveLength(1);
    expect(python('i = 0\nwhile i < 10:\n    i += 1').endlessLoops).toEqual([]);
    expect(read('js', 'let i = 0; while (i < 3) { console.log(i) }').endlessLoops).toHaveLength(1);
    expect(read('js', 'let i = 0; while (i < 3) { i++ }').endlessLoops).toEqual([]);
  });

  test('hints come with a text only where it is sure', () => {
    const { hints } = python('xs = [3, 1]\nprint(sorted(xs)[0], sum([x * 2 for x in xs]))');
    expect(hints.map(({ replacement }) => replacement)).toEqual([null, 'x * 2 for x in xs']);
    expect(python('import pandas as pd\ndf = pd.DataFrame()\nfor i, r in df.iterrows(): pass').hints[0]).toMatchObject({
      kind: 'vectorise',
      replacement: null,
    });
  });

  test('growth, cyclomatic measure and estimates follow the loops', () => {
    const nested = python('def f(xs):\n    for a in xs:\n        for b in xs:\n            if a == b and a: pass');
    expect(nested.complexity).toMatchObject({ cyclomatic: 5, loopDepth: 2, growth: 'quadratic' });
    const long = python('for i in range(10**5):\n    for j in range(10**5):\n        pass').estimate;
    expect(long.timeClass).toBe('long');
    expect(python('bytearray(500 * 1024**2)').estimate.memoryMB).toBe(540);
    expect(python('def fib(n):\n    return fib(n - 1) + fib(n - 2)').complexity.growth).toBe('exponential');
  });

  test('places count from one, by line and column', () => {
    expect(python('x = 1\nprint(eval(y))').unsafe[0]?.at).toEqual({ from: 12, to: 19, line: 2, column: 7 });
  });

  test('code that is asked for twice is read once', () => {
    expect(python('print(7)')).toBe(python('print(7)'));
  });

  test('a label that means no language is no label', () => {
    expect(read('output-of-mine', 'def f(x):\n    return x\nprint(f(1))').language).toBe('python');
    expect(read('```tsx', '').language).toBe('text');
    expect(read('TSX title=x', '').language).toBe('typescript');
  });
});
