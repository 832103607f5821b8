import { afterEach, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contracts/run.ts';
import { filedPath, keptText } from '../support/kit/kept-text.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { createToyRunner } from '../support/kit/toy-runner.ts';

const toy = createToyRunner(nodeSource('toy', 'tests/support/kit/toy-worker.ts'), { late: 'a late part' });
let session: TestSession | null = null;
afterEach(() => session?.dispose());

const open = async (hasSharedMemory: boolean, files = new MemoryFiles()): Promise<TestSession> =>
  (session = await openInNode(toy, { hasSharedMemory }, files));
const kinds = (events: readonly RunEvent[]): string[] => events.map((event) => event.kind);
const notices = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));

describe.each([
  ['with shared memory', true],
  ['without', false],
] as const)('an engine on the kit, %s', (_name, isShared) => {
  test('prints, warns, shows and gives its last value', async () => {
    const run = await (await open(isShared)).run('say one\nwarn oops\nshow rich\ntable\nvalue 42');
    expect(run.stdout).toBe('one\n');
    expect(run.stderr).toBe('oops\n');
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 0, result: '42', memoryBytes: 1_048_576 });
    const displays = run.events.flatMap((event) => (event.kind === 'display' ? [event.display] : []));
    expect(displays[0]?.data).toEqual({ 'text/plain': 'rich' });
    expect(displays[1]?.table).toMatchObject({
      columns: ['a', 'b'],
      types: ['number', 'string'],
      rows: [
        [1, 'x'],
        [2, null],
      ],
      totalRows: 2,
    });
  });

  test('announces the files that a run wrote, and only those', async () => {
    const files = new MemoryFiles();
    files.put('old.txt', 'old');
    const run = await (await open(isShared, files)).run(
      'read old.txt\nmkdir d\nwrite d/a.csv hello\nwrite gone x\nremove gone',
    );
    const artifacts = run.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));
    expect(artifacts).toMatchObject([{ kind: 'file', path: '/mnt/data/d/a.csv', mime: 'text/csv', bytes: 5 }]);
    expect(files.text('d/a.csv')).toBe('hello');
    expect(files.text('gone')).toBeNull();
  });

  test('writes what was held, at the end and before it waits', async () => {
    const opened = await open(isShared);
    let seen: string | null = null;
    const run = await opened.run('write a one\nappend a two\nappend a three\nsay waits\nsleep 1\nsay slept', {
      onEvent: (event) => {
        if (event.kind === 'output' && event.text.includes('slept')) seen = opened.files.text('a');
      },
    });
    expect(run.outcome.kind).toBe('completed');
    expect(opened.files.text('a')).toBe('onetwothree');
    expect(seen).toBe('onetwothree');
  });

  test('sees what another runtime wrote between two runs', async () => {
    const opened = await open(isShared);
    await opened.run('write mine one');
    opened.files.put('theirs', 'two');
    opened.files.put('mine', 'changed');
    expect((await opened.run('read theirs')).outcome).toMatchObject({ result: 'two' });
    expect((await opened.run('read mine')).outcome).toMatchObject({ result: 'changed' });
    expect((await opened.run('list')).outcome).toMatchObject({ result: 'mine,theirs' });
  });

  test('reads given lines, then the end', async () => {
    const run = await (await open(isShared)).run('ask name\nwait more', { stdin: ['Zoë'] });
    expect(run.outcome).toMatchObject({ result: 'END' });
    expect(kinds(run.events)).not.toContain('input');
  });

  test('waits for a person without its time running out', async () => {
    const opened = await open(isShared);
    const asked = Promise.withResolvers<undefined>();
    const running = opened.run('wait name?', {
      stdin: null,
      timeMs: 400,
      onEvent: (event) => event.kind === 'input' && asked.resolve(undefined),
    });
    await asked.promise;
    // Longer than the limit: measured by a run of another session, which needs it whole.
    const other = await openInNode(toy, { hasSharedMemory: isShared });
    expect((await other.run('sleep 700', { timeMs: 5_000 })).outcome).toMatchObject({ result: 'true' });
    other.dispose();
    opened.session.answerInput('Zoë');
    expect((await running).outcome).toMatchObject({ kind: 'completed', result: 'Zoë' });
  });

  test.each([
    ['a busy loop', 'say go\nspin'],
    ['a timer', 'say go\nsleep 60000'],
    ['a question', 'wait name?'],
  ])('stops %s; the session lives where it could be reached', async (what, code) => {
    const opened = await open(isShared);
    await opened.run('set kept 41');
    const stop = new AbortController();
    const { outcome } = await opened.run(code, {
      stdin: null,
      signal: stop.signal,
      onEvent: (event) => (event.kind === 'output' || event.kind === 'input') && stop.abort(),
    });
    const isReached = isShared || what !== 'a busy loop';
    expect(outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost: !isReached });
    if (isReached) expect((await opened.run('value $kept')).outcome).toMatchObject({ result: '41' });
  });

  test('ends an engine that never looks', async () => {
    const opened = await open(isShared);
    const stop = new AbortController();
    const { outcome } = await opened.run('hang', {
      signal: stop.signal,
      onEvent: (event) => event.kind === 'output' && stop.abort(),
    });
    expect(outcome).toMatchObject({ kind: 'cancelled', sessionLost: true });
    expect(opened.session.isAlive).toBe(false);
  });

  test('ends at its time limit by itself and keeps its variables', async () => {
    const opened = await open(isShared);
    await opened.run('set kept 41');
    for (const code of ['spin', 'sleep 60000']) {
      expect((await opened.run(code, { timeMs: 200 })).outcome).toMatchObject({
        kind: 'timedOut',
        limitMs: 200,
        sessionLost: false,
      });
    }
    expect((await opened.run('value $kept')).outcome).toMatchObject({ result: '41' });
  });

  test('files output beyond what is shown, and ends a program that prints without end', async () => {
    const opened = await open(isShared);
    const long = await opened.run('flood 3000000');
    expect(long.outcome).toMatchObject({ kind: 'completed' });
    const rest = keptText(opened, filedPath(long));
    expect(long.stdout.length + (rest?.length ?? 0)).toBe(3_000_000);
    const endless = await opened.run('flood 900000000');
    expect(endless.outcome).toMatchObject({ kind: 'crashed', code: 'run/output-too-large', sessionLost: false });
    expect((await opened.run('value 1')).outcome).toMatchObject({ result: '1' });
  });

  test('ends a program that shows too much', async () => {
    const { outcome } = await (await open(isShared)).run('show x\n'.repeat(200));
    expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/too-many-artifacts' });
  });

  test('a broken engine is a crash with a reason, and its session is over', async () => {
    const opened = await open(isShared);
    const { outcome } = await opened.run('break');
    expect(outcome).toMatchObject({ kind: 'crashed', code: 'runner/crashed', sessionLost: true });
    if (outcome.kind === 'crashed') expect(outcome.detail).toContain('the engine itself is broken');
    expect(opened.session.isAlive).toBe(false);
  });

  test('says what was held back and could not be written', async () => {
    const opened = await open(isShared);
    const { perform } = opened.files;
    await opened.run('write log one');
    opened.files.perform = async (operation) =>
      operation.op === 'write' && operation.position > 0
        ? { ok: false, errno: 'ENOSPC' }
        : perform.call(opened.files, operation);
    const { outcome } = await opened.run('write log one\nadd log 3 two');
    // Copied, the file goes out whole, from its beginning.
    const said = isShared ? { code: 'files/no-space', title: '', message: 'log' } : null;
    expect(outcome).toMatchObject({ kind: 'completed', error: said });
  });

  test('an engine that is spent ends its run well, and its session with it', async () => {
    const opened = await open(isShared);
    expect((await opened.run('spend last')).outcome).toMatchObject({ kind: 'completed', exitCode: 0, result: 'last' });
    expect(opened.session.isAlive).toBe(false);
  });

  test('says a refused file as the program sees it, or afterwards', async () => {
    const opened = await open(isShared);
    expect((await opened.run('say x\nread none')).outcome).toMatchObject({
      kind: 'completed',
      exitCode: 1,
      error: { title: 'ENOENT', line: 2 },
    });
    const { perform } = opened.files;
    opened.files.perform = async (operation) =>
      operation.op === 'write' ? { ok: false, errno: 'ENOSPC' } : perform.call(opened.files, operation);
    const { outcome } = await opened.run('write full x');
    // Live, the program itself hears it; copied, it is the host that says it afterwards.
    const error = isShared ? { title: 'ENOSPC' } : { code: 'files/no-space', title: '', message: '/mnt/data/full' };
    expect(outcome).toMatchObject({ kind: 'completed', exitCode: 1, error });
  });

  test('loads late parts', async () => {
    const opened = await open(isShared);
    expect((await opened.run('part late')).outcome).toMatchObject({ result: 'a late part' });
    expect((await opened.run('part late')).outcome).toMatchObject({ result: 'a late part' });
    expect((await opened.run('part none')).outcome).toMatchObject({ result: 'NONE' });
  });
});

test('without shared memory a program that cannot wait is told why it gets no answer', async () => {
  const run = await (await open(false)).run('ask a\nask b', { stdin: null });
  expect(run.outcome).toMatchObject({ result: 'END' });
  expect(notices(run.events)).toHaveLength(1);
  expect(notices(run.events)[0]).toContain('asked for input');
});

test('with shared memory a program may block in a sleep, and is woken to stop', async () => {
  const opened = await open(true);
  expect((await opened.run('block 5')).outcome).toMatchObject({ result: 'true' });
  const stop = new AbortController();
  const { outcome } = await opened.run('say go\nblock 60000', {
    signal: stop.signal,
    onEvent: (event) => event.kind === 'output' && stop.abort(),
  });
  expect(outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
});
