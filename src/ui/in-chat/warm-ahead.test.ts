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
  const { signal } = new AbortController();
  const turnOpens = warmAhead(window, { runs: { warm }, composer: () => editor, isOn: () => isOn, signal });
  const press = (where: EventTarget = editor, isTrusted = true) =>
    listener({ isTrusted, composedPath: () => [new EventTarget(), where, window] });
  return { press, turnOpens, warm };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a key in the composer has Python begin, and who writes on asks again in time', () => {
  const { press, warm } = pageOn({ deviceMemory: 8 });
  press();
  press();
  expect(warm.mock.calls).toEqual([[{ language: 'python' }]]);
  vi.advanceTimersByTime(60_000);
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
  const { press, turnOpens, warm } = pageOn({});
  turnOpens();
  turnOpens();
  press();
  expect(warm).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  turnOpens();
  expect(warm).toHaveBeenCalledTimes(2);
});

test.each<[string, Device]>([
  ['short of memory', { deviceMemory: 4 }],
  ['held in the hand', { isHandheld: true }],
  ['on which the product is off', { isOn: false }],
])('nothing begins on a device %s', (_name, device) => {
  const { press, turnOpens, warm } = pageOn(device);
  press();
  turnOpens();
  expect(warm).not.toHaveBeenCalled();
});
