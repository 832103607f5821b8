import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../base/index.ts';
import type { BoxOpener, BoxWorker, PostOptions } from '../../contracts/box.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { RunPhase } from '../../contracts/runner.ts';
import type { ToWorker } from '../../contracts/runner-protocol.ts';
import { RUNNER_PROTOCOL } from '../../contracts/runner-version.ts';
import { createEngineRunner } from './engine-runner.ts';
import { engineSpec } from './engine-source.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const initialized = {
  kind: 'initialized',
  protocol: RUNNER_PROTOCOL,
  version: '1',
  start: 'cold',
  fallback: null,
  memoryBytes: 1,
  left: [],
  marks: {},
};

/** A box whose worker starts, or never says a word; once started, each of its runs ends at once. */
function boxOf(name: string, starts: boolean, closed: string[], start: object = initialized): BoxWorker {
  let listen: (message: unknown) => void = () => undefined;
  const gone = Promise.withResolvers<'closed' | 'crashed'>();
  return {
    boxId: name,
    hasSharedMemory: true,
    isPrepared: false,
    post: (message) => {
      const { kind, run } = message as ToWorker & { readonly run?: number };
      if (kind !== 'execute') return;
      queueMicrotask(() => listen({ kind: 'event', run, event: { kind: 'progress', stage: 'started' } }));
      queueMicrotask(() => listen({ ...ended, run }));
    },
    onMessage: (listener) => {
      listen = listener;
      if (starts) queueMicrotask(() => listener(start));
    },
    interrupt: () => undefined,
    settle: () => undefined,
    serveFiles: () => undefined,
    close: () => {
      closed.push(name);
      gone.resolve('closed');
    },
    closed: gone.promise,
    crashReason: null,
  };
}

const ended = { kind: 'result', result: null, isStopped: false, limit: null, memoryBytes: 1 };

const files: SessionFiles = {
  mountPath: '/mnt/data',
  perform: async () => ({ ok: false, errno: 'ENOENT' }),
  all: async () => [],
  onChange: () => undefined,
};

test('a worker that never answers costs seconds, not the limit of a start: another one is taken and it is ended', async () => {
  const closed: string[] = [];
  const opened: string[] = [];
  const boxes: BoxOpener = {
    open: async () => {
      const name = opened.length === 0 ? 'silent' : 'good';
      opened.push(name);
      return ok(boxOf(name, name === 'good', closed));
    },
    warm: () => undefined,
  };
  const source = { load: async () => new Blob(), script: async () => '' };
  const runner = createEngineRunner({
    manifest: {} as never,
    engine: () => engineSpec({ id: 'toy', source }),
  });
  const session = runner.openSession({
    sessionId: sessionIdOf('a'),
    boxes,
    files,
    limits: { timeMs: 1000, memoryMB: 64 },
    signal: new AbortController().signal,
  });
  await vi.advanceTimersByTimeAsync(LIMITS.boxReadyMs.standard / 2);
  expect(await session).toMatchObject({ ok: true });
  expect(opened).toEqual(['silent', 'good']);
  expect(closed).toEqual(['silent']);
});

const SLOW_START =
  'The saved Python state does not fit. It was made for another build of Python, so Python starts the slow way. ' +
  'Reinstall the extension if this appears at every start.';

test.each([
  ['a fresh engine with a saved state that does not fit', false, 'cut', [[SLOW_START], []]],
  ['a spare with a saved state that does not fit', true, 'cut', [[SLOW_START], []]],
  ['a fresh engine that started as asked', false, null, [[], []]],
  ['a spare that started as asked', true, null, [[], []]],
])('%s: what its first and its second run are told', async (_what, isSpare, fallback, told) => {
  const box = boxOf('box', true, [], { ...initialized, fallback });
  let preparing = Promise.resolve();
  const boxes: BoxOpener = {
    open: async () => ok(Object.assign(box, { isPrepared: isSpare })),
    warm: (_engine, prepare) => void (preparing = prepare(box)),
  };
  const source = { load: async () => new Blob(), script: async () => '' };
  const runner = createEngineRunner({ manifest: {} as never, engine: () => engineSpec({ id: 'toy', source }) });
  if (isSpare) runner.warm?.(boxes);
  await preparing;
  const limits = { timeMs: 1000, memoryMB: 64 };
  const { signal } = new AbortController();
  const opened = await runner.openSession({ sessionId: sessionIdOf('a'), boxes, files, limits, signal });
  if (!opened.ok) throw new Error(opened.error.code);
  const noticesOfRun = async (): Promise<string[]> => {
    const events: RunEvent[] = [];
    const request = { language: 'python', code: '', limits, stdin: [] } as const;
    const outcome = await opened.value.execute(request, { signal, onEvent: (event) => void events.push(event) });
    expect(outcome).toMatchObject({ kind: 'completed' });
    return events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  };
  expect([await noticesOfRun(), await noticesOfRun()]).toEqual(told);
});

test('the time of a program begins once its files are copied in, and is over before they have gone out', async () => {
  const read = Promise.withResolvers<void>();
  const slow: SessionFiles = {
    ...files,
    perform: async () => {
      await read.promise;
      return { ok: true, entries: [] };
    },
  };
  const boxes: BoxOpener = {
    open: async () => ok(Object.assign(boxOf('box', true, []), { hasSharedMemory: false })),
    warm: () => undefined,
  };
  const source = { load: async () => new Blob(), script: async () => '' };
  const runner = createEngineRunner({ manifest: {} as never, engine: () => engineSpec({ id: 'toy', source }) });
  const limits = { timeMs: 1000, memoryMB: 64 };
  const { signal } = new AbortController();
  const opened = await runner.openSession({ sessionId: sessionIdOf('a'), boxes, files: slow, limits, signal });
  if (!opened.ok) throw new Error(opened.error.code);
  const phases: RunPhase[] = [];
  const request = { language: 'python', code: '', limits, stdin: [] } as const;
  const onPhase = (phase: RunPhase) => void phases.push(phase);
  const running = opened.value.execute(request, { signal, onEvent: () => undefined, onPhase });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(phases).toEqual([]);
  read.resolve();
  expect(await running).toMatchObject({ kind: 'completed' });
  expect(phases).toEqual(['working', 'saving']);
});

test('an engine that stands ahead of need is used a little first; one that a run waits for is not', async () => {
  const posted: string[] = [];
  const noting = (box: BoxWorker): BoxWorker => ({
    ...box,
    post: (message) => {
      posted.push((message as ToWorker).kind);
      box.post(message);
    },
  });
  let preparing = Promise.resolve();
  const boxes: BoxOpener = {
    open: async () => ok(noting(boxOf('box', true, []))),
    warm: (_engine, prepare) => void (preparing = prepare(noting(boxOf('spare', true, [])))),
  };
  const source = { load: async () => new Blob(), script: async () => '' };
  const runner = createEngineRunner({ manifest: {} as never, engine: () => engineSpec({ id: 'toy', source }) });
  const limits = { timeMs: 1000, memoryMB: 64 };
  const { signal } = new AbortController();
  await runner.openSession({ sessionId: sessionIdOf('a'), boxes, files, limits, signal });
  expect(posted).toEqual([]);
  runner.warm?.(boxes);
  await preparing;
  expect(posted).toEqual(['warmUp']);
});

const LIMITED = { timeMs: 1000, memoryMB: 64 };

/** A session whose box is given by a test what is posted to its worker, and `tell`, by which it says what a worker would. */
async function openedWith(post: (message: unknown, started: BoxWorker, options: PostOptions | undefined) => void) {
  let tell: (message: unknown) => void = () => undefined;
  const started = boxOf('box', true, []);
  const worker: BoxWorker = {
    ...started,
    post: (message, options) => post(message, started, options),
    onMessage: (listener, options) => {
      tell = listener;
      started.onMessage(listener, options);
    },
  };
  const boxes: BoxOpener = { open: async () => ok(worker), warm: () => undefined };
  const source = { load: async () => new Blob(), script: async () => '' };
  const runner = createEngineRunner({ manifest: {} as never, engine: () => engineSpec({ id: 'toy', source }) });
  const { signal } = new AbortController();
  const opened = await runner.openSession({ sessionId: sessionIdOf('a'), boxes, files, limits: LIMITED, signal });
  if (!opened.ok) throw new Error('it did not open');
  return { opened: opened.value, tell: (message: unknown) => tell(message) };
}

test('each question is answered, whichever was answered before the next was asked', async () => {
  const posted: ToWorker[] = [];
  const { opened, tell } = await openedWith((message, started) => {
    posted.push(message as ToWorker);
    started.post(message);
  });
  const answer = (at: number): void => {
    const asked = posted.filter((message) => message.kind === 'validate')[at];
    tell({ kind: 'validation', id: asked?.id, error: null });
  };
  const [first, second] = [opened.validate('1', 'python'), opened.validate('2', 'python')];
  answer(0);
  await first;
  const third = opened.validate('3', 'python');
  answer(1);
  answer(2);
  expect(await Promise.all([first, second, third])).toEqual([ok(null), ok(null), ok(null)]);
});

test('what a worker asked for is posted as an answer, what the host asks of it is not', async () => {
  const answers: string[] = [];
  const asked: string[] = [];
  const { opened, tell } = await openedWith((message, started, options) => {
    const { kind } = message as ToWorker;
    (options?.isAnswer === true ? answers : asked).push(kind);
    if (kind === 'execute') tell({ kind: 'network', run: 1, id: 1, request: '{}' });
    else if (kind === 'network') started.post({ kind: 'execute', run: 1 });
  });
  const request = { language: 'python', code: '', limits: LIMITED, stdin: [] } as const;
  await opened.execute(request, { signal: new AbortController().signal, onEvent: () => undefined });
  tell({ kind: 'network', run: 1, id: 2, request: '{}' });
  tell({ kind: 'needImage', name: 'none' });
  tell({ kind: 'filesSent', id: 1 });
  await vi.advanceTimersByTimeAsync(0);
  expect(answers.sort()).toEqual(['filesTaken', 'image', 'network', 'network']);
  expect(asked).toEqual(['execute']);
});

test('nobody waits for an answer of a box that crashed', async () => {
  const gone = Promise.withResolvers<'closed' | 'crashed'>();
  const closed: string[] = [];
  const boxes: BoxOpener = {
    open: async () => ok(Object.assign(boxOf('box', true, closed), { closed: gone.promise })),
    warm: () => undefined,
  };
  const source = { load: async () => new Blob(), script: async () => '' };
  const runner = createEngineRunner({ manifest: {} as never, engine: () => engineSpec({ id: 'toy', source }) });
  const opened = await runner.openSession({
    sessionId: sessionIdOf('a'),
    boxes,
    files,
    limits: { timeMs: 1000, memoryMB: 64 },
    signal: new AbortController().signal,
  });
  if (!opened.ok) throw new Error('it did not open');
  const answer = opened.value.validate('1', 'python');
  gone.resolve('crashed');
  expect(await answer).toMatchObject({ ok: false, error: { code: 'box/lost' } });
  expect(opened.value.isAlive).toBe(false);
  expect(closed).toEqual(['box']);
});

const usage = {
  memoryBytes: 1,
  memoryMostBytes: 2,
  cpuShare: 0.5,
  load: 1,
  storageBytes: 3,
  storageMostBytes: 4,
};

test.each([
  ['a machine is heard, and what is no figure of one is not', true, [usage]],
  ['an engine that is no machine has no figures of one', false, []],
])('%s', async (_, isMachine, heard) => {
  const box = boxOf('box', true, []);
  let listen: (message: unknown) => void = () => undefined;
  const boxes: BoxOpener = {
    open: async () =>
      ok({
        ...box,
        onMessage: (listener, options) => {
          listen = listener;
          box.onMessage(listener, options);
        },
      }),
    warm: () => undefined,
  };
  const source = { load: async () => new Blob(), script: async () => '' };
  const { port1, port2 } = new MessageChannel();
  const runner = createEngineRunner({
    manifest: {} as never,
    engine: () => engineSpec({ id: 'toy', source }),
    ...(isMachine
      ? {
          serveFiles: () => ({
            port: port1,
            settled: async () => [],
            flushed: async () => undefined,
            close: () => port2.close(),
          }),
        }
      : {}),
  });
  const { signal } = new AbortController();
  const limits = { timeMs: 1000, memoryMB: 64 };
  const opened = await runner.openSession({ sessionId: sessionIdOf('a'), boxes, files, limits, signal });
  if (!opened.ok) throw new Error(opened.error.code);
  const told: unknown[] = [];
  opened.value.watchMachine?.((now) => told.push(now));
  listen({ kind: 'machineUsage', usage });
  listen({ kind: 'machineUsage', usage: { ...usage, cpuShare: 2 } });
  listen({ kind: 'machineUsage', usage: { ...usage, memoryBytes: -1 } });
  listen({ kind: 'machineUsage', usage: { ...usage, more: 1 } });
  expect(told).toEqual(heard);
  opened.value.dispose();
});
