import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../base/index.ts';
import type { BoxOpener, BoxWorker } from '../../contracts/box.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
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

/** A box whose worker starts, or never says a word. */
function boxOf(name: string, starts: boolean, closed: string[]): BoxWorker {
  const gone = Promise.withResolvers<'closed' | 'crashed'>();
  return {
    boxId: name,
    hasSharedMemory: true,
    isPrepared: false,
    post: () => undefined,
    onMessage: (listener) => {
      if (starts) queueMicrotask(() => listener(initialized));
    },
    interrupt: () => undefined,
    settle: () => undefined,
    serveFiles: () => undefined,
    close: () => {
      closed.push(name);
      gone.resolve('closed');
    },
    closed: gone.promise,
  };
}

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
