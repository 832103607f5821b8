import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ItemSource, Numbered } from '../contracts/doors/stream.ts';
import { appError } from '../contracts/errors.ts';
import type { ServerMessage } from './door-protocol.ts';
import { sendItems } from './item-sender.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A source that grows, a reader that has seen everything at once, and how many items each batch had. */
function stream(mayWait?: ItemSource<Numbered>['mayWait']) {
  const items: Numbered[] = [];
  const listeners = new Set<() => void>();
  const source: ItemSource<Numbered> = {
    read: (after, most) => items.slice(after, after + most),
    isEndAt: () => false,
    onMore: (listener) => void listeners.add(listener),
    ...(mayWait && { mayWait }),
  };
  const batches: number[] = [];
  const send = async (message: ServerMessage): Promise<void> => {
    if (message.kind !== 'items') return;
    batches.push(message.items.length);
    sender.seen(message.batch);
  };
  const sender = sendItems({
    id: 'stream',
    source,
    after: 0,
    send,
    gone: appError('run/not-found'),
    signal: new AbortController().signal,
  });
  return {
    batches,
    async push(): Promise<void> {
      items.push({ n: items.length + 1 });
      for (const listener of listeners) listener();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

test('the states of a short run and its first output go without a wait', async () => {
  const { batches, push } = stream();
  for (let item = 0; item < 5; item += 1) await push();
  expect(batches).toEqual([1, 1, 1, 1, 1]);
});

test('a flood costs at most 60 batches a second and loses nothing', async () => {
  const { batches, push } = stream();
  for (let ms = 0; ms < 2000; ms += 1) {
    await push();
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(batches.reduce((sum, count) => sum + count, 0)).toBe(2000);
  expect(batches.length).toBeLessThanOrEqual(8 + 2.1 * 63);
});

test('after a rest the next items go at once again', async () => {
  const { batches, push } = stream();
  for (let item = 0; item < 40; item += 1) await push();
  await vi.advanceTimersByTimeAsync(1000);
  const before = batches.length;
  for (let item = 0; item < 4; item += 1) await push();
  expect(batches.length - before).toBe(4);
});

test('items that may wait go with the first that may not, or by themselves a moment later', async () => {
  let hurried = 3;
  let pushed = 0;
  const { batches, push } = stream((after) => after < pushed && pushed < hurried);
  const next = () => {
    pushed += 1;
    return push();
  };
  await next();
  await next();
  expect(batches).toEqual([]);
  await next();
  expect(batches).toEqual([3]);
  hurried = 10;
  await next();
  await vi.advanceTimersByTimeAsync(19);
  expect(batches).toEqual([3]);
  await vi.advanceTimersByTimeAsync(1);
  expect(batches).toEqual([3, 1]);
});
