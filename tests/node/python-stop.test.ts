import { afterEach, describe, expect, test } from 'vitest';
import type { NodeBoxOptions } from '../support/kit/node-box.ts';
import { openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

/** Stops a run at its first output. */
async function stopAtOutput(session: TestSession, code: string, stdin: readonly string[] | null = []) {
  const stop = new AbortController();
  return session.run(code, {
    signal: stop.signal,
    stdin,
    onEvent: (event) => {
      if (event.kind === 'output' || event.kind === 'input') stop.abort();
    },
  });
}

const LOOP = 'print("go", flush=True)\nwhile True: pass';
const SLEEP = 'import time\nprint("go", flush=True)\ntime.sleep(60)';
const RUN_SYNC = [
  'import asyncio',
  'from pyodide.ffi import run_sync',
  'async def main():',
  '    print("go", flush=True)',
  '    await asyncio.sleep(60)',
  'run_sync(main())',
].join('\n');

describe('with shared memory', () => {
  test.each([
    ['an endless loop', LOOP],
    ['a sleep', SLEEP],
    ['a flood of output', 'while True: print("x" * 100)'],
    [
      'an asyncio sleep',
      'import asyncio\nasync def main():\n    print("go", flush=True)\n    await asyncio.sleep(60)\nasyncio.run(main())',
    ],
    ['a coroutine that run_sync waits for', RUN_SYNC],
    [
      'a value that is shown without end',
      'class E:\n    def __repr__(self):\n        print("go", flush=True)\n        while True: pass\nE()',
    ],
    ['waiting for input', 'input("name? ")'],
    [
      'a thread in the wait of its join',
      'import threading, time\nt = threading.Thread(target=lambda: (print("go", flush=True), time.sleep(60)))\nt.start()\nt.join()',
    ],
    [
      'a task that its cell did not await',
      'import asyncio\nasync def f():\n    print("go", flush=True)\n    await asyncio.sleep(4)\nasyncio.create_task(f())',
    ],
    ['the wait for an event', 'import threading\nprint("go", flush=True)\nthreading.Event().wait(60)'],
  ])('stops %s and keeps the variables', async (_name, code) => {
    python = await openPython('base');
    await python.run('kept = 41');
    const stopped = await stopAtOutput(python, code, null);
    expect(stopped.outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost: false });
    const after = await python.run('kept + 1');
    expect(after.outcome).toMatchObject({ kind: 'completed', result: '42', error: null });
  });

  test.each(['await main()', 'from pyodide.ffi import run_sync\nrun_sync(main())'])(
    'what it stopped in `%s` does not go on in a later cell',
    async (waits) => {
      python = await openPython('base');
      const code = [
        'import asyncio',
        'seen = []',
        'async def main():',
        '    try:',
        '        print("go", flush=True)',
        '        await asyncio.sleep(60)',
        '    finally:',
        '        seen.append("cleared up")',
        '    seen.append("went on")',
        waits,
      ].join('\n');
      expect((await stopAtOutput(python, code)).outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
      const after = await python.run('seen, len(asyncio.all_tasks(asyncio.get_event_loop()))');
      expect(after.outcome).toMatchObject({ result: "(['cleared up'], 0)", error: null });
    },
  );

  test('ends the worker when a program catches every interrupt, and says that the variables are gone', async () => {
    python = await openPython('base');
    await python.run('open("/mnt/data/kept.txt", "w").write("here")');
    // It says so where it catches already: Stop comes as soon as it is heard.
    const code =
      'told = False\nwhile True:\n    try:\n        if not told:\n            told = True\n            print("go", flush=True)\n        while True: pass\n    except BaseException: pass';
    const stopped = await stopAtOutput(python, code);
    expect(stopped.outcome).toMatchObject({ kind: 'cancelled', sessionLost: true });
    expect(python.session.isAlive).toBe(false);
    expect(python.files.text('kept.txt')).toBe('here');
  });

  test('an interrupt that comes too late does not touch the next run', async () => {
    python = await openPython('base');
    for (let round = 0; round < 20; round += 1) {
      const stopped = await stopAtOutput(python, 'print("go")');
      expect(['completed', 'cancelled']).toContain(stopped.outcome.kind);
      const after = await python.run('sum(range(1000))');
      expect(after.outcome).toMatchObject({ kind: 'completed', result: '499500', error: null });
    }
  });

  test('stops before it starts when the signal has already fired', async () => {
    python = await openPython('base');
    const stopped = await python.run('print(1)', { signal: AbortSignal.abort() });
    expect(stopped.outcome.kind).toBe('cancelled');
    expect(stopped.stdout).toBe('');
  });
});

describe('without shared memory', () => {
  const options: NodeBoxOptions = { hasSharedMemory: false };

  test.each([
    ['a sleep', SLEEP],
    ['a coroutine that run_sync waits for', RUN_SYNC],
    ['waiting for input', 'input("name? ")'],
  ])('stops %s by message and keeps the variables', async (_name, code) => {
    python = await openPython('base', options);
    await python.run('kept = 41');
    const stopped = await stopAtOutput(python, code, null);
    expect(stopped.outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
    expect((await python.run('kept + 1')).outcome).toMatchObject({ kind: 'completed', result: '42' });
  });

  test('ends the worker of an endless loop and keeps files that were closed', async () => {
    python = await openPython('base', options);
    const code = `with open("/mnt/data/closed.txt", "w") as f: f.write("safe")\n${LOOP}`;
    const stopped = await stopAtOutput(python, code);
    expect(stopped.outcome).toMatchObject({ kind: 'cancelled', sessionLost: true });
    expect(python.files.text('closed.txt')).toBe('safe');
  });

  test('files go in before a run and come out as they are closed', async () => {
    python = await openPython('base', options);
    python.files.put('in/a.txt', 'one');
    const first = await python.run(
      'open("out.txt", "w").write(open("in/a.txt").read() * 2)\nimport os\nos.rename("in/a.txt", "in/b.txt")',
    );
    expect(first.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(python.files.text('out.txt')).toBe('oneone');
    expect(python.files.text('in/b.txt')).toBe('one');
    expect(python.files.text('in/a.txt')).toBeNull();
    python.files.put('in/b.txt', 'changed');
    python.files.entries.delete('out.txt');
    const second = await python.run('open("in/b.txt").read(), os.path.exists("out.txt")');
    expect(second.outcome).toMatchObject({ result: "('changed', False)" });
  });

  test('packages come by message', async () => {
    python = await openPython('base', options);
    const run = await python.run('import yaml\nyaml.safe_load("a: [1, 2]")');
    expect(run.outcome).toMatchObject({ kind: 'completed', result: "{'a': [1, 2]}" });
  });
});

describe('without promise integration', () => {
  test('sleep, input, await and asyncio.run work through shared memory', async () => {
    python = await openPython('base', { hasPromises: false });
    const code = [
      'import asyncio, time',
      'time.sleep(0.01)',
      'async def twice(n):',
      '    await asyncio.sleep(0.01)',
      '    return n * 2',
      'print(asyncio.run(twice(4)), input("? "))',
      't = asyncio.create_task(twice(5))',
      'await t',
    ].join('\n');
    const run = await python.run(code, {
      stdin: null,
      onEvent: (event) => {
        if (event.kind === 'input') python?.session.answerInput('Zoë');
      },
    });
    expect(run.outcome).toMatchObject({ kind: 'completed', result: '10', error: null });
    expect(run.stdout).toBe('? Zoë\n8 Zoë\n');
  });

  test('and without shared memory too: await works, input is at its end', async () => {
    python = await openPython('base', { hasPromises: false, hasSharedMemory: false });
    const run = await python.run(
      'import asyncio, time\ntime.sleep(0.01)\nasync def f():\n    await asyncio.sleep(0.01)\n    return 7\nprint(asyncio.run(f()))\nt = asyncio.create_task(f())\nawait t',
    );
    expect(run.outcome).toMatchObject({ kind: 'completed', result: '7', error: null });
    expect((await python.run('late = asyncio.create_task(f())')).outcome).toMatchObject({ error: null });
    expect((await python.run('late.result()')).outcome).toMatchObject({ kind: 'completed', result: '7' });
    const asked = await python.run('input()', { stdin: null });
    expect(asked.outcome).toMatchObject({ kind: 'completed', error: { code: 'python/input-closed' } });
  });
});

test('Stop between two parts of a cell is told with the line that comes next, not as line 0', async () => {
  python = await openPython('base');
  // What such a Stop leaves: the first instruction, which belongs to no line.
  const run = await python.run(
    [
      '',
      'import sys, types',
      'at = types.TracebackType(None, sys._getframe(), 0, 0)',
      'raise KeyboardInterrupt().with_traceback(at)',
    ].join('\n'),
  );
  expect(run.outcome).toMatchObject({ kind: 'completed', error: { title: 'KeyboardInterrupt', line: 2 } });
  const { error } = run.outcome as Extract<typeof run.outcome, { kind: 'completed' }>;
  expect(error?.traceback).toContain('line 2, in <module>\n    import sys, types');
  expect(error?.traceback).not.toContain('line 0');
});
