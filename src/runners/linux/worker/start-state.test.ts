import { expect, test } from 'vitest';
import type { Image } from './image.ts';
import { packMachine } from './saved-machine.ts';
import { StartState } from './start-state.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const SAVED = bytesOf('this\n');

/** The smallest that a machine of v86 may have: four numbers, what is told of its buffers, and one page. */
function stateOf(byte: number): Uint8Array<ArrayBuffer> {
  const info = bytesOf(JSON.stringify({ buffer_infos: [{ offset: 0, length: 4096 }], state: [] }).padEnd(64));
  const state = new Uint8Array(16 + info.length + 4096).fill(byte);
  state.set(new Uint8Array(16));
  new DataView(state.buffer).setUint32(12, info.length, true);
  state.set(info, 16);
  return state;
}

/** What it is restored from, and what is saved is compared with. */
const imageOf = (
  state: Image['state'],
  packedState: Image['packedState'] = () => Promise.reject(new Error('not asked for')),
) => ({
  id: 'this',
  otherId: 'other',
  memoryMB: 128,
  state,
  packedState,
});

test('what was saved and cannot be read is let go for the state of the image', async () => {
  const state = { packed: bytesOf('the image'), bytes: 9 };
  const start = new StartState(
    imageOf(
      () => Promise.reject(new Error('not asked for')),
      async () => state,
    ),
  );
  start.offer(SAVED);
  expect(await start.next()).toBe(state);
  expect(start.passedOver).toBe('unreadable');
});

test('is not let go where memory is short for it: then there is no machine, however often one is asked for', async () => {
  const full = new RangeError('Array buffer allocation failed');
  const gzip = new Uint8Array(
    await new Response(new Blob([bytesOf('x')]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );
  const start = new StartState(imageOf(() => Promise.reject(full)));
  start.offer(new Uint8Array([...SAVED, ...gzip]));
  await expect(start.next()).rejects.toBe(full);
  await expect(start.next()).rejects.toBe(full);
  expect(start.passedOver).toBeNull();
});

test('what does not start is tried a second time before the state of the image is, and is not let go', async () => {
  const packed = { packed: bytesOf('the image'), bytes: 9 };
  const image = imageOf(
    async () => stateOf(0),
    async () => packed,
  );
  const start = new StartState(image);
  start.offer(await packMachine(image, stateOf(7)));
  expect([await start.next(), start.isOnSaved]).toEqual([stateOf(7), true]);
  expect([await start.next(), start.isOnSaved, start.passedOver]).toEqual([stateOf(7), true, null]);
  expect([await start.next(), start.isOnSaved, start.passedOver]).toEqual([packed, false, 'failed']);
});

test('of a machine that boots there is no state of the image, and what was saved and is of no use is said once', async () => {
  const start = new StartState(
    imageOf(async () => bytesOf('of other memory')),
    { boots: true },
  );
  start.offer(SAVED);
  await expect(start.next()).rejects.toThrow('does not fit');
  start.booted();
  expect([start.passedOver, start.isWaiting, start.isShort]).toEqual(['unreadable', false, false]);
  start.confirm();
  expect(start.passedOver).toBeNull();
});
