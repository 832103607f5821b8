import { afterEach, expect, test, vi } from 'vitest';
import { playWorkers } from '../../../tests/support/played-worker.ts';
import type { ReadingReply, ReadingRequest } from './code-reading.ts';
import { openReading } from './open-reading.ts';

const { Played, made } = playWorkers<ReadingRequest, ReadingReply>();

afterEach(() => {
  vi.useRealTimers();
  made.length = 0;
  vi.unstubAllGlobals();
});

test('answers come to whoever asked, in whatever order', async () => {
  vi.stubGlobal('Worker', Played);
  const ending = new AbortController();
  const reading = openReading({ signal: ending.signal });
  expect(made).toEqual([]);
  const one = reading.fixes('a', 'python');
  const two = reading.fixes('b', 'lua');
  const [worker] = made;
  expect(worker?.asked.map(({ method, args }) => [method, ...args])).toEqual([
    ['fixes', 'a', 'python'],
    ['fixes', 'b', 'lua'],
  ]);
  const [first, second] = worker?.asked.map(({ id }) => id) ?? [];
  worker?.onmessage?.({ data: { id: second ?? 0, answer: { ok: true, value: ['of b'] } } });
  worker?.onmessage?.({ data: { id: first ?? 0, answer: { ok: false, error: 'Error: no' } } });
  await expect(one).rejects.toThrow('no');
  expect(await two).toEqual(['of b']);
  ending.abort();
  expect(worker?.isEnded).toBe(true);
});

test('where the worker fails, whoever waits is told, and the next question starts another one', async () => {
  vi.stubGlobal('Worker', Played);
  const reading = openReading({ signal: new AbortController().signal });
  const lost = reading.fixes('a', 'python');
  made[0]?.onerror?.({ message: 'not found' });
  await expect(lost).rejects.toThrow('not found');
  expect(made[0]?.isEnded).toBe(true);

  const answered = reading.fixes('a', 'python');
  const [, second] = made;
  second?.onmessage?.({ data: { id: second.asked[0]?.id ?? 0, answer: { ok: true, value: [] } } });
  expect(await answered).toEqual([]);
});

test('a worker that is silent while something is asked is given up; one that answers is not', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', Played);
  const reading = openReading({ signal: new AbortController().signal });
  const slow = reading.fixes('a', 'python');
  const [first] = made;
  await vi.advanceTimersByTimeAsync(19_000);
  first?.onmessage?.({ data: { id: first.asked[0]?.id ?? 0, answer: { ok: true, value: [] } } });
  expect(await slow).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(first?.isEnded).toBe(false);

  const lost = expect(reading.fixes('b', 'python')).rejects.toThrow('silent');
  await vi.advanceTimersByTimeAsync(20_000);
  await lost;
  expect(first?.isEnded).toBe(true);
  void reading.fixes('c', 'python');
  expect(made).toHaveLength(2);
});
