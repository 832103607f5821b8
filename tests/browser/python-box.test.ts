import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import type { BrowserName } from '../support/box/extension.ts';
import { launchPython, type PythonFixture } from '../support/python/browser-fixture.ts';
import type { PythonFixtureHost } from '../support/python/browser-sessions.ts';
import { isWhole, turnOf } from '../support/whole.ts';

declare const python: PythonFixtureHost;

const NESTED = 'a = []\nfor _ in range(200_000): a = [a]\n';
/** Programs that nest deeper than a browser's stack, and the error that each ends with. */
const DEEP_PROGRAMS: readonly (readonly [code: string, error: string | null])[] = [
  ['import sys\nkept = 41\nsys.setrecursionlimit(30_000)', null],
  ['def f(n):\n    if n == 0: raise ValueError(n)\n    f(n - 1)\nf(4_000)', 'ValueError'],
  ['f(20_000)', 'ValueError'],
  ['def g(n): return list(map(g, [n + 1]))\ng(0)', 'RecursionError'],
  [`${NESTED}del a`, null],
  ['class Node:\n    def __init__(self, next): self.next = next', null],
  ['a = None\nfor _ in range(200_000): a = Node(a)\ndel a', null],
  [`${NESTED}repr(a)`, 'RecursionError'],
  ['import json\njson.loads("[" * 100_000)', 'RecursionError'],
  ['compile("+".join(["a"] * 5_000), "deep", "eval")', 'RecursionError'],
  ['sys.setrecursionlimit(1_000)\ndef h(): h()\nh()', 'RecursionError'],
  ['if kept != 41: raise LookupError("kept")', null],
];

const BROWSERS: readonly BrowserName[] = ['chrome', 'firefox'];

describe.each(BROWSERS)('the Python runner in %s', (name) => {
  let fixture: PythonFixture;
  beforeAll(async () => {
    fixture = await launchPython(name);
  });
  afterAll(() => fixture.close());

  // As people have it in both browsers, the others by turns.
  it.each(['science' as const, ...turnOf(BROWSERS, name, ['base', 'cold'] as const)])(
    'starts %s and draws a chart from a file',
    async (start) => {
      const seen = await fixture.page.evaluate(async (asked) => {
        const id = await python.open(asked, { 'a.csv': 'k,v\nx,1\ny,2\nx,3\n' });
        const code = [
          'import pandas as pd, matplotlib.pyplot as plt',
          'df = pd.read_csv("a.csv")',
          'g = df.groupby("k").v.sum()',
          'print(g.to_dict())',
          'g.plot(kind="bar", figsize=(4, 3))',
          'plt.show()',
          'g.to_csv("out.csv")',
        ].join('\n');
        const run = await python.run(id, code);
        const how = python.start(id);
        const written = python.text(id, 'out.csv');
        python.dispose(id);
        return { ...run, how, written };
      }, start);
      expect(seen.how).toMatchObject({ start, fallback: null, left: [] });
      expect(seen.events.some((event) => event.kind === 'notice')).toBe(false);
      expect(seen.outcome).toMatchObject({ kind: 'completed', exitCode: 0, error: null });
      expect(seen.stdout).toBe("{'x': 4, 'y': 2}\n");
      expect(seen.written).toBe('k,v\nx,4\ny,2\n');
      const figures = seen.events.filter((event) => event.kind === 'display' && event.display.data['image/png']);
      expect(figures).toHaveLength(1);
    },
  );

  it('is used a little ahead of need where the host asks, and no piece of that fails or shows', async () => {
    const seen = await fixture.page.evaluate(async () => {
      const { told, id } = await python.openAhead('science');
      const run = await python.run(id, 'x = 5; x');
      python.dispose(id);
      return { told, ...run };
    });
    expect(seen.told).toMatchObject({ kind: 'warmedUp', failed: null });
    if (seen.told.kind === 'warmedUp') expect(seen.told.pieces).toBeGreaterThan(10);
    expect(seen.outcome).toMatchObject({ kind: 'completed', result: '5' });
    expect([seen.stdout, seen.events.filter(({ kind }) => kind === 'notice')]).toEqual(['', []]);
  });

  // Without shared memory a start waits for all of it.
  if (name === 'chrome') {
    it('runs programs before its big image is here, and after', async () => {
      const seen = await fixture.page.evaluate(async () => {
        const id = await python.open('science', {}, { lateFile: 'core.image' });
        const draw = (module: string) =>
          `import ${module}, pandas as pd, matplotlib.pyplot as plt\npd.DataFrame({"a": [1, 2]}).plot(); plt.show()\nprint("drawn")`;
        const before = await python.run(id, draw('matplotlib.animation'));
        const after = await python.run(id, draw('pandas.plotting._matplotlib.converter'));
        const how = python.start(id);
        python.dispose(id);
        return { how, runs: [before, after] };
      });
      expect(seen.how).toMatchObject({ start: 'science', fallback: null });
      for (const { stdout, events, outcome } of seen.runs) {
        expect({ stdout, outcome }).toMatchObject({ stdout: 'drawn\n', outcome: { kind: 'completed', error: null } });
        expect(events.filter((event) => event.kind === 'display')).toHaveLength(1);
      }
    });
  }

  it.each([
    ['a sleep', 'import time\nprint("go", flush=True)\ntime.sleep(60)', false],
    ['a loop', 'print("go", flush=True)\nwhile True: pass', name === 'firefox'],
  ])('stops %s', async (_what, code, sessionLost) => {
    const seen = await fixture.page.evaluate(async (program) => {
      const id = await python.open('base');
      await python.run(id, 'kept = 41');
      const run = await python.run(id, program, { stopMs: 20 });
      const after = await python.run(id, 'print(kept + 1)');
      python.dispose(id);
      return { run, after: after.stdout };
    }, code);
    expect(seen.run.outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost });
    expect(seen.after).toBe(sessionLost ? '' : '42\n');
  });

  // Beside what each browser has itself: where neither that nor shared memory is, which is in Firefox alone.
  const promises = isWhole || name === 'firefox' ? [true, false] : [true];

  it.each(promises)('outlives programs that nest too deep (promise integration: %s)', async (hasPromises) => {
    const seen = await fixture.page.evaluate(
      async (with_, programs) => {
        const id = await python.open('base', {}, { hasPromises: with_ });
        const ends: unknown[] = [];
        for (const [code] of programs) {
          const { outcome } = await python.run(id, code);
          ends.push(outcome.kind === 'completed' ? (outcome.error?.title ?? null) : outcome);
        }
        python.dispose(id);
        return ends;
      },
      hasPromises,
      DEEP_PROGRAMS,
    );
    expect(seen).toEqual(DEEP_PROGRAMS.map(([, error]) => error));
  });

  it.each(promises)('waits in run_sync, which Stop ends (promise integration: %s)', async (hasPromises) => {
    const seen = await fixture.page.evaluate(async (with_) => {
      const id = await python.open('base', {}, { hasPromises: with_ });
      const program = [
        'import asyncio',
        'from pyodide.ffi import run_sync',
        'async def slept(seconds):',
        '    await asyncio.sleep(seconds)',
        '    return 7',
        'print(run_sync(slept(0.01)), run_sync(asyncio.create_task(slept(0.01))))',
      ].join('\n');
      const ran = await python.run(id, program);
      const refused = await python.run(id, 'from js import Promise\nrun_sync(Promise.new(lambda give, fail: give(1)))');
      const stopped = await python.run(id, 'print("go", flush=True)\nrun_sync(slept(60))', { stopMs: 20 });
      const after = await python.run(id, 'print(run_sync(slept(0)))');
      python.dispose(id);
      return { ran, refused, stopped, after };
    }, hasPromises);
    expect(seen.ran).toMatchObject({ stdout: '7 7\n', outcome: { kind: 'completed', error: null } });
    const message = expect.stringContaining('cannot wait for a promise of JavaScript') as string;
    expect(seen.refused.outcome).toMatchObject({ kind: 'completed', error: { title: 'RuntimeError', message } });
    // Where neither shared memory nor promises are, a sleeping program hears nothing.
    const sessionLost = name === 'firefox' && !hasPromises;
    expect(seen.stopped.outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost });
    expect(seen.after.stdout).toBe(sessionLost ? '' : '7\n');
  });

  if (name === 'firefox') {
    it.each(isWhole ? promises : [false])(
      'saves more than a box holds (promise integration: %s)',
      async (hasPromises) => {
        const seen = await fixture.page.evaluate(async (with_) => {
          const id = await python.open('base', {}, { hasPromises: with_ });
          const program = [
            'b = b"x" * 8_000_000',
            'for i in range(60):',
            '    with open(f"{i % 20}.bin", "wb") as f: f.write(b + bytes([i]))',
            'print("end")',
          ].join('\n');
          const run = await python.run(id, program, { timeMs: 100_000 });
          const ends = python.files(id).map((path) => python.text(id, path)?.charCodeAt(8_000_000));
          python.dispose(id);
          return { ...run, ends };
        }, hasPromises);
        expect(seen).toMatchObject({ stdout: 'end\n', outcome: { kind: 'completed', error: null } });
        expect(seen.ends.sort()).toEqual(Array.from({ length: 20 }, (_none, at) => 40 + at));
      },
    );
  }

  // As deep as the default limit of Python calls lets a memoised function go, or nearly.
  it('counts what a memoised function calls', async () => {
    const seen = await fixture.page.evaluate(async () => {
      const id = await python.open('base');
      const fib = 'from functools import cache\n@cache\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\n';
      const run = await python.run(id, `${fib}print(fib(480) % 1000)`);
      python.dispose(id);
      return run;
    });
    expect(seen).toMatchObject({ stdout: '360\n', outcome: { kind: 'completed', error: null } });
  });

  it.each(
    turnOf(BROWSERS, name, [
      ['is cut', { cutFile: 'science.heap.2' }],
      ['has other bytes', { otherBytes: 'science.heap.2' }],
    ] as const),
  )('starts cold where a piece of the heap %s, says so once, and everything works', async (_how, damage) => {
    const seen = await fixture.page.evaluate(async (done) => {
      const id = await python.open('science', {}, done);
      const run = await python.run(id, 'import pandas as pd\nprint(pd.DataFrame({"a": [1, 2]}).a.sum())');
      const how = python.start(id);
      const second = await python.run(id, 'pass');
      python.dispose(id);
      return { ...run, how, second };
    }, damage);
    expect(seen.how).toMatchObject({ start: 'cold', fallback: expect.stringContaining('science.heap.2') as string });
    expect(seen.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(seen.stdout).toBe('3\n');
    const said = [seen, seen.second].map(({ events }) =>
      events.flatMap((event) => (event.kind === 'notice' ? [event.text] : [])),
    );
    expect(said).toEqual([[expect.stringContaining(FAILURES['python/heap-mismatch'].title)], []]);
  });

  it.each(
    turnOf(BROWSERS, name, [
      ['base', 'print(1 + 2)'],
      ['science', 'import pandas as pd\nprint(pd.DataFrame({"a": [1, 2]}).a.sum())'],
    ] as const),
  )('starts %s without promise integration; programs print, sleep, ask and are stopped', async (start, printing) => {
    const seen = await fixture.page.evaluate(
      async (asked, code) => {
        const id = await python.open(asked, {}, { hasPromises: false });
        const how = python.start(id);
        const printed = await python.run(id, code);
        const awaits =
          'async def f():\n    await asyncio.sleep(0.01)\n    return 7\nprint(asyncio.run(f()), await f())';
        const slept = await python.run(id, `import asyncio, time\ntime.sleep(0.01)\n${awaits}`);
        const answered = await python.run(id, 'print("hello " + input("name? "))', { answer: 'Zoë' });
        const stopped = await python.run(id, 'print("go", flush=True)\ntime.sleep(60)', { stopMs: 20 });
        const after = await python.run(id, 'print(asyncio.__name__)');
        python.dispose(id);
        return { how, printed, slept, answered, stopped, after };
      },
      start,
      printing,
    );
    expect(seen.how).toMatchObject({ start, fallback: null, left: [] });
    expect(seen.printed).toMatchObject({ stdout: '3\n', outcome: { kind: 'completed', error: null } });
    expect(seen.slept).toMatchObject({ stdout: '7 7\n', outcome: { kind: 'completed', error: null } });
    expect(seen.stopped).toMatchObject({ stdout: 'go\n', outcome: { kind: 'cancelled', by: 'person' } });
    const [{ events, ...answered }, { outcome: stopped }] = [seen.answered, seen.stopped];
    if (name === 'chrome') {
      // Shared memory is another way to wait: nothing is lacking.
      expect(answered).toMatchObject({
        stdout: 'name? Zoë\nhello Zoë\n',
        outcome: { kind: 'completed', error: null },
      });
      expect([stopped, seen.after.stdout]).toMatchObject([{ sessionLost: false }, 'asyncio\n']);
    } else {
      expect(answered).toMatchObject({ stdout: 'name? ', outcome: { error: { code: 'python/input-closed' } } });
      const text = 'This browser has no way to wait for an answer: input() is at its end.';
      expect(events).toContainEqual({ kind: 'notice', text });
      expect([stopped, seen.after.stdout]).toMatchObject([{ sessionLost: true }, '']);
    }
  });
});
