import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordsInMemory } from '../../tests/support/records-in-memory.ts';
import { createScriptedRunner, noBoxes, noFiles } from '../../tests/support/scripted-runner.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { type SessionId, sessionIdOf } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Runner, SavedAt } from '../contracts/runner.ts';
import { SessionPool } from './session-pool.ts';

const SESSION = sessionIdOf('one');
const OTHER = sessionIdOf('other');
const IDLE_MS = 100_000;
const SAVE_AFTER_MS = 15_000;

type Saved = Result<SavedAt, AppError>;

/** A pool of engines that can be saved; how a save ends is in the hands of the test. */
function world(saveAfterMs?: number) {
  const scripted = createScriptedRunner();
  const saves: PromiseWithResolvers<Saved>[] = [];
  const saving: boolean[] = [];
  const rooms: number[] = [];
  /** Engines that stand still. */
  const resting = new Set<SessionId>();
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
        saved: { get: () => ({ isSaving: underWay !== null, atMs: null, unsaved: null }) },
        isResting: { get: () => resting.has(options.sessionId) },
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
    onRoom: () => rooms.push(pool.all().length),
  });
  const need = {
    runner,
    sessionId: SESSION,
    limits: { timeMs: 1, memoryMB: 1 },
    signal: new AbortController().signal,
  };
  const use = async (sessionId = SESSION) => {
    await pool.take({ ...need, sessionId });
    pool.release(runner, sessionId);
  };
  const seen = { saves, saving, marks, rooms, disposed: scripted.disposed };
  return { pool, runner, need, use, disk, idle, resting, ...seen };
}

const SAVED: Saved = ok({ atMs: 1 });
const IN_USE: Saved = fail(appError('runner/in-use'));
const NOT_SAVED: Saved = fail(appError('runner/not-saved'));
/** What was settled has been heard of. */
const heard = () => vi.advanceTimersByTimeAsync(0);

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
  const { pool, runner, use, saves, disposed } = world();
  expect(pool.holdStanding(runner, SESSION)).toBeNull();
  expect(pool.all()).toEqual([]);
  await use();
  const held = pool.holdStanding(runner, SESSION);
  expect(held?.session).toBe(pool.engineOf(runner, SESSION));
  await vi.advanceTimersByTimeAsync(2 * IDLE_MS);
  expect([pool.endOldestIdle(), saves.length, disposed.length]).toEqual([false, 0, 0]);
  held?.release();
  held?.release();
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  saves[0]?.resolve(SAVED);
  await heard();
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

test('one that is idle for long, or in the way, is ended once it was saved, and not before', async () => {
  for (const end of ['idleness', 'room'] as const) {
    const { pool, use, saves, rooms, disposed } = world();
    await use();
    if (end === 'idleness') await vi.advanceTimersByTimeAsync(IDLE_MS);
    // Whoever wants room asks until there is none left to end, and again soon.
    else expect([pool.endOldestIdle(), pool.endOldestIdle()]).toEqual([false, false]);
    await heard();
    expect([saves.length, disposed.length]).toEqual([1, 0]);
    saves[0]?.resolve(SAVED);
    await heard();
    expect(disposed).toEqual([SESSION]);
    expect(rooms).toEqual(end === 'room' ? [0] : []);
  }
});

test('one that is just being saved is not saved twice for its end', async () => {
  const { pool, use, saves, disposed } = world();
  await use();
  void pool.save(SESSION);
  expect(pool.endOldestIdle()).toBe(false);
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect([saves.length, disposed.length]).toEqual([1, 0]);
  saves[0]?.resolve(SAVED);
  await heard();
  expect(disposed).toEqual([SESSION]);
});

test('a program that was left running in one holds it, until that stands still', async () => {
  const { pool, use, saves, disposed, resting } = world();
  await use();
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  saves[0]?.resolve(IN_USE);
  await heard();
  expect([pool.endOldestIdle(), saves.length, disposed.length]).toEqual([false, 1, 0]);
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  saves[1]?.resolve(IN_USE);
  await heard();
  expect(disposed).toEqual([]);
  resting.add(SESSION);
  pool.endOldestIdle();
  saves[2]?.resolve(SAVED);
  await heard();
  expect(disposed).toEqual([SESSION]);
});

test('one that cannot be saved goes only where somebody waits for its room', async () => {
  const { pool, use, saves, disposed } = world();
  await use();
  await use(OTHER);
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  for (const save of saves) save.resolve(NOT_SAVED);
  await heard();
  pool.endOldestIdle({ isAwaited: false });
  await heard();
  expect([saves.length, disposed.length]).toEqual([2, 0]);
  pool.endOldestIdle();
  saves[2]?.resolve(NOT_SAVED);
  await heard();
  expect(disposed).toEqual([SESSION]);
});

test('where nobody waits for room, what was used last stays', async () => {
  const { pool, use, saves, disposed } = world();
  await use();
  pool.endOldestIdle({ isAwaited: false });
  await heard();
  expect(saves).toHaveLength(0);
  await use(OTHER);
  pool.endOldestIdle({ isAwaited: false });
  saves[0]?.resolve(SAVED);
  await heard();
  expect(disposed).toEqual([SESSION]);
});

test('those that are on their way out do not count for how many there may be', async () => {
  const { pool, use, saves, disposed } = world();
  const most = LIMITS.sessionsKept.standard;
  for (let made = 0; made < most + 2; made += 1) await use(sessionIdOf(`s${made}`));
  expect([saves.length, disposed.length]).toEqual([2, 0]);
  for (const save of saves) save.resolve(SAVED);
  await heard();
  expect(disposed).toEqual(['s0', 's1']);
  expect(pool.all()).toHaveLength(most);
});

test('where the oldest turns out to be in use, the next one makes room, and no more than one', async () => {
  for (const how of ['left running', 'used meanwhile'] as const) {
    const { pool, need, use, saves, disposed } = world();
    const most = LIMITS.sessionsKept.standard;
    for (let made = 0; made <= most; made += 1) await use(sessionIdOf(`s${made}`));
    expect(saves).toHaveLength(1);
    if (how === 'used meanwhile') await pool.take({ ...need, sessionId: sessionIdOf('s0') });
    saves[0]?.resolve(how === 'left running' ? IN_USE : SAVED);
    await heard();
    expect([saves.length, disposed.length]).toEqual([2, 0]);
    saves[1]?.resolve(NOT_SAVED);
    await heard();
    // Nobody waits for a better one.
    expect(disposed).toEqual(['s1']);
    expect(saves).toHaveLength(2);
    expect(pool.all()).toHaveLength(most);
  }
});

test('that an engine is on its way is told until it stands, or does not', async () => {
  const { pool, need } = world();
  expect(pool.isOpening).toBe(false);
  const taking = pool.take(need);
  expect(pool.isOpening).toBe(true);
  await taking;
  expect(pool.isOpening).toBe(false);
});

test('one that is restarted while it opens is ended once it stands, and only then forgets what was saved', async () => {
  for (const keepsSaved of [true, false]) {
    const { pool, runner, need, disposed } = world();
    const told: string[] = [];
    const watched = { ...runner, forget: () => told.push('forget'), forgive: () => told.push('forgive') };
    const taking = pool.take({ ...need, runner: watched });
    pool.restart(watched, SESSION, { keepsSaved });
    expect(told).toEqual([]);
    await taking;
    await heard();
    expect([disposed, told]).toEqual([[SESSION], [keepsSaved ? 'forgive' : 'forget']]);
    expect(pool.engineOf(watched, SESSION)).toBeNull();
  }
});

test('engines that are opened at once count each other', async () => {
  const { pool, need, use, saves, disposed } = world();
  const most = LIMITS.sessionsKept.standard;
  for (let made = 0; made < most; made += 1) await use(sessionIdOf(`s${made}`));
  await Promise.all(['a', 'b'].map((name) => pool.take({ ...need, sessionId: sessionIdOf(name) })));
  for (const save of saves) save.resolve(SAVED);
  await heard();
  expect(disposed).toEqual(['s0', 's1']);
});

test('one that broke down is let go of without being saved', async () => {
  const { pool, runner, need, use, saves } = world();
  await use();
  pool.engineOf(runner, SESSION)?.dispose();
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(saves).toHaveLength(0);
  expect(await pool.take(need)).toMatchObject({ ok: true, value: { isRevived: true } });
});

test('one that is used while it is saved for its end, by a program or a terminal, is not ended after it', async () => {
  for (const user of ['program', 'terminal'] as const) {
    const { pool, runner, use, saves, disposed } = world();
    await use();
    await vi.advanceTimersByTimeAsync(IDLE_MS);
    if (user === 'program') await use();
    else pool.holdStanding(runner, SESSION)?.release();
    saves[0]?.resolve(SAVED);
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1);
    expect([saves.length, disposed.length]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(1);
    saves[1]?.resolve(SAVED);
    await heard();
    expect(disposed).toEqual([SESSION]);
  }
});

test('how long an engine may be idle goes by what is set when it begins to be', async () => {
  const { use, saves, disposed, idle } = world();
  const endsAfter = async (ms: number) => {
    await use();
    const before = disposed.length;
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(disposed).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    saves.at(-1)?.resolve(SAVED);
    await heard();
    return disposed.length - before;
  };
  expect(await endsAfter(IDLE_MS)).toBe(1);
  idle.ms = IDLE_MS * 3;
  expect(await endsAfter(IDLE_MS)).toBe(0);
  expect(await endsAfter(IDLE_MS * 3)).toBe(1);
});

test('that a session has variables is noted once, again after they went, and again where it could not be', async () => {
  const { pool, runner, use, marks, disk } = world();
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
