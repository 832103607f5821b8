import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordsInMemory } from '../../tests/support/records-in-memory.ts';
import { createScriptedRunner, noBoxes, noFiles } from '../../tests/support/scripted-runner.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { sessionIdOf } from '../contracts/ids.ts';
import type { Runner, SavedAt } from '../contracts/runner.ts';
import { SessionPool } from './session-pool.ts';

const SESSION = sessionIdOf('one');
const IDLE_MS = 100_000;
const SAVE_AFTER_MS = 15_000;

type Saved = Result<SavedAt, AppError>;

/** A pool of engines that can be saved; how a save ends is in the hands of the test. */
function world(saveAfterMs?: number) {
  const scripted = createScriptedRunner();
  const saves: PromiseWithResolvers<Saved>[] = [];
  const saving: boolean[] = [];
  const runner: Runner = {
    ...scripted,
    openSession: async (options) => {
      const opened = await scripted.openSession(options);
      if (!opened.ok) return opened;
      let underWay: Promise<Saved> | null = null;
      const save = (): Promise<Saved> => {
        if (underWay !== null) return underWay;
        const made = Promise.withResolvers<Saved>();
        saves.push(made);
        underWay = made.promise.finally(() => (underWay = null));
        return underWay;
      };
      const session = Object.create(opened.value, {
        save: { value: save },
        saved: { get: () => ({ isSaving: underWay !== null, atMs: null }) },
      }) as typeof opened.value;
      return ok(session);
    },
  };
  const inMemory = recordsInMemory();
  const marks: boolean[] = [];
  const disk = { isFull: false };
  const idle = { ms: IDLE_MS };
  const pool = new SessionPool({
    boxes: noBoxes,
    filesOf: () => noFiles,
    records: {
      ...inMemory,
      setMark: async (sessionId, mark, isSet) => {
        marks.push(isSet);
        if (disk.isFull) throw new Error('disk');
        await inMemory.setMark(sessionId, mark, isSet);
      },
    },
    idleMs: () => idle.ms,
    saveAfterMs,
    onSaving: (isSaving) => saving.push(isSaving),
  });
  const need = {
    runner,
    sessionId: SESSION,
    limits: { timeMs: 1, memoryMB: 1 },
    signal: new AbortController().signal,
  };
  return { pool, runner, need, saves, saving, marks, disk, idle, disposed: scripted.disposed };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('an engine is saved a while after its last use where that is asked for, once', async () => {
  const { pool, runner, need, saves, saving } = world(SAVE_AFTER_MS);
  await pool.take(need);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 2);
  expect(saves).toHaveLength(0);
  pool.release(runner, SESSION);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
  await pool.take(need);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(saves).toHaveLength(0);
  pool.release(runner, SESSION);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(saves).toHaveLength(1);
  expect(saving).toEqual([true]);
  saves[0]?.resolve(ok({ atMs: 1 }));
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 3);
  expect(saves).toHaveLength(1);
  expect(saving).toEqual([true, false]);
});

test('one in which something was left running is saved once that has ended, and one with a terminal is not', async () => {
  const { pool, runner, need, saves } = world(SAVE_AFTER_MS);
  await pool.take(need);
  const held = await pool.hold(need);
  pool.release(runner, SESSION);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(await pool.save(SESSION)).toMatchObject({ ok: false, error: { code: 'runner/in-use' } });
  expect(saves).toHaveLength(0);
  if (held.ok) held.value.release();
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  saves[0]?.resolve(fail(appError('runner/in-use')));
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(saves).toHaveLength(2);
});

test('one that stands can be held, and none is started for that', async () => {
  const { pool, runner, need, disposed } = world();
  expect(pool.holdStanding(runner, SESSION)).toBeNull();
  expect(pool.all()).toEqual([]);
  await pool.take(need);
  pool.release(runner, SESSION);
  const held = pool.holdStanding(runner, SESSION);
  expect(held?.session).toBe(pool.engineOf(runner, SESSION));
  await vi.advanceTimersByTimeAsync(2 * IDLE_MS);
  expect([pool.endOldestIdle(), disposed.length]).toEqual([false, 0]);
  held?.release();
  held?.release();
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(pool.holdStanding(runner, SESSION)).toBeNull();
});

test('where nothing is said it is saved when somebody asks, and null says that there is none', async () => {
  const { pool, runner, need, saves } = world();
  expect(await pool.save(SESSION)).toBeNull();
  await pool.take(need);
  expect(await pool.save(SESSION)).toMatchObject({ ok: false, error: { code: 'runner/in-use' } });
  pool.release(runner, SESSION);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 2);
  expect(saves).toHaveLength(0);
  const saved = pool.save(SESSION);
  saves[0]?.resolve(ok({ atMs: 1 }));
  expect(await saved).toEqual(ok({ atMs: 1 }));
});

test('one that is being saved is not ended for idleness or room until it is', async () => {
  const { pool, runner, need, saves, disposed } = world();
  await pool.take(need);
  pool.release(runner, SESSION);
  void pool.save(SESSION);
  // Whoever wants room asks until there is none left to end.
  expect(pool.endOldestIdle()).toBe(false);
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(disposed).toEqual([]);
  saves[0]?.resolve(ok({ atMs: 1 }));
  await vi.advanceTimersByTimeAsync(0);
  expect(disposed).toEqual([SESSION]);
});

test('one that is used while it is saved for its end is not ended after it', async () => {
  const { pool, runner, need, saves, disposed } = world();
  await pool.take(need);
  pool.release(runner, SESSION);
  void pool.save(SESSION);
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  await pool.take(need);
  pool.release(runner, SESSION);
  saves[0]?.resolve(ok({ atMs: 1 }));
  await vi.advanceTimersByTimeAsync(IDLE_MS - 1);
  expect(disposed).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(disposed).toEqual([SESSION]);
});

test('how long an engine may be idle goes by what is set when it begins to be', async () => {
  const { pool, runner, need, saves, disposed, idle } = world();
  const endsAfter = async (ms: number) => {
    await pool.take(need);
    pool.release(runner, SESSION);
    await vi.advanceTimersByTimeAsync(ms - 1);
    saves.at(-1)?.resolve(ok({ atMs: 1 }));
    const before = disposed.length;
    await vi.advanceTimersByTimeAsync(1);
    saves.at(-1)?.resolve(ok({ atMs: 1 }));
    await vi.advanceTimersByTimeAsync(0);
    return disposed.length - before;
  };
  expect(await endsAfter(IDLE_MS)).toBe(1);
  idle.ms = IDLE_MS * 3;
  expect(await endsAfter(IDLE_MS)).toBe(0);
  expect(await endsAfter(IDLE_MS * 3)).toBe(1);
});

test('that a session has variables is noted once, again after they went, and again where it could not be', async () => {
  const { pool, runner, need, marks, disk } = world();
  const use = async () => {
    await pool.take(need);
    pool.release(runner, SESSION);
  };
  disk.isFull = true;
  await use();
  await vi.advanceTimersByTimeAsync(0);
  disk.isFull = false;
  await use();
  await use();
  expect(marks).toEqual([true, true]);
  pool.end(runner, SESSION);
  await use();
  expect(marks).toEqual([true, true, false, true]);
});
