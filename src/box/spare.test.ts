import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok, onAbort, type Result } from '../base/index.ts';
import type { EngineSpec } from '../contracts/box.ts';
import { appError, type AppError } from '../contracts/errors.ts';
import type { BoxHandle } from './box-handle.ts';
import { Calm } from './calm.ts';
import { Spare } from './spare.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const engine: EngineSpec = { id: 'toy', script: async () => '', files: [], modules: async () => [] };
const prepare = async (): Promise<void> => undefined;

/** A spare whose boxes stand when they are told to. */
function world(isReplaced = true, canAfford: () => boolean = () => true) {
  const standing: (() => void)[] = [];
  const spare = new Spare({
    open: (_engine, signal) =>
      new Promise<Result<BoxHandle, AppError>>((settle) => {
        onAbort(signal, () => settle(fail(appError('run/stopped'))));
        const box = { isOpen: true, close: () => undefined, closed: new Promise(() => undefined) };
        standing.push(() => settle(ok(box as unknown as BoxHandle)));
      }),
    canAfford,
    calm: new Calm(),
    isReplaced,
  });
  return { spare, standing };
}

test('while somebody waits for the spare that is being made, no second one is begun beside it', async () => {
  const { spare, standing } = world();
  spare.warm(engine, prepare);
  const taken = spare.take(engine, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  spare.warm(engine, prepare);
  expect(standing).toHaveLength(1);
  standing[0]?.();
  expect(await taken).not.toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(standing).toHaveLength(2);
});

test('one that is in the making is told of, and one that was taken is not', async () => {
  const { spare, standing } = world(false);
  expect(spare.has(engine)).toBe(false);
  spare.warm(engine, prepare);
  expect([spare.has(engine), spare.has({ ...engine, id: 'another' })]).toEqual([true, false]);
  standing[0]?.();
  await spare.take(engine, new AbortController().signal);
  expect(spare.has(engine)).toBe(false);
});

test('one that stood is replaced a while after it was taken', async () => {
  const { spare, standing } = world();
  spare.warm(engine, prepare);
  standing[0]?.();
  expect(await spare.isReady()).toBe(true);
  expect(await spare.take(engine, new AbortController().signal)).not.toBeNull();
  expect(standing).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(standing).toHaveLength(2);
});

test('one that costs much is made once for each time that it is asked for', async () => {
  const { spare, standing } = world(false);
  spare.warm(engine, prepare);
  spare.warm(engine, prepare);
  standing[0]?.();
  expect(await spare.take(engine, new AbortController().signal)).not.toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(standing).toHaveLength(1);
  expect(await spare.take(engine, new AbortController().signal)).toBeNull();
  spare.warm(engine, prepare);
  expect(standing).toHaveLength(2);
});

test('what becomes of it is told: it stands, could not be made, was called off, or is not made at all', async () => {
  const { spare, standing } = world();
  expect(await spare.isReady()).toBeNull();
  spare.warm(engine, async () => Promise.reject(new Error('no')));
  standing[0]?.();
  expect(await spare.isReady()).toBe(false);
  spare.warm(engine, prepare);
  const called = spare.isReady();
  spare.drop();
  standing[1]?.();
  expect(await called).toBeNull();
  spare.warm(engine, prepare);
  standing[2]?.();
  expect(await spare.isReady()).toBe(true);
});

test('one that is put off is made once there is rest, and told of then', async () => {
  const { spare, standing } = world();
  spare.warm(engine, prepare);
  const isReady = spare.isReady();
  spare.putOff();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(standing).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(standing).toHaveLength(2);
  standing[1]?.();
  expect(await isReady).toBe(true);
  spare.putOff();
  expect(await spare.take(engine, new AbortController().signal)).not.toBeNull();
});

test('one that was put off begins at once for who wants it', async () => {
  const { spare, standing } = world();
  spare.warm(engine, prepare);
  spare.putOff();
  await vi.advanceTimersByTimeAsync(0);
  const taken = spare.take(engine, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(standing).toHaveLength(2);
  spare.putOff();
  standing[1]?.();
  expect(await taken).not.toBeNull();
});

test('one that was put off is not made where it was dropped, or memory is short by then', async () => {
  for (const isDropped of [true, false]) {
    let canAfford = true;
    const { spare, standing } = world(true, () => canAfford);
    spare.warm(engine, prepare);
    const isReady = spare.isReady();
    spare.putOff();
    await vi.advanceTimersByTimeAsync(0);
    if (isDropped) spare.drop();
    else canAfford = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(standing).toHaveLength(1);
    expect(await isReady).toBeNull();
  }
});
