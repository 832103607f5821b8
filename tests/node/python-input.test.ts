import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

const LIMIT_MS = 500;
/** Longer than limit and slack together: a person who takes their time, here the very thing that is tested. */
const THINKING_MS = 1200;

/** Each question is answered late, by the next of these. */
async function runWithPerson(session: TestSession, code: string, answers: readonly (string | null)[]) {
  const left = [...answers];
  return session.run(code, {
    stdin: null,
    timeMs: LIMIT_MS,
    onEvent: (event) => {
      if (event.kind === 'input') void pass(THINKING_MS).then(() => session.session.answerInput(left.shift() ?? null));
    },
  });
}

describe.each([
  ['with shared memory', { hasSharedMemory: true }],
  ['without shared memory', { hasSharedMemory: false }],
])('a person who is asked, %s', (_name, boxes) => {
  test('may take longer than the limit, each time', async () => {
    python = await openPython('base', boxes);
    const run = await runWithPerson(python, 'print(input("a? ") + input("b? "))', ['one', 'two']);
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 0, error: null });
    expect(run.stdout).toContain('onetwo\n');
  });

  test('does not lengthen what the program may use itself', async () => {
    python = await openPython('base', boxes);
    const run = await runWithPerson(python, 'kept = input("a? ")\nwhile True: pass', ['one']);
    expect(run.outcome).toMatchObject({ kind: 'timedOut', limitMs: LIMIT_MS, sessionLost: false });
    expect((await python.run('kept')).outcome).toMatchObject({ result: "'one'" });
  });

  test('may close the input', async () => {
    python = await openPython('base', boxes);
    const run = await runWithPerson(python, 'input("a? ")', [null]);
    expect(run.outcome).toMatchObject({ kind: 'completed', error: { code: 'python/input-closed' } });
  });

  test('answers one question with one text, however often it is sent', async () => {
    python = await openPython('base', boxes);
    const answers: string[] = [];
    const run = await python.run('print([input("a? "), input("b? ")])', {
      stdin: null,
      onEvent: (event) => {
        if (event.kind === 'inputAnswered') answers.push('taken');
        if (event.kind !== 'input') return;
        python?.session.answerInput(event.prompt);
        python?.session.answerInput('sent twice');
      },
    });
    expect(run.stdout).toContain("['a? ', 'b? ']\n");
    expect(answers).toEqual(['taken', 'taken']);
  });

  test.each([
    ['a sleep', 'import time\ntime.sleep(60)'],
    [
      'a sleep that catches its interrupt',
      'import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass',
    ],
    ['an asyncio sleep', 'import asyncio\nasync def main():\n    await asyncio.sleep(60)\nasyncio.run(main())'],
  ])('has nothing to do with %s: that ends at the limit', async (_what, code) => {
    python = await openPython('base', boxes);
    const run = await runWithPerson(python, code, []);
    expect(run.outcome).toMatchObject({ kind: 'timedOut', limitMs: LIMIT_MS });
  });
});
