import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ShellScope, workerShell } from './worker-shell.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker behind the wall, whose browser says of the policy and of the stores when it is told to. */
function world() {
  const sent: unknown[] = [];
  const listeners = new Map<string, ((event: MessageEvent<unknown>) => void)[]>();
  const refused = Promise.withResolvers<never>();
  const scope: ShellScope = {
    postMessage: (message) => void sent.push(message),
    addEventListener: (type, listener) => void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    removeEventListener: () => undefined,
    fetch: () => Promise.reject(new TypeError('refused')),
    origin: 'null',
    caches: { open: () => refused.promise } as unknown as CacheStorage,
    navigator: {},
  };
  const fire = (type: string, data: unknown = null): void => {
    const event = { data, stopImmediatePropagation: () => undefined } as unknown as MessageEvent<unknown>;
    for (const listener of listeners.get(type) ?? []) listener(event);
  };
  workerShell(scope, () => 1, 10, 0);
  fire('message', { kind: 'script', text: '' });
  return { sent, violate: () => fire('securitypolicyviolation'), refuse: () => refused.reject(new Error('refused')) };
}

test('a browser that answers late, as one that starts under load, has its wall', async () => {
  const { sent, violate, refuse } = world();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(sent).toEqual([]);
  violate();
  refuse();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([{ kind: 'proof', failures: [] }]);
});

test('a route of which nothing is heard counts as open', async () => {
  const { sent, refuse } = world();
  refuse();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual([{ kind: 'proof', failures: ['network'] }]);
});
