import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../base/index.ts';
import { warmAhead } from './warm-ahead.ts';

const editor = new EventTarget();

interface Device {
  readonly deviceMemory?: number;
  readonly isHandheld?: boolean;
  readonly isOn?: boolean;
}

/** A window of such a device, with keys pressed in it as the browser tells of them: no script can make real ones. */
function pageOn({ deviceMemory, isHandheld = false, isOn = true }: Device) {
  let listener: (event: object) => void = () => undefined;
  const window = {
    navigator: { deviceMemory },
    matchMedia: () => ({ matches: isHandheld }),
    addEventListener: (_kind: string, take: typeof listener) => void (listener = take),
  } as unknown as Window;
  const warm = vi.fn(async () => ok(null));
  const life = new AbortController();
  const { signal } = life;
  const turn = warmAhead(window, { runs: { warm }, composer: () => editor, isOn: () => isOn, signal });
  const turnOpens = (stream = 'one') => turn({ stream, state: 'open' });
  const turnEnds = (stream = 'one') => turn({ stream, state: 'complete' });
  const turnHandsOver = (stream = 'one') => turn({ stream, state: 'handoff' });
  const press = (where: EventTarget = editor, isTrusted = true) =>
    listener({ isTrusted, composedPath: () => [new EventTarget(), where, window] });
  return { press, turnOpens, turnEnds, turnHandsOver, warm, end: () => life.abort() };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a key in the composer has Python begin, and who writes on asks again in time', () => {
  const { press, warm } = pageOn({ deviceMemory: 8 });
  press();
  press();
  expect(warm.mock.calls).toEqual([[{ language: 'python' }]]);
  vi.advanceTimersByTime(20_000);
  press();
  expect(warm).toHaveBeenCalledTimes(2);
});

test('keys elsewhere and keys that a script made have nothing begin', () => {
  const { press, warm } = pageOn({});
  press(new EventTarget());
  press(editor, false);
  expect(warm).not.toHaveBeenCalled();
  press();
  expect(warm).toHaveBeenCalledOnce();
});

test('a turn that opens has Python begin, unless it was asked a moment ago', () => {
  const { press, turnOpens, turnEnds, warm } = pageOn({});
  turnOpens();
  turnOpens();
  press();
  expect(warm).toHaveBeenCalledOnce();
  turnEnds();
  vi.advanceTimersByTime(20_000);
  expect(warm).toHaveBeenCalledOnce();
  turnOpens();
  expect(warm).toHaveBeenCalledTimes(2);
});

test('while a turn is open it is asked again and again, at most for some minutes', () => {
  const { turnOpens, turnEnds, warm } = pageOn({});
  turnOpens('one');
  turnOpens('two');
  vi.advanceTimersByTime(60_000);
  expect(warm).toHaveBeenCalledTimes(4);
  turnEnds('one');
  vi.advanceTimersByTime(20_000);
  expect(warm).toHaveBeenCalledTimes(5);
  turnEnds('two');
  vi.advanceTimersByTime(100_000);
  expect(warm).toHaveBeenCalledTimes(5);
  turnOpens('three');
  vi.advanceTimersByTime(3_600_000);
  expect(warm).toHaveBeenCalledTimes(6 + 15);
});

test('a turn that opens long after the last key is asked for before the browser lets go of what stands', () => {
  const { press, turnOpens, warm } = pageOn({});
  press();
  vi.advanceTimersByTime(19_000);
  turnOpens();
  expect(warm).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(6_000);
  expect(warm).toHaveBeenCalledTimes(2);
});

test('a turn that goes on in another stream is open until that one ends', () => {
  const { turnOpens, turnEnds, turnHandsOver, warm } = pageOn({});
  turnOpens('request');
  turnHandsOver('request');
  vi.advanceTimersByTime(40_000);
  expect(warm).toHaveBeenCalledTimes(3);
  turnOpens('socket');
  turnEnds('socket');
  vi.advanceTimersByTime(100_000);
  expect(warm).toHaveBeenCalledTimes(3);
});

test('nothing is asked any more once the page has gone', () => {
  const { turnOpens, warm, end } = pageOn({});
  turnOpens();
  end();
  vi.advanceTimersByTime(60_000);
  expect(warm).toHaveBeenCalledOnce();
});

test.each<[string, Device]>([
  ['short of memory', { deviceMemory: 4 }],
  ['held in the hand', { isHandheld: true }],
  ['on which the product is off', { isOn: false }],
])('nothing begins on a device %s', (_name, device) => {
  const { press, turnOpens, warm } = pageOn(device);
  press();
  turnOpens();
  vi.advanceTimersByTime(60_000);
  expect(warm).not.toHaveBeenCalled();
});
