import { afterEach, expect, test } from 'vitest';
import { openPython, type TestSession } from '../support/python/open-session.ts';

/** A program can reach what its worker lends to Python, so it can send any event it likes: what can it gain? */
let python: TestSession | null = null;
afterEach(() => python?.dispose());

const FORGE =
  'import json\nfrom companion_runtime import host\nemit = lambda **event: host.functions.emit(json.dumps(event))\n';

/** What a program forges; the same by its own right, which the host does take; and what that leaves of files and shows. */
const FORGERIES: readonly (readonly [
  title: string,
  forged: string,
  honest: string,
  left: readonly string[],
  shown: string,
  /** A notice where the worker itself leaves out what the host would drop, and says so. */
  told: readonly string[],
])[] = [
  [
    'a change outside of the tree',
    'emit(kind="fileOut", change={"op": "rename", "path": "mine.txt", "to": "../other/stolen.txt"})',
    'emit(kind="fileOut", change={"op": "rename", "path": "mine.txt", "to": "moved.txt"})',
    ['moved.txt'],
    'output',
    [],
  ],
  [
    'a change by an absolute path',
    'emit(kind="fileOut", change={"op": "remove", "path": "/mnt/data/mine.txt"})',
    'emit(kind="fileOut", change={"op": "remove", "path": "mine.txt"})',
    [],
    'output',
    [],
  ],
  [
    'an event of no kind',
    'emit(kind="allow", everything=True)',
    'emit(kind="notice", text="said")',
    ['mine.txt'],
    'notice',
    [],
  ],
  [
    'a result in its own name',
    'emit(kind="result", run=2, result="hacked", isStopped=False, limit=None, memoryBytes=1)',
    'emit(kind="notice", text="said")',
    ['mine.txt'],
    'notice',
    [],
  ],
  [
    'an error code that does not exist',
    'emit(kind="error", error={"code": "made/up", "title": "T", "message": "m", "traceback": None, "line": None, "column": None, "suggestions": []})',
    'emit(kind="error", error={"code": "run/network-off", "title": "T", "message": "m", "traceback": None, "line": None, "column": None, "suggestions": []})',
    ['mine.txt'],
    'run/network-off',
    [],
  ],
  [
    'a display with markup for a media type',
    'emit(kind="display", data={"<script>": "x"}, table=None, artifact=None)',
    'emit(kind="display", data={"text/plain": "x"}, table=None, artifact=None)',
    ['mine.txt'],
    'display',
    ['notice'],
  ],
];

test.each(FORGERIES)('%s is not taken, and the run goes on', async (_name, forged, honest, left, shown, told) => {
  python = await openPython('base');
  python.files.put('mine.txt', 'mine');
  const run = await python.run(`${FORGE}${forged}\nprint("after")`);
  expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 0, error: null });
  expect(run.stdout).toBe('after\n');
  expect([...python.files.entries.keys()]).toEqual(['mine.txt']);
  expect([...new Set(run.events.map(({ kind }) => kind))]).toEqual(['state', ...told, 'output']);
  // Control: by the same way what is rightly formed is taken.
  const control = await python.run(`${FORGE}${honest}\nprint("after")`);
  expect([...python.files.entries.keys()]).toEqual(left);
  expect(JSON.stringify([control.events, control.outcome])).toContain(`"${shown}"`);
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
  python.files.put('mine.txt', 'mine');
  const code = [
    'import pyodide_js',
    'fs = pyodide_js.FS',
    'root = fs.lookupPath("/mnt/data").node',
    'for name in ("mine.txt", "../secret", "..", "a/../../secret", "/etc/passwd"):',
    '    try:',
    '        node = root.node_ops.lookup(root, name)',
    '        print("OPEN", name, node.name)',
    '    except Exception as error:',
    '        print("SHUT", name, error)',
  ].join('\n');
  const run = await python.run(code);
  // The control: what is in the tree is found so.
  expect(run.stdout.split('\n').filter((line) => line.startsWith('OPEN'))).toEqual(['OPEN mine.txt mine.txt']);
});

test('a program that breaks its own tools does not break the next run of another session', async () => {
  python = await openPython('base');
  await python.run(
    'import sys, builtins\nsys.modules["companion_runtime.runloop"].execute = None\nbuiltins.compile = None\nbuiltins.__dict__.clear()',
  );
  // The control: its own session is broken by it.
  expect((await python.run('print("clean")')).outcome).toMatchObject({ sessionLost: true });
  python.dispose();
  python = await openPython('base');
  expect((await python.run('print("clean")')).stdout).toBe('clean\n');
});
