import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BoxWorker } from '../../contracts/box.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { FromWorker, PROGRESS_STAGES, ToWorker } from '../../contracts/runner-protocol.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { RunPhase } from '../../contracts/runner.ts';
import { EngineRun, VARIABLES_GONE } from './engine-run.ts';
import type { SessionTree } from './session-tree.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const GRACE_MS = 1_000;
const HEARS_MS = 50;
const NUMBER = 1;

const limit: Extract<FromWorker, { kind: 'event' }> = {
  kind: 'event',
  run: NUMBER,
  event: { kind: 'limit', code: 'run/output-too-large' },
};
const progress = (stage: (typeof PROGRESS_STAGES)[number]): Extract<FromWorker, { kind: 'event' }> => ({
  kind: 'event',
  run: NUMBER,
  event: { kind: 'progress', stage },
});

const result: Extract<FromWorker, { kind: 'result' }> = {
  kind: 'result',
  run: NUMBER,
  result: null,
  isStopped: false,
  limit: null,
  memoryBytes: 1,
};

const LIMIT_MS = 60_000;

/** A run in a worker without shared memory, begun by this message. */
function begunRun(message: ToWorker, written: ReturnType<SessionTree['settled']> = Promise.resolve(null)) {
  const closed = vi.fn();
  const worker: BoxWorker = {
    boxId: 'box',
    hasSharedMemory: false,
    isPrepared: false,
    post: () => undefined,
    onMessage: () => undefined,
    interrupt: () => undefined,
    settle: () => undefined,
    serveFiles: () => undefined,
    close: closed,
    closed: new Promise(() => undefined),
    crashReason: null,
  };
  const tree: Pick<SessionTree, 'beginRun' | 'dropSnapshot' | 'releaseInput' | 'served' | 'settled'> = {
    beginRun: () => undefined,
    dropSnapshot: () => undefined,
    releaseInput: () => undefined,
    settled: () => written,
    served: async () => [],
  };
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const phases: RunPhase[] = [];
  let memoryBytes = 64;
  const run = new EngineRun({
    number: NUMBER,
    worker,
    tree: tree as SessionTree,
    request: { language: 'python', code: '', limits: { timeMs: LIMIT_MS, memoryMB: 64 }, stdin: [] },
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    onPhase: (phase) => phases.push(phase),
    memoryBytes: () => memoryBytes,
    onMemory: (bytes) => (memoryBytes = bytes),
    network: undefined,
    stopGraceMs: GRACE_MS,
    hearsWithinMs: HEARS_MS,
    answersLate: false,
  });
  run.begin(message);
  const usage = () => events.flatMap((event) => (event.kind === 'usage' ? [[event.memoryBytes, event.cpuShare]] : []));
  const notices = () => events.filter((event) => event.kind === 'notice');
  return { run, closed, stop, usage, phases, notices };
}

/** One that works. */
function startedRun(written?: ReturnType<SessionTree['settled']>) {
  const begun = begunRun({ kind: 'interrupt' }, written);
  begun.run.take(progress('started'));
  return begun;
}

/** One that Stop was just pressed for. */
function stoppedRun(before: (run: EngineRun) => void = () => undefined) {
  const { run, closed, stop } = startedRun();
  before(run);
  stop.abort();
  return { run, closed };
}

test('a worker that computes and hears nothing is ended soon', async () => {
  const { run, closed } = stoppedRun();
  await vi.advanceTimersByTimeAsync(HEARS_MS - 1);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(closed).toHaveBeenCalledTimes(1);
  expect(await run.ended).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost: true });
});

test('one that says that it heard has its whole time', async () => {
  const { run, closed } = stoppedRun();
  await vi.advanceTimersByTimeAsync(40);
  run.take(progress('interrupting'));
  await vi.advanceTimersByTimeAsync(GRACE_MS - 1);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(closed).toHaveBeenCalledTimes(1);
});

test('one that says so again and again is ended all the same', async () => {
  const { run, closed } = stoppedRun();
  for (let at = 0; at < 5; at += 1) {
    run.take(progress('interrupting'));
    await vi.advanceTimersByTimeAsync(GRACE_MS / 4);
  }
  expect(closed).toHaveBeenCalledTimes(1);
});

test('one that breaks down is told to have, also where its files come later than the end of its worker', async () => {
  const written = Promise.withResolvers<null>();
  const { run, closed } = startedRun(written.promise);
  // As its session does.
  closed.mockImplementation(() => run.lost('closed', null));
  run.take({ kind: 'fatal', run: NUMBER, detail: 'the kernel panicked' });
  expect(closed).toHaveBeenCalledTimes(1);
  written.resolve(null);
  expect(await run.ended).toMatchObject({ kind: 'crashed', code: 'runner/crashed', detail: 'the kernel panicked' });
});

test('a host that stands still uses up a part of that time, not all of it: timers that are late come late one by one', async () => {
  const { run, closed } = stoppedRun();
  run.take(progress('interrupting'));
  for (let fired = 0; fired < 20; fired += 1) await vi.advanceTimersToNextTimerAsync();
  expect(closed).not.toHaveBeenCalled();
});

test('one that waits for an answer hears for sure, however late it says so', async () => {
  const ask = (run: EngineRun): void =>
    run.take({
      kind: 'event',
      run: NUMBER,
      event: { kind: 'input', prompt: '', isSecret: false },
    });
  const { closed } = stoppedRun(ask);
  await vi.advanceTimersByTimeAsync(GRACE_MS - 1);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(closed).toHaveBeenCalledTimes(1);
});

test.each<[string, (run: EngineRun) => void, (run: EngineRun) => void]>([
  ['before the stop', (run) => run.take(progress('waiting')), () => undefined],
  ['after it, as often as it likes', () => undefined, (run) => run.take(progress('waiting'))],
])('one that said that it waits hears for sure: %s', async (_when, before, after) => {
  const { run, closed } = stoppedRun(before);
  for (let at = 0; at < 4; at += 1) {
    after(run);
    await vi.advanceTimersByTimeAsync(GRACE_MS / 4 - 1);
  }
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(4);
  expect(closed).toHaveBeenCalledTimes(1);
});

test('one that waited and works again counts as one that computes', async () => {
  const { closed } = stoppedRun((run) => {
    run.take(progress('waiting'));
    run.take(progress('working'));
  });
  await vi.advanceTimersByTimeAsync(HEARS_MS);
  expect(closed).toHaveBeenCalledTimes(1);
});

test.each([
  ['passed a limit of its own', (run: EngineRun) => run.take(limit)],
  ['is out of time', () => vi.advanceTimersByTime(LIMIT_MS + 100)],
])('one that %s knows without hearing it: it may end by itself, and keeps its variables', async (_what, pass) => {
  const { run, closed } = startedRun();
  pass(run);
  await vi.advanceTimersByTimeAsync(GRACE_MS - 1);
  expect(closed).not.toHaveBeenCalled();
  run.take({ ...result, isStopped: true });
  expect(await run.ended).toMatchObject({ sessionLost: false });
  const silent = startedRun();
  pass(silent.run);
  await vi.advanceTimersByTimeAsync(GRACE_MS + 1);
  expect(silent.closed).toHaveBeenCalledTimes(1);
  expect(await silent.run.ended).toMatchObject({ sessionLost: true });
});

test('a program that ended in time completed, also where its end is heard after the clock here ran out', async () => {
  const late = startedRun();
  await vi.advanceTimersByTimeAsync(LIMIT_MS + 100);
  late.run.take(progress('saving'));
  late.run.take(result);
  expect(await late.run.ended).toMatchObject({ kind: 'completed', exitCode: 0 });
  const stopped = startedRun();
  await vi.advanceTimersByTimeAsync(LIMIT_MS + 100);
  stopped.run.take(progress('saving'));
  stopped.run.take({ ...result, isStopped: true });
  expect(await stopped.run.ended).toMatchObject({ kind: 'timedOut', sessionLost: false });
});

test('a worker that says it was not stopped talks nobody out of Stop, or of a limit', async () => {
  const { run } = stoppedRun();
  run.take(result);
  expect(await run.ended).toMatchObject({ kind: 'cancelled', by: 'person' });
  const over = startedRun();
  over.run.take(limit);
  over.run.take(result);
  expect(await over.run.ended).toMatchObject({ kind: 'crashed', code: 'run/output-too-large' });
});

test('a run that completed says where its engine, and its variables with it, is spent', async () => {
  const { run, notices } = startedRun();
  run.take({ ...result, isSpent: true });
  expect(await run.ended).toMatchObject({ kind: 'completed' });
  expect(notices()).toEqual([{ kind: 'notice', text: VARIABLES_GONE }]);
  const whole = startedRun();
  whole.run.take(result);
  await whole.run.ended;
  expect(whole.notices()).toEqual([]);
});

describe('a program whose files are copied in', () => {
  const withFiles: ToWorker = {
    kind: 'execute',
    run: NUMBER,
    language: 'python',
    code: '',
    stdin: [],
    timeMs: LIMIT_MS,
    memoryMB: 64,
    files: [],
  };

  test('has its whole time from when its worker has them, and not again for saying so twice', async () => {
    const { run, closed, phases } = begunRun(withFiles);
    await vi.advanceTimersByTimeAsync(LIMITS.copyingInMs.standard - 1);
    expect(phases).toEqual([]);
    run.take(progress('started'));
    expect(phases).toEqual(['working']);
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    run.take(progress('started'));
    await vi.advanceTimersByTimeAsync(100 + GRACE_MS - 1);
    expect(closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(closed).toHaveBeenCalledTimes(1);
    expect(await run.ended).toMatchObject({ kind: 'timedOut' });
  });

  test('is ended where its worker never says so', async () => {
    const { run, closed } = begunRun(withFiles);
    await vi.advanceTimersByTimeAsync(LIMITS.copyingInMs.standard);
    expect(closed).toHaveBeenCalledTimes(1);
    expect(await run.ended).toMatchObject({ kind: 'crashed', code: 'runner/killed', sessionLost: true });
  });
});

test('files of a program that ended go out past its time limit, but not for ever', async () => {
  const { run, closed } = startedRun();
  run.take(progress('saving'));
  await vi.advanceTimersByTimeAsync(LIMIT_MS + 1_000);
  // Said again, it gains nothing.
  run.take(progress('saving'));
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(LIMITS.savingMs.standard);
  expect(closed).toHaveBeenCalledTimes(1);
  expect(await run.ended).toMatchObject({ kind: 'timedOut' });
});

test.each([
  ['is out of time', () => vi.advanceTimersByTime(LIMIT_MS + 100)],
  ['passed a limit of its own', (run: EngineRun) => run.take(limit)],
])('files of a program that %s go out as well, but not for ever', async (_what, pass) => {
  const { run, closed } = startedRun();
  pass(run);
  await vi.advanceTimersByTimeAsync(GRACE_MS - 1);
  run.take(progress('saving'));
  run.take(progress('interrupting'));
  await vi.advanceTimersByTimeAsync(LIMITS.savingMs.standard - 1);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(closed).toHaveBeenCalledTimes(1);
  expect(await run.ended).toMatchObject({ sessionLost: true });
});

test('a person who stopped does not wait for files', async () => {
  const { run, closed } = stoppedRun();
  run.take(progress('interrupting'));
  run.take(progress('saving'));
  await vi.advanceTimersByTimeAsync(GRACE_MS);
  expect(closed).toHaveBeenCalledTimes(1);
});

test.each<[string, (run: EngineRun) => void]>([
  ['says that it saves', (run) => run.take(progress('saving'))],
  ['has its result', (run) => run.take(result)],
  ['was ended by force', () => vi.advanceTimersByTime(LIMIT_MS + 100 + GRACE_MS)],
])('a program that %s is over, and what follows is none of its time', (_what, pass) => {
  const { run, phases } = startedRun();
  expect(phases).toEqual(['working']);
  pass(run);
  expect(phases).toEqual(['working', 'saving']);
});

test.each<[string, (run: EngineRun) => void, string]>([
  ['crashed', () => undefined, 'runner/crashed'],
  ['crashed after a limit of its own', (run) => run.take(limit), 'run/output-too-large'],
])('the run of a box that %s ends once what it wrote is in the tree', async (_what, pass, code) => {
  const written = Promise.withResolvers<null>();
  const { run } = startedRun(written.promise);
  pass(run);
  run.lost('crashed', 'it sent more at once than the host could take');
  const early = await Promise.race([run.ended, vi.advanceTimersByTimeAsync(LIMIT_MS + GRACE_MS).then(() => 'waits')]);
  expect(early).toBe('waits');
  written.resolve(null);
  expect(await run.ended).toMatchObject({ kind: 'crashed', code, sessionLost: true });
});

test('what was not saved is said once, though a worker that is ended is lost as well', async () => {
  const refused = { code: 'files/no-space', path: '/mnt/data/a', others: 0, isOfProgram: true } as const;
  const { run, notices } = startedRun(Promise.resolve(refused));
  vi.advanceTimersByTime(LIMIT_MS + 100 + GRACE_MS);
  run.lost('closed', null);
  expect(await run.ended).toMatchObject({ kind: 'timedOut', sessionLost: true });
  expect(notices()).toHaveLength(1);
});

test('a box that crashed says why in the outcome', async () => {
  const { run } = startedRun();
  run.lost('crashed', 'box process gone');
  expect(await run.ended).toMatchObject({ kind: 'crashed', code: 'runner/crashed', detail: 'box process gone' });
});

describe('a worker that says nothing for a while', () => {
  const told = (event: Extract<FromWorker, { kind: 'event' }>['event']): Extract<FromWorker, { kind: 'event' }> => ({
    kind: 'event',
    run: NUMBER,
    event,
  });

  test('works, with the memory that it told of last, until it says more or its run ends', async () => {
    const { run, usage } = startedRun();
    await vi.advanceTimersByTimeAsync(1_499);
    expect(usage()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_501);
    expect(usage()).toEqual([
      [64, 1],
      [64, 1],
    ]);
    run.take(told({ kind: 'usage', memoryBytes: 128, cpuShare: 0.5 }));
    await vi.advanceTimersByTimeAsync(1_499);
    expect(usage().slice(2)).toEqual([[128, 0.5]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(usage().slice(3)).toEqual([[128, 1]]);
    run.take(result);
    await run.ended;
    await vi.advanceTimersByTimeAsync(9_000);
    expect(usage()).toHaveLength(4);
  });

  test('does not work while it waits, as it said before', async () => {
    const { run, usage } = startedRun();
    run.take(progress('waiting'));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(usage()).toEqual([[64, 0]]);
    run.take(progress('working'));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(usage().slice(1)).toEqual([[64, 1]]);
  });

  test('does not work while a person is asked', async () => {
    const { run, usage } = startedRun();
    run.take(told({ kind: 'input', prompt: '', isSecret: false }));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(usage()).toEqual([]);
    run.answerInput('yes');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(usage()).toEqual([[64, 1]]);
  });
});
