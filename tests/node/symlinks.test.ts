import { afterEach, describe, expect, test } from 'vitest';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { openJavaScript } from '../support/javascript/open-javascript.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { openPython } from '../support/python/open-session.ts';

// The tree of a conversation knows files and folders only: no program makes a link in it, or believes that it did.

let opened: TestSession | null = null;
afterEach(() => {
  opened?.dispose();
  opened = null;
});

const TARGETS = ['/etc/passwd', '../..', '/mnt/data/real.txt', 'real.txt', '/mnt/data'];

const withFile = (): MemoryFiles => {
  const files = new MemoryFiles();
  files.put('real.txt', 'real');
  return files;
};
const names = ({ entries }: MemoryFiles): string[] => [...entries.keys()].sort();

describe.each([
  ['live', { hasSharedMemory: true }],
  ['copied', { hasSharedMemory: false }],
])('links in files that are %s', (_name, boxes) => {
  test('Python is refused with a PermissionError', async () => {
    opened = await openPython('base', boxes, withFile());
    const { outcome, stdout } = await opened.run(
      [
        'import errno, os, pathlib',
        `for target in ${JSON.stringify(TARGETS)}:`,
        '    for make in (os.symlink, lambda at, name: pathlib.Path(name).symlink_to(at)):',
        '        try: make(target, "link")',
        '        except OSError as error: print(type(error).__name__, errno.errorcode[error.errno])',
        '        else: print("made", target)',
        'print(hasattr(os, "link"), os.path.lexists("link"), sorted(os.listdir(".")))',
      ].join('\n'),
    );
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    const refused = TARGETS.flatMap(() => ['PermissionError EPERM', 'PermissionError EPERM']);
    expect(stdout.trimEnd().split('\n')).toEqual([...refused, "False False ['real.txt']"]);
    expect(names(opened.files)).toEqual(['real.txt']);
  });

  test('a link of Python beside the tree leads nothing out of it and nothing into it', async () => {
    opened = await openPython('base', boxes, withFile());
    const { outcome, stdout } = await opened.run(
      [
        'import os',
        'os.symlink("/mnt/data/real.txt", "/tmp/to-real")',
        'print(open("/tmp/to-real").read())',
        'try: os.rename("/tmp/to-real", "/mnt/data/moved")',
        'except OSError: print("not moved")',
        'print(sorted(os.listdir("/mnt/data")))',
      ].join('\n'),
    );
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    expect(stdout).toBe("real\nnot moved\n['real.txt']\n");
    expect(names(opened.files)).toEqual(['real.txt']);
  });

  test('JavaScript is refused with a sentence', async () => {
    opened = await openJavaScript(boxes, withFile());
    const { outcome, stdout } = await opened.run(
      `const fs = require('fs');
      for (const target of ${JSON.stringify(TARGETS)})
        for (const make of [() => fs.symlinkSync(target, 'link'), () => fs.linkSync(target, 'link'), () => fs.symlink(target, 'link', () => {})]) {
          try { make(); console.log('made', target); } catch (error) { console.log(error.code); }
        }
      console.log(typeof fs.promises.symlink, fs.readdirSync('.').join());`,
    );
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    const refused = TARGETS.flatMap(() => Array.from({ length: 3 }, () => 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'));
    expect(stdout.trimEnd().split('\n')).toEqual([...refused, 'undefined real.txt']);
    expect(names(opened.files)).toEqual(['real.txt']);
  });

  test('Lua has nothing that makes one', async () => {
    opened = await openInNode(createLuaRunner({ source: nodeSource('lua') }), boxes, withFile());
    const { stdout } = await opened.run(
      `local lfs = require("lfs")
      local ok = pcall(function() lfs.link("/etc/passwd", "link", true) end)
      print(lfs.link, os.symlink, os.link, ok)`,
    );
    expect(stdout).toBe('nil\tnil\tnil\tfalse\n');
    expect(names(opened.files)).toEqual(['real.txt']);
  });

  test('WebAssembly is told that there are none', async () => {
    opened = await openInNode(createWasmRunner({ source: nodeSource('wasm') }), boxes, withFile());
    const { outcome } = await opened.run(`;; files: on
;; run: make
(module
  (import "wasi_snapshot_preview1" "path_symlink" (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "real.txtlink")
  (func (export "make") (result i32)
    (i32.add
      (i32.mul (i32.const 100) (call $symlink (i32.const 0) (i32.const 8) (i32.const 3) (i32.const 8) (i32.const 4)))
      (call $link (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 3) (i32.const 8) (i32.const 4)))))`);
    // ENOTSUP of WASI, twice.
    expect(outcome).toMatchObject({ kind: 'completed', error: null, result: '5858' });
    expect(names(opened.files)).toEqual(['real.txt']);
  });
});
