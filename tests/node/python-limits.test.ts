import { afterEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { NESTED_C_CALLS } from '../../src/runners/python/worker/nested-calls.ts';
import { filedPath, keptText } from '../support/kit/kept-text.ts';
import { openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

async function works(session: TestSession): Promise<void> {
  const after = await session.run('import os\nprint("ok", os.path.exists("/mnt/data/kept.txt"))');
  expect(after.outcome).toMatchObject({ kind: 'completed', error: null });
  expect(after.stdout).toBe('ok True\n');
}

async function openKept(): Promise<TestSession> {
  python = await openPython('science');
  python.files.put('kept.txt', 'here');
  return python;
}

describe('time', () => {
  test.each([
    ['a loop', 'while True: pass'],
    ['a sleep', 'import time\ntime.sleep(60)'],
    ['showing a value', 'class E:\n    def __repr__(self):\n        while True: pass\nE()'],
    ['showing a value as HTML', 'class E:\n    def _repr_html_(self):\n        while True: pass\nE()'],
    ['a search that explodes', 'import re\nre.match("(a+)+$", "a" * 60 + "b")'],
    ['a destructor', 'class D:\n    def __del__(self):\n        while True: pass\nd = D()\ndel d'],
  ])('ends %s at the limit; the next run works', async (_name, code) => {
    const session = await openKept();
    const run = await session.run(code, { timeMs: 400 });
    expect(run.outcome).toMatchObject({ kind: 'timedOut', limitMs: 400, sessionLost: false });
    await works(session);
  });

  // Answers that are long on their way count here and not there, so that the host's clock runs out first.
  test('ends a sleep at the limit also where the worker hears of it by the host’s stop', async () => {
    python = await openPython('base', { hasSharedMemory: false }, undefined, (boxes) => ({
      warm: boxes.warm.bind(boxes),
      async open(engine, options) {
        const box = await boxes.open(engine, options);
        if (!box.ok) return box;
        const { post } = box.value;
        box.value.post = (message, transfer) => {
          const isAnswer = (message as { kind?: unknown }).kind === 'inputAnswer';
          if (isAnswer) setTimeout(() => post.call(box.value, message, transfer), 100);
          else post.call(box.value, message, transfer);
        };
        return box;
      },
    }));
    const { session, run } = python;
    const { outcome } = await run('import time\nfor _ in range(4): input("?")\ntime.sleep(60)', {
      timeMs: 1_500,
      stdin: null,
      onEvent: (event) => {
        if (event.kind === 'input') setTimeout(() => session.answerInput('x'));
      },
    });
    expect(outcome).toMatchObject({ kind: 'timedOut', limitMs: 1_500, sessionLost: false });
  });
});

describe('memory', () => {
  test.each([
    ['one block', 'x = bytearray(400 * 1024 * 1024)'],
    ['a block beyond all addresses', 'x = bytearray(3 * 1024**3)'],
    ['a list beyond all addresses', 'x = [0] * 3_000_000_000'],
    ['an array beyond all addresses', 'import numpy as np\nx = np.zeros((20_000, 20_000))'],
    [
      '4 GB of arrays, one after another',
      'import numpy as np\narrays = []\nfor _ in range(5):\n    arrays.append(np.random.randn(10_000, 10_000))',
    ],
    ['a growing list', 'l = []\nwhile True: l.append(bytes(1_000_000))'],
    ['a growing dict', 'd = {}\ni = 0\nwhile True:\n    d[i] = str(i)\n    i += 1'],
    ['a doubling string', 's = "a" * 1000\nwhile True: s += s'],
    ['arrays', 'import numpy as np\na = []\nwhile True: a.append(np.ones(1_000_000))'],
    ['a frame', 'import numpy as np, pandas as pd\ndf = pd.DataFrame(np.zeros((5_000_000, 10)))'],
    [
      'frames that double',
      'import pandas as pd\ndf = pd.DataFrame({"a": range(100000)})\nwhile True: df = pd.concat([df, df])',
    ],
  ])('refuses %s with a MemoryError of the language; the interpreter lives', async (_name, code) => {
    const session = await openKept();
    const run = await session.run(code);
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code: 'python/memory' } });
    await works(session);
    const figure = await session.run('import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()');
    expect(figure.events.some((event) => event.kind === 'display')).toBe(true);
  });

  test('C code that did without the memory it wanted is an error; a program can catch it', async () => {
    const session = await openKept();
    const code = 'import numpy as np\nu, s, v = np.linalg.svd(np.ones((2500, 2500)))\nprint(s[0])';
    const run = await session.run(code, { timeMs: 60_000 });
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code: 'python/memory' } });
    expect(run.stdout).toBe('');
    const caught = await session.run(
      'try:\n    np.linalg.svd(np.ones((2500, 2500)))\nexcept MemoryError:\n    print("caught", np.linalg.inv(np.eye(2))[1, 1])',
      { timeMs: 60_000 },
    );
    expect(caught.stdout).toBe('caught 1.0\n');
    const small = await session.run('np.linalg.svd(np.ones((3, 3)), compute_uv=False).round(3).tolist()');
    expect(small.events.some((event) => event.kind === 'notice')).toBe(false);
    expect(small.outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
  });

  test('a program can catch it', async () => {
    const session = await openKept();
    const run = await session.run('try:\n    b = [0] * 10**9\nexcept MemoryError:\n    print("caught")');
    expect(run.stdout).toBe('caught\n');
  });
});

describe('output', () => {
  test('past the shown bound goes to a file, all of it', async () => {
    const session = await openKept();
    const run = await session.run('for i in range(400_000): print(i)');
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
    const cut = run.events.find((event) => event.kind === 'truncated');
    expect(cut).toEqual({
      kind: 'truncated',
      shownBytes: LIMITS.outputShownBytes.standard,
      path: filedPath(run),
    });
    const whole = run.stdout + (keptText(session, filedPath(run)) ?? '');
    expect(whole).toBe(Array.from({ length: 400_000 }, (_, i) => `${i}\n`).join(''));
  });

  test('a flood ends with its own code and the next run works', async () => {
    const session = await openKept();
    const run = await session.run('line = "x" * 200_000\nwhile True: print(line)');
    expect(run.outcome).toMatchObject({ kind: 'crashed', code: 'run/output-too-large', sessionLost: false });
    expect(run.stdout.length).toBeLessThanOrEqual(LIMITS.outputShownBytes.standard);
    await works(session);
  });

  // How few a second is a matter of the clock: src/runners/kit/run-events.test.ts holds that.
  test('two hundred thousand flushes become few pieces', async () => {
    const session = await openKept();
    const run = await session.run(
      'import sys\nfor i in range(200_000):\n    sys.stdout.write("a")\n    sys.stdout.flush()',
    );
    const pieces = run.events.filter((event) => event.kind === 'output').length;
    expect(run.stdout).toHaveLength(200_000);
    expect(pieces).toBeLessThan(200_000 / 20);
  });
});

describe('artifacts', () => {
  test('too many displays end the run with their own code', async () => {
    const session = await openKept();
    const run = await session.run('for i in range(100_000): display(i)');
    expect(run.outcome).toMatchObject({ kind: 'crashed', code: 'run/too-many-artifacts', sessionLost: false });
    expect(run.events.filter((event) => event.kind === 'display').length).toBeLessThanOrEqual(
      LIMITS.artifactCount.standard,
    );
    await works(session);
  });

  test('figures that are too many to show are counted, the first are shown', async () => {
    const session = await openKept();
    const run = await session.run(
      'import matplotlib.pyplot as plt\nfor n in range(101):\n    plt.figure(figsize=(1, 1)); plt.plot([n])',
    );
    expect(run.outcome.kind).toBe('completed');
    expect(run.events.filter((event) => event.kind === 'display')).toHaveLength(LIMITS.artifactCount.standard);
    expect(run.events).toContainEqual({ kind: 'notice', text: '101 figures were open; the first 100 are shown.' });
  });

  test('too many files are counted, the first are listed', async () => {
    const session = await openKept();
    const run = await session.run('for i in range(150): open(f"f{i}.txt", "w").write("x")');
    expect(run.outcome.kind).toBe('completed');
    expect(run.events.filter((event) => event.kind === 'artifact')).toHaveLength(LIMITS.artifactCount.standard);
    expect(run.events.some((event) => event.kind === 'notice' && event.text.startsWith('150 files'))).toBe(true);
  });
});

describe('programs that try to end the interpreter', () => {
  test.each([
    ['os._exit', 'import os\nos._exit(3)', 3],
    ['exit in an exit handler', 'import atexit, sys\natexit.register(print, "bye")\nsys.exit(4)', 4],
    ['quit', 'quit(5)', 5],
  ])('%s is an exit code', async (_name, code, exitCode) => {
    const session = await openKept();
    const run = await session.run(code);
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode, error: null });
    await works(session);
  });

  test('a C abort is a crash that is said, not a hang', async () => {
    const session = await openKept();
    const run = await session.run('import ctypes\nctypes.CDLL(None).abort()');
    expect(run.outcome).toMatchObject({ kind: 'crashed', code: 'runner/crashed', sessionLost: true });
    // A person reads it: what went wrong, and no stack of ours.
    expect(run.outcome).toMatchObject({ detail: expect.stringMatching(/^[^\n]+$/u) });
  });

  test('recursion to any depth is an error', async () => {
    const session = await openKept();
    const run = await session.run('def f(): f()\nf()');
    expect(run.outcome).toMatchObject({ kind: 'completed', error: { title: 'RecursionError' } });
    await works(session);
  });

  test('broken streams and builtins do not outlive the run', async () => {
    const session = await openKept();
    await session.run('import sys\nsys.stdout = None\nsys.stdin.close()\nsys.displayhook = None');
    await works(session);
  });
});

describe('a table with more rows than are shown', () => {
  test.each(['frame', 'from caas_jupyter_tools import display_dataframe_to_user as show\nshow("numbers", frame)'])(
    'comes with its first rows, and how many it has: %s',
    async (show) => {
      python = await openPython('science');
      const { events, outcome } = await python.run(
        `import pandas as pd\nframe = pd.DataFrame({"a": range(2500)})\n${show}`,
      );
      expect(outcome).toMatchObject({ kind: 'completed', error: null });
      const [table] = events.flatMap((event) => (event.kind === 'display' ? [event.display.table] : []));
      expect(table).toMatchObject({ columns: ['a'], totalRows: 2500 });
      expect(table?.rows).toHaveLength(LIMITS.tableRowsShown.standard);
      expect(table?.rows.at(-1)).toEqual([999]);
    },
  );
});

describe('calls of C that nest', () => {
  test.each(['base', 'science', 'cold'] as const)('are counted from the start %s on', async (start) => {
    python = await openPython(start);
    const code = [
      'def g(n):',
      '    global deepest',
      '    deepest = n',
      '    return list(map(g, [n + 1]))',
      'try:',
      '    g(0)',
      'except RecursionError:',
      '    print(deepest)',
    ].join('\n');
    const run = await python.run(code);
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    // Two counted calls a level; of calls of Python alone there would be a thousand.
    expect(Math.round(Number(run.stdout) / 50) * 50).toBe(NESTED_C_CALLS.suspendable / 2);
  });
});
