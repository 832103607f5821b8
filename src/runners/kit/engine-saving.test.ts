import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../base/index.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { SaveEnd, ToWorker } from '../../contracts/runner-protocol.ts';
import { EngineSaving } from './engine-saving.ts';

type Asked = Extract<ToWorker, { kind: 'save' }>;
const STATE = Uint8Array.of(1);

let asked: Asked[];
let over: AbortController;
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const passing = new AbortController();
    setTimeout(() => passing.abort(), ms);
    return passing.signal;
  });
  asked = [];
  over = new AbortController();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What a worker says is played; a real one does it in `tests/node/linux-saved.test.ts`. */
function saving(take: () => Promise<number | null>, savedAtMs: number | null = null) {
  const made = new EngineSaving({
    keep: { ask: () => undefined, take },
    savedAtMs,
    post: (message) => void asked.push(message as Asked),
    isFree: () => true,
    signal: over.signal,
  });
  const answer = (end: SaveEnd['end']): void =>
    made.take({ kind: 'saveEnded', id: asked.at(-1)?.id ?? 0, end, detail: null });
  return { made, answer };
}

test('nothing is saved before it is stored', async () => {
  const stored = Promise.withResolvers<number>();
  const { made, answer } = saving(() => stored.promise, 5);
  const told = vi.fn();
  const saved = made.save().then(told);
  made.take({ kind: 'saved', state: STATE });
  answer('saved');
  await vi.advanceTimersByTimeAsync(0);
  expect(told).not.toHaveBeenCalled();
  expect(made.state).toEqual({ isSaving: true, atMs: 5, unsaved: null });
  stored.resolve(7);
  await saved;
  expect(told).toHaveBeenCalledWith(ok({ atMs: 7 }));
  expect(made.state).toEqual({ isSaving: false, atMs: 7, unsaved: null });
});

test('what was not stored is wanted again, though the engine has not changed', async () => {
  const times: (number | null)[] = [null, 9];
  const { made, answer } = saving(async () => times.shift() ?? null, 5);
  const first = made.save();
  made.take({ kind: 'saved', state: STATE });
  answer('saved');
  expect(await first).toMatchObject({ ok: false, error: { code: 'runner/not-saved' } });
  const second = made.save();
  made.take({ kind: 'saved', state: STATE });
  answer('saved');
  expect(await second).toEqual(ok({ atMs: 9 }));
  expect(asked.map(({ isWanted }) => isWanted)).toEqual([false, true]);
});

test('why nothing was stored is known until something is', async () => {
  const { made, answer } = saving(async () => 9, 5);
  const ended = async (end: SaveEnd['end']): Promise<void> => {
    const saved = made.save();
    if (end === 'saved') made.take({ kind: 'saved', state: STATE });
    answer(end);
    await saved;
  };
  await ended('inUse');
  expect(made.state).toEqual({ isSaving: false, atMs: 5, unsaved: 'in-use' });
  await ended('failed');
  expect(made.state).toEqual({ isSaving: false, atMs: 5, unsaved: 'failed' });
  await ended('saved');
  expect(made.state).toEqual({ isSaving: false, atMs: 9, unsaved: null });
  await ended('inUse');
  expect(made.state).toEqual({ isSaving: false, atMs: 9, unsaved: 'in-use' });
  // As it does by itself before it stands still.
  made.take({ kind: 'saved', state: STATE });
  await vi.advanceTimersByTimeAsync(0);
  expect(made.state).toEqual({ isSaving: false, atMs: 9, unsaved: null });
});

test('a worker that never answers, answers another question or is ended has saved nothing', async () => {
  const { made } = saving(async () => 1);
  const silent = made.save();
  made.take({ kind: 'saveEnded', id: 99, end: 'saved', detail: null });
  await vi.advanceTimersByTimeAsync(LIMITS.savingMs.standard);
  expect(await silent).toMatchObject({ ok: false, error: { code: 'runner/not-saved' } });
  const ended = made.save();
  over.abort();
  expect(await ended).toMatchObject({ ok: false, error: { code: 'runner/not-saved' } });
});
