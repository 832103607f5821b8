import { expect, test, vi } from 'vitest';
import type { EngineSpec } from '../contracts/box.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Runner, RunnerSession } from '../contracts/runner.ts';
import { ShellAhead } from './shell-ahead.ts';

const CHAT = 'conversation-1' as SessionId;
const ENGINE: EngineSpec = { id: 'linux', script: async () => '', files: [], modules: async () => [] };

function world() {
  const begun: string[] = [];
  const rests: (() => void)[] = [];
  const pool = { isOpening: false, engine: null as RunnerSession | null, standing: 0 };
  /** Tells which engine it will be: known only a while after it was asked. */
  let tellEngine = (): void => undefined;
  const shell = {
    manifest: { id: 'linux', languages: ['shell'] },
    expect: (boxes: { expect(engine: EngineSpec): void }) => void (tellEngine = () => boxes.expect(ENGINE)),
  } as unknown as Runner;
  const life = new AbortController();
  let isOn = true;
  const clock = { ms: 0, isBusy: false };
  const ahead = new ShellAhead({
    shell,
    boxes: {
      expectBig: () => void begun.push('frame'),
      expect: ({ id }) => void begun.push(id),
      after: (_quietMs, act) => void rests.push(act),
    },
    pool: {
      get isOpening() {
        return pool.isOpening;
      },
      engineOf: () => pool.engine,
      all: () => Array.from({ length: pool.standing }, () => ({}) as never),
    },
    book: { engineSession: (_runner, sessionId) => (sessionId === CHAT ? CHAT : ('machine' as SessionId)) },
    isOn: () => isOn,
    isBusy: () => clock.isBusy,
    now: () => clock.ms,
    signal: life.signal,
  });
  return {
    ahead,
    begun,
    pool,
    clock,
    know: () => tellEngine(),
    rest: () => rests.shift()?.(),
    switchOff: () => void (isOn = false),
    end: () => life.abort(),
  };
}

test('a program of the shell has Linux begun, and no other program', () => {
  const { ahead, begun, know } = world();
  ahead.expect('python', CHAT);
  expect(begun).toEqual([]);
  ahead.expect('shell', CHAT);
  know();
  expect(begun).toEqual(['frame', 'linux']);
});

test('where its session has an engine, a machine of its own, or one on its way, none is begun', () => {
  const { ahead, begun, pool } = world();
  pool.engine = {} as RunnerSession;
  ahead.expect('shell', CHAT);
  pool.engine = null;
  ahead.expect('shell', 'conversation-2' as SessionId);
  pool.isOpening = true;
  ahead.expect('shell', CHAT);
  expect(begun).toEqual([]);
});

test('one that is opened while nobody knows yet which engine it will be is not begun beside it', () => {
  const { ahead, begun, pool, know } = world();
  ahead.expect('shell', CHAT);
  pool.isOpening = true;
  know();
  expect(begun).toEqual(['frame']);
});

test('what waits for the first Linux begins when it stands, and once', () => {
  const { ahead, begun, pool, know, rest } = world();
  const begin = vi.fn();
  ahead.first(begin);
  know();
  expect(begun).toEqual(['frame', 'linux']);
  pool.isOpening = true;
  rest();
  expect(begin).not.toHaveBeenCalled();
  pool.isOpening = false;
  rest();
  rest();
  expect(begin).toHaveBeenCalledOnce();
});

test.each([
  ['until it has ended', (clock: { isBusy: boolean }) => void (clock.isBusy = false)],
  ['for ten seconds', (clock: { ms: number }) => void (clock.ms = 10_000)],
])('all else waits for a run that waits or works, %s', (_, change) => {
  const { ahead, clock, rest } = world();
  const begin = vi.fn();
  ahead.first(begin);
  clock.isBusy = true;
  rest();
  clock.ms = 9_999;
  rest();
  expect(begin).not.toHaveBeenCalled();
  change(clock);
  rest();
  expect(begin).toHaveBeenCalledOnce();
});

test('where an engine stands already, all else begins at once', () => {
  const { ahead, begun, pool } = world();
  pool.standing = 1;
  const begin = vi.fn();
  ahead.first(begin);
  expect(begin).toHaveBeenCalledOnce();
  expect(begun).toEqual([]);
});

test.each(['switchOff', 'end'] as const)('nothing begins later after %s', (how) => {
  const made = world();
  const begin = vi.fn();
  made.ahead.first(begin);
  made[how]();
  made.know();
  made.rest();
  expect(begin).not.toHaveBeenCalled();
  expect(made.begun).toEqual(how === 'end' ? ['frame'] : ['frame', 'linux']);
});
