import { afterAll, expect, test } from 'vitest';
import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type RunOptions, type TestSession } from '../support/kit/open-node.ts';

const runner = createWasmRunner({ source: nodeSource('wasm') });
let open: TestSession | null = null;
afterAll(() => open?.dispose());

async function run(code: string, options: RunOptions = {}) {
  const session = open?.session.isAlive ? open : await openInNode(runner);
  open = session;
  const ran = await session.run(code, options);
  if (ran.outcome.kind !== 'completed') throw new Error(JSON.stringify(ran.outcome));
  return { ...ran, ...ran.outcome };
}
const call = (wish: string, body: string): string => `;; run: ${wish}\n(module ${body})`;
/** A module of one function `f`. */
const f = (wish: string, type: string, body: string): string =>
  call(`f ${wish}`, `(func (export "f") ${type} ${body})`);
const memory = '(memory (export "memory") 1)';
const ADD = 'AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=';

test.for([
  ['add of i32', f('2 3', '(param i32 i32) (result i32)', '(i32.add (local.get 0) (local.get 1))'), '5'],
  [
    'i32 wraps around',
    f('2147483647 1', '(param i32 i32) (result i32)', '(i32.add (local.get 0) (local.get 1))'),
    '-2147483648',
  ],
  [
    'i64 is exact',
    f('3037000500 3037000500', '(param i64 i64) (result i64)', '(i64.mul (local.get 0) (local.get 1))'),
    '-9223372036709301616',
  ],
  [
    'i64 beyond 2^53',
    f('9007199254740992 1', '(param i64 i64) (result i64)', '(i64.add (local.get 0) (local.get 1))'),
    '9007199254740993',
  ],
  ['f64', f('0.1 0.2', '(param f64 f64) (result f64)', '(f64.add (local.get 0) (local.get 1))'), '0.30000000000000004'],
  ['f32 rounds', f('0.1', '(param f32) (result f32)', '(local.get 0)'), '0.10000000149011612'],
  [
    'infinities and NaN',
    f(
      'inf',
      '(param f64) (result f64 f64 f64)',
      '(local.get 0) (f64.neg (local.get 0)) (f64.sub (local.get 0) (local.get 0))',
    ),
    '(Infinity, -Infinity, NaN)',
  ],
  [
    'many results',
    f('5', '(param i32) (result i32 i64 f64)', '(local.get 0) (i64.const 7) (f64.const 1.5)'),
    '(5, 7, 1.5)',
  ],
  ['no result', f('', '', ''), null],
  [
    'a recursive function',
    call(
      'fac 20',
      '(func $fac (export "fac") (param i64) (result i64) (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1)) (else (i64.mul (local.get 0) (call $fac (i64.sub (local.get 0) (i64.const 1)))))))',
    ),
    '2432902008176640000',
  ],
  ['a result as u32', f('-1 -> u32', '(param i32) (result i32)', '(local.get 0)'), '4294967295'],
  [
    'a result as bool',
    f('3 4 -> bool', '(param i32 i32) (result i32)', '(i32.lt_s (local.get 0) (local.get 1))'),
    'true',
  ],
  [
    'text in: its length',
    call('length "häß"', `${memory} (func (export "length") (param i32 i32) (result i32) (local.get 1))`),
    '5',
  ],
  [
    'text in and out',
    call(
      'id "häß €" -> string',
      `${memory} (func (export "id") (param i32 i32) (result i32 i32) (local.get 0) (local.get 1))`,
    ),
    'häß €',
  ],
  [
    'text of the module up to a zero',
    call(
      'name -> string',
      `${memory} (data (i32.const 8) "from the module\\00rest") (func (export "name") (result i32) (i32.const 8))`,
    ),
    'from the module',
  ],
  [
    'text turned to capitals',
    call(
      'upper "shout" -> string',
      `${memory} (func (export "upper") (param $at i32) (param $n i32) (result i32 i32) (local $i i32) (loop $l (i32.store8 (i32.add (local.get $at) (local.get $i)) (i32.sub (i32.load8_u (i32.add (local.get $at) (local.get $i))) (i32.const 32))) (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))) (local.get $at) (local.get $n))`,
    ),
    'SHOUT',
  ],
  [
    'an allocator of the module is used',
    call(
      'f "ab"',
      `${memory} (func (export "malloc") (param i32) (result i32) (i32.const 4242)) (func (export "f") (param i32 i32) (result i32) (local.get 0))`,
    ),
    '4242',
  ],
  [
    'memory is written and read',
    f('', '(result i32)', '(i32.store (i32.const 100) (i32.const 77)) (i32.load (i32.const 100))').replace(
      '(module',
      `(module ${memory}`,
    ),
    '77',
  ],
  [
    'memory grows',
    call('f', `(memory 1) (func (export "f") (result i32 i32) (memory.grow (i32.const 2)) (memory.size))`),
    '(1, 3)',
  ],
  [
    'a table is called',
    call(
      'f 1',
      '(type $t (func (result i32))) (table 2 funcref) (elem (i32.const 0) $a $b) (func $a (result i32) (i32.const 10)) (func $b (result i32) (i32.const 20)) (func (export "f") (param i32) (result i32) (call_indirect (type $t) (local.get 0)))',
    ),
    '20',
  ],
  ['a module in base64', `;; run: add 40 2\n${ADD}`, '42'],
  [
    'SIMD',
    f(
      '',
      '(result i32)',
      '(i32x4.extract_lane 2 (i32x4.add (v128.const i32x4 1 2 3 4) (v128.const i32x4 10 20 30 40)))',
    ),
    '33',
  ],
  [
    'a library is initialised first',
    call(
      'get',
      '(global $g (mut i32) (i32.const 0)) (func (export "_initialize") (global.set $g (i32.const 9))) (func (export "get") (result i32) (global.get $g))',
    ),
    '9',
  ],
  ['main without arguments runs by itself', '(module (func (export "main") (result i32) (i32.const 3)))', '3'],
  ['bulk memory and sign extension', f('200', '(param i32) (result i32)', '(i32.extend8_s (local.get 0))'), '-56'],
] as const)('%s', async ([, code, shown]) => {
  const { result, error } = await run(code);
  expect({ result, error }).toEqual({ result: shown, error: null });
});

test('functions of the host are called with their types', async () => {
  const { stdout, stderr, result } = await run(
    call(
      'f',
      `(import "env" "print" (func $p (param i32 i64 f64))) (import "env" "log_string" (func $s (param i32 i32))) (import "console" "error" (func $e (param i32)))
       (import "env" "print_u64" (func $u (param i64))) (import "env" "print_char" (func $c (param i32))) (import "Math" "pow" (func $pow (param f64 f64) (result f64)))
       (import "env" "now" (func $now (result i64))) ${memory} (data (i32.const 0) "gr\\c3\\bc\\c3\\9fe")
       (func (export "f") (result f64 i32)
        (call $p (i32.const -1) (i64.const 9007199254740993) (f64.const 0.5)) (call $s (i32.const 0) (i32.const 7)) (call $e (i32.const 5))
        (call $u (i64.const -1)) (call $c (i32.const 0x1f600)) (call $pow (f64.const 2) (f64.const 10)) (i64.gt_s (call $now) (i64.const 1600000000000)))`,
    ),
  );
  expect(stdout).toBe('-1 9007199254740993 0.5\ngrüße\n18446744073709551615\n😀');
  expect(stderr).toBe('5\n');
  expect(result).toBe('(1024, 1)');
});

test.for([
  [
    'an abort',
    call(
      'f',
      '(import "env" "abort" (func $a (param i32 i32 i32 i32))) (func (export "f") (call $a (i32.const 0) (i32.const 0) (i32.const 12) (i32.const 3)))',
    ),
    'wasm/trap',
    /line 12, column 3/u,
  ],
  ['an export that is no function', call('memory', memory), 'wasm/bad-call', /is no function/u],
  [
    'an unknown export',
    call('sub 1 2', '(func (export "add") (param i32 i32))'),
    'wasm/bad-call',
    /no function called sub[^]*add\(i32, i32\)/u,
  ],
  ['a text without a memory', call('f "x"', '(func (export "f") (param i32 i32))'), 'wasm/bad-call', /no memory/u],
  ['a file that is not there', 'none.wasm f', 'wasm/bad-module', /no file none\.wasm/u],
  ['a path out of the workspace', '../../etc/passwd.wasm', 'wasm/bad-module', /no file/u],
  ['WAT with a wrong type', '(module\n  (func (result i32)\n    (i64.const 1)))', 'wasm/bad-module', /type mismatch/u],
] as const)('%s is said', async ([, code, errorCode, message]) => {
  const { error, exitCode } = await run(code);
  expect([error?.code, exitCode]).toEqual([errorCode, 1]);
  expect(error?.message).toMatch(message);
});

test('a mistake in the text has its line and column', async () => {
  const { error } = await run('(module\n  (func (export "f")\n    (i32.nonsense)))');
  expect(error).toMatchObject({ code: 'wasm/bad-module', title: 'syntax error', line: 3, column: 6 });
  expect(error?.traceback).toContain('i32.nonsense');
});

test('a trap tells the calls that led to it, by their names', async () => {
  const { error } = await run(
    '(module (func $inner (unreachable)) (func $outer (call $inner)) (func (export "_start") (call $outer)))',
  );
  expect(error?.traceback).toBe('  at inner\n  at outer\n  at _start');
});

test('modules lie in the workspace, in bytes and as text', async () => {
  await run('(module)');
  open?.files.put('lib/add.wasm', Buffer.from(ADD, 'base64'));
  open?.files.put(
    'mul.wat',
    '(module (func (export "mul") (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1))))',
  );
  expect((await run('/mnt/data/lib/add.wasm add 1 2')).result).toBe('3');
  expect((await run('mul.wat mul 6 7')).result).toBe('42');
  open?.files.put('lib/add.wasm', '');
  expect((await run('lib/add.wasm add 1 2')).error?.message).toMatch(/empty: it has no bytes/u);
  open?.files.put('lib/add.wasm', Buffer.from(ADD, 'base64').subarray(0, 30));
  expect((await run('lib/add.wasm add 1 2')).error?.message).toMatch(/damaged|refuses/u);
});

const CAT = `(module
 (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
 ${memory} (data (i32.const 64) "in.txt")
 (func (export "_start") (call $exit (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 6) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))))`;

test('WASI sees no files unless the run says so', async () => {
  await run('(module)');
  open?.files.put('in.txt', 'x');
  expect((await run(CAT)).exitCode).toBe(8);
  expect((await run(`;; files: on\n${CAT}`)).exitCode).toBe(0);
  const outside = CAT.replace('"in.txt"', '"../a.b"');
  expect((await run(`;; files: on\n${outside}`)).exitCode).toBe(63);
  const absolute = CAT.replace('"in.txt"', '"/a.bcd"');
  expect((await run(`;; files: on\n${absolute}`)).exitCode).toBe(63);
});

test('each run has an instance of its own, and says how large its memory became', async () => {
  const counter = call(
    'next',
    '(memory 3) (global $n (mut i32) (i32.const 0)) (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))',
  );
  expect([(await run(counter)).result, (await run(counter)).result]).toEqual(['1', '1']);
  const large = await run(call('f', '(memory (export "memory") 100) (func (export "f"))'));
  expect(large.outcome.memoryBytes).toBe(6_553_600);
});

test('a module of exactly the limit starts, one page more does not', async () => {
  expect((await run('(module (memory 512))', { memoryMB: 32 })).error).toBeNull();
  expect((await run('(module (memory 513))', { memoryMB: 32 })).error?.code).toBe('wasm/memory');
});
