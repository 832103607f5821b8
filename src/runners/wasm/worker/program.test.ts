import { expect, test } from 'vitest';
import { ProgramProblem, readProgram } from './program.ts';

const WAT = '(module)';
const EMPTY = 'AGFzbQEAAAA=';
const word = (text: string, isQuoted = false) => ({ text, isQuoted });

test('text is a module as it stands, with the lines of the person', () => {
  const code = `;; a note\n;; run: add 2 -3\n\n${WAT}`;
  expect(readProgram(code)).toEqual({
    wish: { call: { name: 'add', given: [word('2'), word('-3')], shows: 'plain' }, args: [], env: [], hasFiles: false },
    source: { kind: 'wat', text: code },
  });
});

test('base64 is a module, also broken over lines and as a data address', () => {
  for (const code of [EMPTY, 'AGFzbQ\nEAAAA=', `data:application/wasm;base64,${EMPTY}`, `;; files: on\n${EMPTY}`]) {
    const { source } = readProgram(code);
    expect(source.kind === 'bytes' && [...source.bytes]).toEqual([0, 97, 115, 109, 1, 0, 0, 0]);
  }
});

test('a path names a file, an export and arguments', () => {
  expect(readProgram('/mnt/data/x.wasm greet "a b" 7 -> string')).toMatchObject({
    wish: { call: { name: 'greet', given: [word('a b', true), word('7')], shows: 'string' } },
    source: { kind: 'file', path: '/mnt/data/x.wasm' },
  });
  expect(readProgram('"a b.wat"').source).toEqual({ kind: 'file', path: 'a b.wat' });
});

test('arguments and environment of WASI add up over lines', () => {
  const { wish } = readProgram(`;; args: one "two words"\n;; args: 3\n;; env: A=1 "B=x y"\n;; files: on\n${WAT}`);
  expect(wish).toEqual({ call: null, args: ['one', 'two words', '3'], env: ['A=1', 'B=x y'], hasFiles: true });
});

test('files are closed unless they are opened', () => {
  expect(readProgram(WAT).wish.hasFiles).toBe(false);
  expect(readProgram(`;; files: on\n;; files: off\n${WAT}`).wish.hasFiles).toBe(false);
});

test.for([
  ['', 1, /empty/u],
  [';; run: add 1 2', 1, /empty/u],
  ['hello world', 1, /neither WebAssembly text/u],
  ['\n\nx.wasm\nmore', 3, /neither WebAssembly text/u],
  [`;; run:\n${WAT}`, 1, /followed by the name of an export/u],
  [`\n;; run: f -> int\n${WAT}`, 2, /After "->" comes one of/u],
  [`;; run: f "open\\q"\n${WAT}`, 1, /no text in quotes/u],
  [`;; files: perhaps\n${WAT}`, 1, /on or off/u],
  ['AGFzbQ!!', 1, /base64 text of the module is damaged/u],
] as const)('%j is refused with its line', ([code, line, message]) => {
  expect(() => readProgram(code)).toThrow(message);
  try {
    readProgram(code);
  } catch (error) {
    expect(error instanceof ProgramProblem && error.line).toBe(line);
  }
});
