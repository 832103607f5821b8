import { expect, test } from 'vitest';
import type { Image } from './image.ts';
import { StartState } from './start-state.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const SAVED = bytesOf('this\n');

function started(state: Image['state']) {
  const start = new StartState({ id: 'this', otherId: 'other', memoryMB: 128, state });
  start.offer(SAVED);
  return start;
}

test('what was saved and cannot be read is let go for the state of the image', async () => {
  const state = bytesOf('the image');
  const start = started(async () => state);
  expect(await start.next()).toBe(state);
  expect(start.isUseless).toBe(true);
});

test('is not let go where memory is short for it: then there is no machine, however often one is asked for', async () => {
  const full = new RangeError('Array buffer allocation failed');
  const gzip = new Uint8Array(
    await new Response(new Blob([bytesOf('x')]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );
  const start = new StartState({ id: 'this', otherId: 'other', memoryMB: 128, state: () => Promise.reject(full) });
  start.offer(new Uint8Array([...SAVED, ...gzip]));
  await expect(start.next()).rejects.toBe(full);
  await expect(start.next()).rejects.toBe(full);
  expect(start.isUseless).toBe(false);
});
