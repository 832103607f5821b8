import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoxHandle } from './box-handle.ts';

const { setImmediate: nextTurn } = globalThis;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const neighbours = new Set<BoxHandle>();

function openBox(boxId: string, answers: boolean): BoxHandle {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => answers && port2.postMessage({ op: 'beat' });
  const frame = { remove: vi.fn(), dataset: {} } as unknown as HTMLIFrameElement;
  return new BoxHandle({ boxId, frame, port: port1, hasSharedMemory: true, neighbours });
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

test('a box to which much was posted may be silent until that may have come, and so may its neighbours', async () => {
  const busy = openBox('busy', false);
  const beside = openBox('beside', false);
  busy.post('files', { sizeBytes: 40 * 1024 * 1024 });
  await pass(27_500);
  expect([busy.isOpen, beside.isOpen]).toEqual([true, true]);
  await pass(1000);
  expect([busy.crashReason, beside.crashReason]).toEqual(['box process gone', 'box process gone']);
});
