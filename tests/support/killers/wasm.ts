import { expect } from 'vitest';
import type { EndedKiller, Killer, KillerSet } from './describe-killers.ts';

const TIME_MS = 500;
const LONG_MS = 30_000;
const MEMORY_MB = 16;
const MB = 1024 * 1024;
const base64 = (...bytes: readonly number[]): string =>
  Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, ...bytes]).toString('base64');
const start = (body: string, more = ''): string => `(module ${more} (func (export "_start") ${body}))`;
const WASI_WRITE =
  '(import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\e8\\03\\00\\00")';

type Ending =
  | { readonly result: string }
  | { readonly code: 'wasm/bad-module' | 'wasm/bad-call' | 'wasm/trap' | 'wasm/memory'; readonly says: RegExp }
  | { readonly is: 'killed' | 'flood' };

const trap = (says: RegExp): Ending => ({ code: 'wasm/trap', says });
const memory = (says: RegExp): Ending => ({ code: 'wasm/memory', says });
const bad = (says: RegExp): Ending => ({ code: 'wasm/bad-module', says });
const killed: Ending = { is: 'killed' };

const KILLERS: Readonly<Record<string, readonly [code: string, ending: Ending]>> = {
  'an endless loop': [start('(loop $l (br $l))'), killed],
  'an endless loop in the start function': ['(module (func $f (loop $l (br $l))) (start $f))', killed],
  'an endless loop behind a table': [
    start('(loop $l (call_indirect (i32.const 0)) (br $l))', '(table 1 funcref) (elem (i32.const 0) $f) (func $f)'),
    killed,
  ],
  'memory.fill for ever': [
    start('(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $l))', '(memory 1)'),
    killed,
  ],
  'recursion without end': [start('(call $f)', '(func $f (call $f))'), trap(/too deeply/u)],
  'mutual recursion without end': [start('(call $f)', '(func $f (call $g)) (func $g (call $f))'), trap(/too deeply/u)],
  unreachable: [start('unreachable'), trap(/unreachable/u)],
  'a division by zero': [start('(drop (i32.div_s (i32.const 1) (i32.const 0)))'), trap(/divided by zero/u)],
  'a remainder by zero': [start('(drop (i64.rem_u (i64.const 1) (i64.const 0)))'), trap(/divided by zero/u)],
  'an integer overflow': [start('(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))'), trap(/does not fit/u)],
  'a conversion of NaN': [start('(drop (i32.trunc_f64_s (f64.const nan)))'), trap(/NaN or too large/u)],
  'a read behind the memory': [start('(drop (i32.load (i32.const -4)))', '(memory 1)'), trap(/outside of its memory/u)],
  'a write behind the memory': [
    start('(i64.store (i32.const 65530) (i64.const 1))', '(memory 1)'),
    trap(/outside of its memory/u),
  ],
  'an empty table entry': [
    start('(call_indirect (i32.const 0))', '(table 1 funcref)'),
    trap(/empty or a function of another type/u),
  ],
  'a table entry of another type': [
    start('(call_indirect (i32.const 0))', '(table 1 funcref) (elem (i32.const 0) $f) (func $f (param i32))'),
    trap(/empty or a function of another type/u),
  ],
  'a memory of 3.75 GB': ['(module (memory 60000))', memory(/asks for 3750 MB of memory; the limit is 16 MB/u)],
  'a memory just over the limit': ['(module (memory 257))', memory(/the limit is 16 MB/u)],
  'an imported memory of 3.75 GB': ['(module (import "env" "memory" (memory 60000)))', memory(/3750 MB/u)],
  'a memory grown without end': [
    ';; run: grow\n(module (memory 1) (func (export "grow") (result i32) (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size)))',
    { result: '256' },
  ],
  'an imported memory grown without end': [
    ';; run: grow\n(module (import "env" "memory" (memory 1)) (func (export "grow") (result i32) (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size)))',
    { result: '256' },
  ],
  'a memory grown past its own smaller maximum': [
    ';; run: grow\n(module (memory 1 3) (func (export "grow") (result i32) (drop (memory.grow (i32.const 2))) (memory.grow (i32.const 1))))',
    { result: '-1' },
  ],
  'a table grown without end': [
    ';; run: grow\n(module (table 1 funcref) (func (export "grow") (result i32) (loop $l (br_if $l (i32.ne (table.grow (ref.null func) (i32.const 100000)) (i32.const -1)))) (i32.gt_u (table.size) (i32.const 1000000))))',
    { result: '0' },
  ],
  'a table of ten million': ['(module (table 10000000 funcref))', memory(/more than a million entries/u)],
  'a 64-bit memory': [base64(5, 3, 1, 4, 1), bad(/64-bit memory/u)],
  'a shared memory': [base64(5, 4, 1, 3, 1, 2), bad(/shares its memory/u)],
  'an imported shared memory': [base64(2, 9, 1, 1, 97, 1, 98, 2, 3, 1, 2), bad(/shares its memory/u)],
  'an unknown kind of memory': [base64(5, 3, 1, 64, 1), bad(/kind that is not known/u)],
  'garbage-collected types': [base64(1, 5, 1, 0x5e, 0x7f, 1, 0), bad(/garbage-collected types/u)],
  'a group of recursive types': [base64(1, 6, 1, 0x4e, 1, 0x60, 0, 0), bad(/garbage-collected types/u)],
  'a component': [Buffer.from([0, 97, 115, 109, 13, 0, 1, 0]).toString('base64'), bad(/component/u)],
  'another version': [Buffer.from([0, 97, 115, 109, 2, 0, 0, 0]).toString('base64'), bad(/version/u)],
  'a module that ends in its header': [Buffer.from([0, 97, 115, 109, 1]).toString('base64'), bad(/damaged/u)],
  'a section longer than the module': [base64(1, 200, 1), bad(/damaged/u)],
  'an endless number': [base64(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), bad(/damaged/u)],
  'four thousand million types': [base64(1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f), bad(/million parts/u)],
  'a module that the browser refuses': [base64(10, 4, 1, 2, 0, 0x0b), bad(/The browser refuses|damaged/u)],
  'base64 that is none': ['AGFzbQEAAAA!!!!', bad(/base64 text of the module is damaged/u)],
  'text nested a hundred thousand deep': [
    `(module (func ${'(block '.repeat(100_000)}${')'.repeat(100_000)}))`,
    bad(/nested too deeply/u),
  ],
  'text of open parentheses': [`(module ${'('.repeat(200_000)}`, bad(/unexpected token/u)],
  'an import that is not there': [
    '(module (import "env" "system" (func (param i32) (result i32))))',
    { code: 'wasm/bad-call', says: /env\.system\(i32\) -> i32, which does not exist here/u },
  ],
  'an import of a global': [
    '(module (import "env" "g" (global i32)))',
    { code: 'wasm/bad-call', says: /imports the global env\.g/u },
  ],
  "an import named like an object's own": [
    '(module (import "env" "constructor" (func)) (import "env" "__proto__" (func)))',
    { code: 'wasm/bad-call', says: /env\.constructor/u },
  ],
  "an import of a module named like an object's own": [
    '(module (import "__proto__" "x" (func)))',
    { code: 'wasm/bad-call', says: /__proto__\.x/u },
  ],
  'output without end': [
    start('(loop $l (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $l))', WASI_WRITE),
    { is: 'flood' },
  ],
  'output of a gigabyte at once': [
    start(
      '(i32.store (i32.const 4) (i32.const 0x7fffffff)) (if (i32.ne (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 21)) (then unreachable))',
      WASI_WRITE,
    ),
    { result: '' },
  ],
  'a million pieces at once, behind the memory': [
    start(
      '(if (i32.ne (call $w (i32.const 1) (i32.const 0) (i32.const 1000000) (i32.const 8)) (i32.const 21)) (then unreachable))',
      WASI_WRITE,
    ),
    { result: '' },
  ],
  'a sleep without end': [
    start(
      '(i32.store (i32.const 0) (i32.const 0)) (i64.store (i32.const 24) (i64.const 0x7fffffffffffffff)) (drop (call $p (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))',
      '(import "wasi_snapshot_preview1" "poll_oneoff" (func $p (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1)',
    ),
    killed,
  ],
  'random bytes behind the memory': [
    start(
      '(if (i32.ne (call $r (i32.const 0) (i32.const 0x7fffffff)) (i32.const 21)) (then unreachable))',
      '(import "wasi_snapshot_preview1" "random_get" (func $r (param i32 i32) (result i32))) (memory (export "memory") 1)',
    ),
    { result: '' },
  ],
};

function checkEnding(ending: Ending, { outcome }: EndedKiller): void {
  if ('is' in ending) {
    if (ending.is === 'killed') expect(outcome.kind).toBe('timedOut');
    else expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/output-too-large' });
  } else if ('code' in ending) {
    expect(outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code: ending.code } });
    expect(outcome.kind === 'completed' && outcome.error?.message).toMatch(ending.says);
  } else
    expect(outcome).toMatchObject({
      kind: 'completed',
      error: null,
      result: ending.result === '' ? null : ending.result,
    });
  expect(outcome.memoryBytes).toBeLessThanOrEqual(MEMORY_MB * MB);
}

const killerOf = ([code, ending]: readonly [string, Ending]): Killer => ({
  code,
  limits: { timeMs: 'is' in ending && ending.is === 'killed' ? TIME_MS : LONG_MS, memoryMB: MEMORY_MB },
  check: (ended) => checkEnding(ending, ended),
});

export const wasmKillers: KillerSet = {
  language: 'wasm',
  killers: Object.entries(KILLERS).map(([title, row]) => [title, killerOf(row)]),
  next: {
    code: ';; run: add 40 2\n(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))',
    result: '42',
    limits: { timeMs: LONG_MS, memoryMB: MEMORY_MB },
  },
};
