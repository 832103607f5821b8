import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoxHandle } from './box-handle.ts';

const { setImmediate: nextTurn } = globalThis;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const neighbours = new Set<BoxHandle>();

function openBox(boxId: string, answers: boolean, hasSharedMemory = true): BoxHandle {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => answers && port2.postMessage({ op: 'beat' });
  const frame = { remove: vi.fn(), dataset: {} } as unknown as HTMLIFrameElement;
  return new BoxHandle({ boxId, frame, port: port1, hasSharedMemory, neighbours });
}

/** In steps that leave the ports, whose messages come by the real clock, time to answer. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    vi.advanceTimersByTime(500);
    for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => void nextTurn(resolve));
  }
}

test('boxes that fell silent together end together, and one that answers stays', async () => {
  const first = openBox('first', false);
  await pass(1500);
  const second = openBox('second', false);
  const living = openBox('living', true);
  await pass(6000);
  expect([first.isOpen, second.isOpen, living.isOpen]).toEqual([true, true, true]);
  await pass(500);
  expect([first.crashReason, second.crashReason]).toEqual(['box process gone', 'box process gone']);
  expect([first.isOpen, second.isOpen, living.isOpen]).toEqual([false, false, true]);
  await pass(20_000);
  expect(living.isOpen).toBe(true);
  expect([...neighbours]).toEqual([living]);
  living.close();
  expect(neighbours.size).toBe(0);
});

test('a box without shared memory may be silent for as long as files may be on their way', async () => {
  const box = openBox('unshared', false, false);
  await pass(121_500);
  expect(box.isOpen).toBe(true);
  await pass(1000);
  expect(box.crashReason).toBe('box process gone');
});
