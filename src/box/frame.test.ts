import { Window } from 'happy-dom';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFrame } from './frame.ts';
import { BOX_READY } from './messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world() {
  const window = new Window({ settings: { disableIframePageLoading: true } });
  const document = window.document as unknown as Document;
  // happy-dom gives a frame no window where it loads no pages.
  const windows = new Map<object, object>();
  Object.defineProperty(window.HTMLIFrameElement.prototype, 'contentWindow', {
    get(this: object) {
      const known = windows.get(this) ?? { postMessage: vi.fn() };
      windows.set(this, known);
      return known;
    },
  });
  const first = document.createElement('iframe');
  document.body.append(first);
  const sayReady = (frame: HTMLIFrameElement | null): void => {
    const data = { op: BOX_READY, hasSharedMemory: true };
    const event = new window.Event('message');
    Object.assign(event, { data, origin: 'null', source: frame?.contentWindow });
    window.dispatchEvent(event);
  };
  const frames = (): HTMLIFrameElement[] => [...document.querySelectorAll('iframe')];
  return { document, first, frames, sayReady };
}

const never = new AbortController().signal;

test('a frame that the document came with is replaced when its page does not come', async () => {
  const { document, first, frames, sayReady } = world();
  const opening = openFrame({ document, pageUrl: 'about:blank', frame: first, neighbours: new Set(), signal: never });
  vi.advanceTimersByTime(1400);
  expect(frames()).toEqual([first]);
  vi.advanceTimersByTime(200);
  expect(frames()).toHaveLength(1);
  expect(frames()[0]).not.toBe(first);
  expect(frames()[0]?.getAttribute('sandbox')).toBe('allow-scripts');
  sayReady(first);
  sayReady(frames()[0] ?? null);
  const box = await opening;
  expect(box?.isOpen).toBe(true);
  box?.close();
  expect(frames()).toEqual([]);
});

test('one whose page came stays, however long it is used', async () => {
  const { document, first, frames, sayReady } = world();
  const opening = openFrame({ document, pageUrl: 'about:blank', frame: first, neighbours: new Set(), signal: never });
  sayReady(first);
  const box = await opening;
  expect(box?.isOpen).toBe(true);
  vi.advanceTimersByTime(5000);
  expect(frames()).toEqual([first]);
  box?.close();
});

test('a frame made here waits as long as its signal does', async () => {
  const { document, first, frames, sayReady } = world();
  first.remove();
  const opening = openFrame({ document, pageUrl: 'about:blank', neighbours: new Set(), signal: never });
  const [made] = frames();
  vi.advanceTimersByTime(10_000);
  expect(frames()).toEqual([made]);
  sayReady(made ?? null);
  const box = await opening;
  expect(box?.isOpen).toBe(true);
  box?.close();
});
