import { expect, it } from 'vitest';
import { isTranscript, looksLikeCode } from './looks-like-code.ts';

it.each([
  'def double(n):\n    return n * 2\n\nprint(double(21))',
  'from collections import Counter\nCounter("abc")',
  'import numpy as np',
  'import os, sys, re, json, math  # stdlib',
  'import os\nos.getcwd()',
  'with open("a") as f:\n    f.read()',
  'for name in names:\n    seen.add(name)',
  'total = 0\nif total > 3:\n    total -= 1',
  'const sum = [1, 2].reduce((a, b) => a + b);',
  'function twice(n) {\n  return 2 * n;\n}',
  'print("hello")',
  'local n = 3',
  '#!/bin/sh\nset -e',
  'npm install\nnpm start',
  'cd project\n# then\npip install \\\n  pandas',
  '#include <stdio.h>',
  'SELECT name FROM fruit WHERE size > 2;',
  'import fs from "node:fs";',
  '(module (func))',
])('takes this for a program: %s', (text) => expect(looksLikeCode(text)).toBe(true));

it.each([
  'three apples, two pears',
  '',
  'total = 45',
  '   name  size\n0  pear     2\n1  plum     1',
  '{"apples": 3}',
  'src/\n├── index.ts\n└── import/\n    └── all.ts',
  'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    import missing\nModuleNotFoundError: No module',
  'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-import os\n+import sys',
  'TypeError: x is not a function\n    at run (file.js:1:2)',
  'If you want it:\nimport the file and look',
  'Dear Ms Example,\n\nfor the meeting, let us know whether you come.\n\nKind regards',
  'array([1, 2, 3])',
  'E = m · c²',
  '<h1>Hello</h1>',
  'name: build\non: push',
  'if you want to (say) this:',
  'with a friend as company:',
  'class action lawsuit:',
  'for example in general:',
  'import taxes',
  'key: value\nelse:',
])('takes this for none: %s', (text) => expect(looksLikeCode(text)).toBe(false));

it.each([
  `import ${Array.from({ length: 200 }, (_, at) => `name${at}`).join(', ')} !`,
  '\n'.repeat(4_000),
  ' '.repeat(4_000),
  `for a${', a'.repeat(1_000)} on`,
  `with ${' as x'.repeat(800)}`,
  `if ${'('.repeat(3_000)}`,
])('comes to an end with what could be tried in many ways: %.20s', (text) => {
  expect(looksLikeCode(text)).toBe(false);
});

it.each([
  '$ ls -la\ntotal 8',
  '\n# list them\n$ pip install rich',
  '>>> 1 + 1\n2',
  '>>>',
  'ada@laptop:~/work$ python3 a.py\nhello',
  'root@box:/# apt update',
])('knows the transcript of a session: %j', (text) => {
  expect(isTranscript(text)).toBe(true);
  expect(looksLikeCode(text)).toBe(false);
});

it.each([
  '$total = 3',
  '$ = jQuery',
  '$ (".a").hide()',
  'echo "$ 5"',
  '$(date)',
  'x = 1 >> 2\n>>> 3',
  '# $ ls',
  'print(">>> ")',
  'me@host.example',
])('takes this for no transcript: %j', (text) => expect(isTranscript(text)).toBe(false));
