import { expect, test, vi } from 'vitest';
import type { BoxHandle } from './box-handle.ts';
import { Calm } from './calm.ts';
import { EmptyBox } from './empty-box.ts';

const never = new AbortController().signal;
const frameOf = (name: string): HTMLIFrameElement => ({ name, remove: vi.fn() }) as unknown as HTMLIFrameElement;

/** Boxes that stand at once; each says of which frame it was made. */
function world(first?: HTMLIFrameElement, canAfford = true) {
  const opened: { readonly frame: HTMLIFrameElement | undefined; readonly box: { isOpen: boolean } }[] = [];
  const empty = new EmptyBox(
    async (_signal, frame) => {
      const box = {
        isOpen: true,
        close: () => {
          box.isOpen = false;
        },
      };
      opened.push({ frame, box });
      return box as unknown as BoxHandle;
    },
    () => canAfford,
    new Calm(),
    first,
  );
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
  const empty = new EmptyBox(closing, () => true, new Calm(), frameOf('first'));
  const taken = empty.take(stop.signal);
  stop.abort();
  expect(await taken).toBeNull();
});
