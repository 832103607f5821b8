import { beforeEach, afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { BOTH, GuestClient, READ } from '../../../tests/support/share/guest-client.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import { textOf } from '../../../tests/support/workspace/model-files.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';
import { ServedTree } from './index.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Longer than any flush that is still to come waits. */
const pass = () => vi.advanceTimersByTimeAsync(1_000);

/** A guest of a tree whose disk is as slow as the test wants: each flush waits for `answer`. */
async function onDisk(brought: Promise<void> = Promise.resolve()) {
  const files = filesInMemory();
  const flushes: { readonly content: unknown; readonly answer: (isKept: boolean | Error) => void }[] = [];
  let isEnded = false;
  const share = new ServedTree({
    files: {
      ...files,
      perform: async (operation) => {
        if (operation.op === 'write') await brought;
        return files.perform(operation);
      },
      flush: async () => {
        const { promise, resolve, reject } = Promise.withResolvers<boolean>();
        const answer = (is: boolean | Error) => (is instanceof Error ? reject(is) : resolve(is));
        flushes.push({ content: await contentOf(files), answer });
        return promise;
      },
    },
    onEnded: () => (isEnded = true),
  }).share();
  const guest = await new GuestClient(share).mount();
  onTestFinished(() => share.dispose());
  const flushed = (count: number) =>
    vi.waitUntil(async () => {
      await vi.advanceTimersByTimeAsync(10);
      return flushes.length >= count;
    });
  return { files, share, guest, flushes, flushed, isEnded: () => isEnded };
}

test('a close puts what was written on the disk, and is answered before', async () => {
  const brought = Promise.withResolvers<void>();
  const { guest, flushes, flushed } = await onDisk(brought.promise);
  const fid = await guest.create('f');
  await guest.write(fid, 0, 'kept');
  await guest.clunk(fid);
  await pass();
  expect(flushes).toEqual([]);
  brought.resolve();
  await flushed(1);
  expect(flushes[0]?.content).toEqual([['f', textOf(new TextEncoder().encode('kept'))]]);
  // Still under way: nobody waits for it.
  expect(await guest.textOf('f')).toBe('kept');
});

test('what is closed while one flush is under way has one more, together', async () => {
  const { files, guest, flushes, flushed } = await onDisk();
  await guest.put('first', '1');
  await flushed(1);
  for (let each = 0; each < 20; each += 1) await guest.put(`f${each}`, 'x');
  expect(flushes).toHaveLength(1);
  flushes[0]?.answer(true);
  await flushed(2);
  expect(flushes[1]?.content).toEqual(await contentOf(files));
  flushes[1]?.answer(true);
  await pass();
  expect(flushes).toHaveLength(2);
  await guest.put('last', '1');
  await flushed(3);
});

test('a close of what was only read is no reason for a flush', async () => {
  const { guest, flushes, flushed } = await onDisk();
  await guest.put('f', '1');
  await flushed(1);
  flushes[0]?.answer(true);
  await guest.clunk(await guest.open('f', READ));
  await guest.clunk(await guest.walk('f'));
  await pass();
  expect(flushes).toHaveLength(1);
  await guest.clunk(await guest.open('f', BOTH));
  await flushed(2);
});

test('a flush that breaks is said, and the next close asks for another', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(() => warn.mockRestore());
  const { guest, flushes, flushed } = await onDisk();
  await guest.put('f', '1');
  await flushed(1);
  flushes[0]?.answer(new Error('the disk is gone'));
  await expect.poll(() => warn.mock.calls.length).toBe(1);
  await guest.put('f', '2');
  await flushed(2);
  flushes[1]?.answer(false);
  await expect.poll(() => warn.mock.calls.length).toBe(2);
  await guest.put('f', '3');
  await flushed(3);
});

test('a guest that goes closes what it had open, and the tree ends once that is on the disk', async () => {
  const { guest, share, flushes, flushed, isEnded } = await onDisk();
  const fid = await guest.create('f');
  await guest.write(fid, 0, 'kept');
  share.dispose();
  await flushed(1);
  await share.idle();
  expect(isEnded()).toBe(false);
  flushes[0]?.answer(true);
  await expect.poll(isEnded).toBe(true);
});
