import { afterEach, expect, test } from 'vitest';
import { openPython, type TestSession } from '../support/python/open-session.ts';

/** A program can reach what its worker lends to Python, so it can send any event it likes: what can it gain? */
let python: TestSession | null = null;
afterEach(() => python?.dispose());

const FORGE =
  'import json\nfrom companion_runtime import host\nemit = lambda **event: host.functions.emit(json.dumps(event))\n';

test.each([
  [
    'a change outside of the tree',
    'emit(kind="fileOut", change={"op": "rename", "path": "mine.txt", "to": "../other/stolen.txt"})',
  ],
  ['a change by an absolute path', 'emit(kind="fileOut", change={"op": "remove", "path": "/mnt/other"})'],
  ['an event of no kind', 'emit(kind="allow", everything=True)'],
  [
    'a result in its own name',
    'emit(kind="result", run=2, result="hacked", isTimedOut=False, limit=None, memoryBytes=1)',
  ],
  ['an error code that does not exist', 'emit(kind="limit", code="made/up")'],
  ['a display with markup for a media type', 'emit(kind="display", data={"<script>": "x"}, table=None, artifact=None)'],
])('%s is not taken, and the run goes on', async (_name, code) => {
  python = await openPython('base');
  python.files.put('mine.txt', 'mine');
  const run = await python.run(`${FORGE}${code}\nprint("after")`);
  expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
  expect(run.stdout).toBe('after\n');
  expect([...python.files.entries.keys()]).toEqual(['mine.txt']);
  expect([...new Set(run.events.map((event) => event.kind))]).toEqual(['state', 'output']);
});

test('a flood of refused messages ends the worker, not the host', async () => {
  python = await openPython('base');
  const run = await python.run(`${FORGE}while True: emit(kind="junk")`, { timeMs: 20_000 });
  expect(run.outcome).toMatchObject({ kind: 'crashed', code: 'runner/killed', sessionLost: true });
});

test('a forged end ends nothing but the own run', async () => {
  python = await openPython('base');
  const run = await python.run(`${FORGE}emit(kind="completed", exitCode=7)\nprint("still here")`);
  expect(run.stdout).toBe('still here\n');
  expect((await python.run('1 + 1')).outcome).toMatchObject({ kind: 'completed', exitCode: 0, result: '2' });
});

test('the file system below Python cannot name what is outside of the tree', async () => {
  python = await openPython('base');
  const code = [
    'import pyodide_js',
    'fs = pyodide_js.FS',
    'root = fs.lookupPath("/mnt/data").node',
    'for name in ("../secret", "..", "a/../../secret", "/etc/passwd"):',
    '    try:',
    '        node = root.node_ops.lookup(root, name)',
    '        print("OPEN", name, node.name)',
    '    except Exception as error:',
    '        print("SHUT")',
  ].join('\n');
  const run = await python.run(code);
  expect(run.stdout).not.toContain('OPEN');
  const asked = python.files.operations.map((operation) => operation.path);
  expect(asked.filter((path) => path.split('/').includes('..'))).not.toContain('secret');
});

test('a program that breaks its own tools does not break the next run of another session', async () => {
  python = await openPython('base');
  await python.run(
    'import sys, builtins\nsys.modules["companion_runtime.runloop"].execute = None\nbuiltins.compile = None\nbuiltins.__dict__.clear()',
  );
  python.dispose();
  python = await openPython('base');
  expect((await python.run('print("clean")')).stdout).toBe('clean\n');
});
