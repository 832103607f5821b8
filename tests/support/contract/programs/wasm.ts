import type { ContractPrograms } from './contract-programs.ts';

const PATH_AT = 64;
const OTHER_PATH_AT = 1_088;
const TEXT_AT = 4_096;
const BUFFER_AT = 65_536;
const BUFFER_BYTES = 65_536;
const RIGHTS = { read: 2 + 4 + 16384, write: 64 + 4, folder: 16384 } as const;
const O = { create: 1, folder: 2, truncate: 8 } as const;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const lengthOf = (text: string): number => bytesOf(text).length;
const dataAt = (at: number, text: string): string => {
  const escaped = [...bytesOf(text)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  return `(data (i32.const ${at}) "${escaped}")`;
};

/** What every program here is made of: WASI's functions, one memory, and small helpers around both. */
function program(body: string, data: readonly string[] = [], more = ''): string {
  return `;; files: on
(module
 (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
 (import "wasi_snapshot_preview1" "fd_readdir" (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
 (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "path_rename" (func $path_rename (param i32 i32 i32 i32 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "path_create_directory" (func $path_create_directory (param i32 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
 (import "env" "log" (func $log (param i32 i64)))
 (memory (export "memory") 2)
 ${data.join('\n ')}
 (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
 (func $write (param $fd i32) (param $at i32) (param $length i32)
  (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $length))
  (call $check (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
 (func $read (param $fd i32) (result i32)
  (i32.store (i32.const 0) (i32.const ${BUFFER_AT})) (i32.store (i32.const 4) (i32.const ${BUFFER_BYTES}))
  (call $check (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
  (i32.load (i32.const 8)))
 (func $open (param $length i32) (param $how i32) (param $rights i64) (result i32)
  (call $check (call $path_open (i32.const 3) (i32.const 0) (i32.const ${PATH_AT}) (local.get $length) (local.get $how) (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 12)))
  (i32.load (i32.const 12)))
 ${more}
 (func (export "_start") (local $fd i32) (local $n i32) (local $at i32) (local $sum i64)
  ${body}))`;
}

/** Prints the rest of the open file. */
const copied = `(loop $again (if (local.tee $n (call $read (local.get $fd))) (then (call $write (i32.const 1) (i32.const ${BUFFER_AT}) (local.get $n)) (br $again))))`;

const said = (text: string, fd = 1): string =>
  `(call $write (i32.const ${fd}) (i32.const ${TEXT_AT}) (i32.const ${lengthOf(text)}))`;
const opened = (path: string, how: number, rights: number): string =>
  `(local.set $fd (call $open (i32.const ${lengthOf(path)}) (i32.const ${how}) (i64.const ${rights})))`;
const closed = '(call $check (call $fd_close (local.get $fd)))';
const onPath = (name: string, path: string): string =>
  program(`(call $check (call $${name} (i32.const 3) (i32.const ${PATH_AT}) (i32.const ${lengthOf(path)})))`, [
    dataAt(PATH_AT, path),
  ]);

export const wasmPrograms: ContractPrograms = {
  language: 'wasm',
  print: program(
    `(call $write (i32.const 1) (i32.const ${TEXT_AT}) (i32.const 4))
  (call $write (i32.const 1) (i32.const ${TEXT_AT + 4}) (i32.const 4))
  (call $write (i32.const 2) (i32.const ${TEXT_AT + 8}) (i32.const 5))`,
    [dataAt(TEXT_AT, 'one\ntwo\noops\n')],
  ),
  answer: ';; run: answer\n(module (func (export "answer") (result i32) i32.const 42))',
  setVariable: null,
  readVariable: null,
  fail: '(module\n (func (export "_start") unreachable))',
  broken: '(module\n (func (bad)))',
  endless: program(`${said('go\n')} (loop $again (br $again))`, [dataAt(TEXT_AT, 'go\n')]),
  stubborn: program(
    `${said('go\n')} (loop $again (drop (call $fd_close (i32.const 99))) (local.set $n (i32.const 100000))
   (loop $busy (br_if $busy (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) (br $again))`,
    [dataAt(TEXT_AT, 'go\n')],
  ),
  exit: program('(call $exit (i32.const 3))'),
  flood: program(`(loop $again ${said(`${'x'.repeat(999)}\n`)} (br $again))`, [
    dataAt(TEXT_AT, `${'x'.repeat(999)}\n`),
  ]),
  hoard: program('(loop $again (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1))) unreachable)'),
  greet: program(
    `${said('name? ')} (local.set $n (call $read (i32.const 0)))
  (call $write (i32.const 1) (i32.const ${TEXT_AT + 6}) (i32.const 6))
  (if (local.get $n) (then (call $write (i32.const 1) (i32.const ${BUFFER_AT}) (local.get $n)))
   (else (call $write (i32.const 1) (i32.const ${TEXT_AT + 12}) (i32.const 7))))`,
    [dataAt(TEXT_AT, 'name? hello nobody\n')],
  ),
  write: (path, text) =>
    program(
      `${opened(path, O.create + O.truncate, RIGHTS.write)}
  (call $write (local.get $fd) (i32.const ${TEXT_AT}) (i32.const ${lengthOf(text)})) ${closed}`,
      [dataAt(PATH_AT, path), dataAt(TEXT_AT, text)],
    ),
  read: (path) =>
    program(
      `${opened(path, 0, RIGHTS.read)}
  ${copied}`,
      [dataAt(PATH_AT, path)],
    ),
  awaitFile: (path) =>
    program(
      `${said('waiting\n')}
  (loop $wait (br_if $wait (call $path_open (i32.const 3) (i32.const 0) (i32.const ${PATH_AT}) (i32.const ${lengthOf(path)}) (i32.const 0) (i64.const ${RIGHTS.read}) (i64.const 0) (i32.const 0) (i32.const 12))))
  (local.set $fd (i32.load (i32.const 12))) ${copied}`,
      [dataAt(PATH_AT, path), dataAt(TEXT_AT, 'waiting\n')],
    ),
  rename: (from, to) =>
    program(
      `(call $check (call $path_rename (i32.const 3) (i32.const ${PATH_AT}) (i32.const ${lengthOf(from)}) (i32.const 3) (i32.const ${OTHER_PATH_AT}) (i32.const ${lengthOf(to)})))`,
      [dataAt(PATH_AT, from), dataAt(OTHER_PATH_AT, to)],
    ),
  remove: (path) => onPath('path_unlink_file', path),
  replaceOpen: (path, text) =>
    program(
      `${opened(path, O.create + O.truncate, RIGHTS.write)} (local.set $at (local.get $fd)) ${said('old').replace('(i32.const 1)', '(local.get $fd)')}
  (call $check (call $path_unlink_file (i32.const 3) (i32.const ${PATH_AT}) (i32.const ${lengthOf(path)})))
  ${opened(path, O.create + O.truncate, RIGHTS.write)}
  (call $write (local.get $fd) (i32.const ${TEXT_AT + 5}) (i32.const ${lengthOf(text)})) ${closed}
  (call $write (local.get $at) (i32.const ${TEXT_AT + 3}) (i32.const 2)) (call $check (call $fd_close (local.get $at)))`,
      [dataAt(PATH_AT, path), dataAt(TEXT_AT, `older${text}`)],
    ),
  makeFolder: (path) => onPath('path_create_directory', path),
  list: (path) =>
    program(
      `${opened(path || '.', O.folder, RIGHTS.folder)} (i32.store8 (i32.const ${TEXT_AT}) (i32.const 10))
  (call $check (call $fd_readdir (local.get $fd) (i32.const ${BUFFER_AT}) (i32.const ${BUFFER_BYTES}) (i64.const 0) (i32.const 16)))
  (local.set $at (i32.const ${BUFFER_AT}))
  (loop $again (if (i32.lt_u (local.get $at) (i32.add (i32.const ${BUFFER_AT}) (i32.load (i32.const 16)))) (then
   (local.set $n (i32.load offset=16 (local.get $at)))
   (local.set $at (i32.add (local.get $at) (i32.const 24)))
   (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 46)) (then
    (call $write (i32.const 1) (local.get $at) (local.get $n))
    (call $write (i32.const 1) (i32.const ${TEXT_AT}) (i32.const 1))))
   (local.set $at (i32.add (local.get $at) (local.get $n))) (br $again))))`,
      [dataAt(PATH_AT, path || '.')],
    ),
  writeBytes: (path, count) =>
    program(
      `${opened(path, O.create + O.truncate, RIGHTS.write)}
  (loop $again
   (i32.store8 (i32.add (i32.const ${BUFFER_AT}) (i32.rem_u (local.get $n) (i32.const ${BUFFER_BYTES}))) (i32.rem_u (local.get $n) (i32.const 251)))
   (local.set $n (i32.add (local.get $n) (i32.const 1)))
   (if (i32.eqz (i32.rem_u (local.get $n) (i32.const ${BUFFER_BYTES}))) (then (call $write (local.get $fd) (i32.const ${BUFFER_AT}) (i32.const ${BUFFER_BYTES}))))
   (br_if $again (i32.lt_u (local.get $n) (i32.const ${count}))))
  (call $write (local.get $fd) (i32.const ${BUFFER_AT}) (i32.rem_u (local.get $n) (i32.const ${BUFFER_BYTES}))) ${closed}`,
      [dataAt(PATH_AT, path)],
    ),
  sumBytes: (path) =>
    program(
      `${opened(path, 0, RIGHTS.read)}
  (loop $again (if (local.tee $n (call $read (local.get $fd))) (then
   (local.set $at (i32.add (local.get $at) (local.get $n)))
   (loop $each (local.set $n (i32.sub (local.get $n) (i32.const 1)))
    (local.set $sum (i64.add (local.get $sum) (i64.load8_u (i32.add (i32.const ${BUFFER_AT}) (local.get $n)))))
    (br_if $each (local.get $n)))
   (br $again))))
  (call $log (local.get $at) (local.get $sum))`,
      [dataAt(PATH_AT, path)],
    ),
  reach: null,
  figure: null,
  callHost: program(`(call $log (i32.const 1) (i64.const 2)) ${said('called\n')}`, [dataAt(TEXT_AT, 'called\n')]),
  callHostWrong: null,
  exceptions: {
    'a call of this product with a wrong type is an error of the language':
      'a module with such a call cannot be compiled',
    'variables stay between runs': 'each run of a module has an instance of its own',
    "a program's own error is completed, with the person's line": 'a compiled module knows no lines',
  },
};
