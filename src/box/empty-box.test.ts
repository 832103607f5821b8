import { expect, test, vi } from 'vitest';
import type { BoxHandle } from './box-handle.ts';
import { EmptyBox } from './empty-box.ts';

const never = new AbortController().signal;
const frameOf = (name: string): HTMLIFrameElement => ({ name }) as HTMLIFrameElement;

/** Boxes that stand at once; each says of which frame it was made. */
function world(first?: HTMLIFrameElement) {
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
    () => true,
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
