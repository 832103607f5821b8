import { expect, onTestFinished, test, vi } from 'vitest';
import type { BoxHandle } from './box-handle.ts';
import { Calm } from './calm.ts';
import { EmptyBox } from './empty-box.ts';

const never = new AbortController().signal;
const frameOf = (name: string): HTMLIFrameElement => ({ name, remove: vi.fn() }) as unknown as HTMLIFrameElement;

/** Boxes that stand at once; each says of which frame it was made. */
function world(
  first?: HTMLIFrameElement,
  canAfford = true,
  prepare: (box: BoxHandle) => Promise<void> = async () => undefined,
) {
  const opened: { readonly frame: HTMLIFrameElement | undefined; readonly box: { isOpen: boolean } }[] = [];
  const empty = new EmptyBox({
    open: async (_signal, frame) => {
      const box = {
        isOpen: true,
        close: () => {
          box.isOpen = false;
        },
      };
      opened.push({ frame, box });
      return box as unknown as BoxHandle;
    },
    canAfford: () => canAfford,
    calm: new Calm(),
    prepare,
    first,
  });
  return { empty, opened };
}

test('the frame that the document came with becomes the first box, and only that', async () => {
  const first = frameOf('first');
  const { empty, opened } = world(first);
  expect(await empty.isReady()).toBe(true);
  expect(await empty.take(never)).toBe(opened[0]?.box);
  await empty.take(never);
  expect(opened.map(({ frame }) => frame)).toEqual([first, undefined]);
});

test('a first box that nobody took is closed when what is kept is dropped', async () => {
  const { empty, opened } = world(frameOf('first'));
  empty.drop();
  await vi.waitFor(() => expect(opened[0]?.box.isOpen).toBe(false));
  expect(await empty.isReady()).toBe(false);
});

test('one that waits for a run comes with the end of it, and soon where it does not end', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { empty, opened } = world();
  empty.runEnded();
  expect(opened).toHaveLength(0);
  empty.replenish();
  empty.replenishAfterRun();
  expect(opened).toHaveLength(0);
  empty.runEnded();
  expect(opened).toHaveLength(1);
  empty.replenishAfterRun();
  empty.runEnded();
  await empty.take(never);
  // Nothing is left of what was to make another.
  await vi.advanceTimersByTimeAsync(5000);
  expect(opened).toHaveLength(1);
  empty.replenishAfterRun();
  await vi.advanceTimersByTimeAsync(299);
  expect(opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(opened).toHaveLength(2);
  empty.replenishAfterRun();
  empty.drop();
  empty.runEnded();
  await vi.advanceTimersByTimeAsync(5000);
  expect(opened).toHaveLength(2);
});

test('one that is about to be wanted is opened at once, where it can be afforded and none is there', async () => {
  const { empty, opened } = world();
  empty.hurry();
  empty.hurry();
  expect(opened).toHaveLength(1);
  expect(await empty.take(never)).toBe(opened[0]?.box);
  const poor = world(undefined, false);
  poor.empty.hurry();
  expect(poor.opened).toHaveLength(0);
});

test('without such a frame the first box is opened when it is wanted', async () => {
  const { empty, opened } = world();
  expect(opened).toHaveLength(0);
  await empty.take(never);
  expect(opened.map(({ frame }) => frame)).toEqual([undefined]);
});

test('where no box can be afforded ahead of need, the frame goes and the first one is opened when it is wanted', async () => {
  const first = frameOf('first');
  const { empty, opened } = world(first, false);
  expect(first.remove).toHaveBeenCalledOnce();
  await empty.take(never);
  expect(opened.map(({ frame }) => frame)).toEqual([undefined]);
});

test('who stops waits no longer for a first box that does not come', async () => {
  const stop = new AbortController();
  const closing = (signal: AbortSignal) =>
    new Promise<null>((settle) => {
      if (signal.aborted) settle(null);
      signal.addEventListener('abort', () => settle(null));
    });
  const empty = new EmptyBox({
    open: closing,
    canAfford: () => true,
    calm: new Calm(),
    first: frameOf('first'),
  });
  const taken = empty.take(stop.signal);
  stop.abort();
  expect(await taken).toBeNull();
});

test('a box that waits is prepared once it has stood a while and nothing runs; one that is taken before is not', async () => {
  vi.useFakeTimers();
  try {
    const prepare = vi.fn(async () => undefined);
    const { empty, opened } = world(frameOf('first'), true, prepare);
    await vi.advanceTimersByTimeAsync(900);
    expect(prepare).not.toHaveBeenCalled();
    const ready = empty.isReady();
    await vi.advanceTimersByTimeAsync(200);
    expect(prepare).toHaveBeenCalledExactlyOnceWith(opened[0]?.box);
    expect(await ready).toBe(true);

    await empty.take(never);
    empty.replenish();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(opened).toHaveLength(2);
    await empty.take(never);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(prepare).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});

test('a box that cannot be prepared stands all the same', async () => {
  vi.useFakeTimers();
  try {
    const { empty } = world(frameOf('first'), true, () => Promise.reject(new Error('no file')));
    const ready = empty.isReady();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await ready).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
