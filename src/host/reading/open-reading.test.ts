import { afterEach, expect, test, vi } from 'vitest';
import type { ReadingReply, ReadingRequest } from './code-reading.ts';
import { openReading } from './open-reading.ts';

/** What Node does not have: a worker of the browser, which starts or fails to. */
class PlayedWorker {
  static readonly made: PlayedWorker[] = [];
  onmessage: ((event: { readonly data: ReadingReply }) => void) | null = null;
  onerror: ((event: { readonly message: string }) => void) | null = null;
  readonly asked: ReadingRequest[] = [];
  isEnded = false;
  constructor() {
    PlayedWorker.made.push(this);
  }
  postMessage(request: ReadingRequest): void {
    this.asked.push(request);
  }
  terminate(): void {
    this.isEnded = true;
  }
}

afterEach(() => {
  vi.useRealTimers();
  PlayedWorker.made.length = 0;
  vi.unstubAllGlobals();
});

test('answers come to whoever asked, in whatever order', async () => {
  vi.stubGlobal('Worker', PlayedWorker);
  const ending = new AbortController();
  const reading = openReading({ signal: ending.signal });
  expect(PlayedWorker.made).toEqual([]);
  const one = reading.fixes('a', 'python');
  const two = reading.fixes('b', 'lua');
  const [worker] = PlayedWorker.made;
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
  vi.stubGlobal('Worker', PlayedWorker);
  const reading = openReading({ signal: new AbortController().signal });
  const lost = reading.fixes('a', 'python');
  PlayedWorker.made[0]?.onerror?.({ message: 'not found' });
  await expect(lost).rejects.toThrow('not found');
  expect(PlayedWorker.made[0]?.isEnded).toBe(true);

  const answered = reading.fixes('a', 'python');
  const [, second] = PlayedWorker.made;
  second?.onmessage?.({ data: { id: second.asked[0]?.id ?? 0, answer: { ok: true, value: [] } } });
  expect(await answered).toEqual([]);
});

test('a worker that is silent while something is asked is given up; one that answers is not', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', PlayedWorker);
  const reading = openReading({ signal: new AbortController().signal });
  const slow = reading.fixes('a', 'python');
  const [first] = PlayedWorker.made;
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
  expect(PlayedWorker.made).toHaveLength(2);
});
