import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askProbe, type HookBrowser, openHookBrowser } from '../browser/support/hook-browser.ts';
import { eventChunks, sha256 } from '../browser/support/hook-site.ts';

// Threat: the page replaces natives after the hook started, to blind it, to make it throw, or to look over its
// shoulder. What it would gain is its own traffic; what it must not get is our port, an exception or a changed byte.

/** Runs in the page: patches everything, makes traffic with natives saved before, mends, and tells what it noticed. */
async function sabotage(
  turn: string,
  socketAddress: string,
): Promise<{ text: string; frames: string[]; noticed: string[]; caught: string[]; errors: string[] }> {
  const { apply } = Reflect;
  const { defineProperty } = Object;
  const saved = { fetch, WebSocket, text: Response.prototype.text };
  const { includes } = String.prototype;
  let isLooking = false;
  /** Whether the hook is the caller; looking must not set off the traps itself. */
  const isOurs = (): boolean => {
    if (isLooking) return false;
    isLooking = true;
    const stack = new Error().stack ?? '';
    const found = apply(includes, stack, ['extension://']);
    isLooking = false;
    return found;
  };
  const noticed: string[] = [];
  const errors: string[] = [];
  window.addEventListener('error', (event) => errors.push(event.message));
  window.addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
  const mends: (() => void)[] = [];
  const set = (owner: object, key: PropertyKey, descriptor: PropertyDescriptor): void => {
    const before = Object.getOwnPropertyDescriptor(owner, key);
    if (before && !before.configurable) return;
    mends.push(() => (before ? Object.defineProperty(owner, key, before) : Reflect.deleteProperty(owner, key)));
    Object.defineProperty(owner, key, { configurable: true, ...descriptor });
  };
  let isArmed = true;
  const trap = (owner: object, key: PropertyKey, label: string): void => {
    const before = Object.getOwnPropertyDescriptor(owner, key);
    const run = (before?.value ?? before?.get) as ((...all: unknown[]) => unknown) | undefined;
    if (typeof run !== 'function') return;
    const evil = function (this: unknown, ...all: unknown[]): unknown {
      if (isArmed && isOurs()) noticed[noticed.length] = label;
      return apply(run, this, all);
    };
    set(owner, key, before?.get ? { ...before, get: evil } : { ...before, value: evil });
  };
  const prototypes: [object, string, readonly string[]][] = [
    [Promise.prototype, 'Promise', ['then', 'catch', 'finally']],
    [Map.prototype, 'Map', ['get', 'set', 'delete', 'has']],
    [WeakMap.prototype, 'WeakMap', ['get', 'set', 'has', 'delete']],
    [Array.prototype, 'Array', ['push', 'shift', 'slice', 'map', 'forEach', 'indexOf', 'includes']],
    [
      String.prototype,
      'String',
      ['startsWith', 'endsWith', 'includes', 'indexOf', 'slice', 'toLowerCase', 'toUpperCase', 'split'],
    ],
    [RegExp.prototype, 'RegExp', ['exec', 'test']],
    [Function.prototype, 'Function', ['call', 'apply', 'bind']],
    [JSON, 'JSON', ['parse', 'stringify']],
    [Reflect, 'Reflect', ['apply', 'construct', 'defineProperty', 'getPrototypeOf', 'getOwnPropertyDescriptor']],
    [Object, 'Object', ['defineProperty', 'keys', 'assign', 'create', 'setPrototypeOf']],
    [MessagePort.prototype, 'MessagePort', ['postMessage', 'start', 'close']],
    [EventTarget.prototype, 'EventTarget', ['addEventListener', 'removeEventListener', 'dispatchEvent']],
    [MessageEvent.prototype, 'MessageEvent', ['data', 'ports']],
    [Response.prototype, 'Response', ['clone', 'body', 'headers', 'status', 'url']],
    [Headers.prototype, 'Headers', ['get', 'has']],
    [ReadableStream.prototype, 'ReadableStream', ['getReader', 'cancel', 'locked']],
    [ReadableStreamDefaultReader.prototype, 'Reader', ['read', 'cancel']],
    [URL.prototype, 'URL', ['href', 'origin', 'pathname', 'search', 'host']],
    [Blob.prototype, 'Blob', ['arrayBuffer', 'size']],
    [ArrayBuffer.prototype, 'ArrayBuffer', ['slice', 'byteLength']],
    [
      Object.getPrototypeOf(Uint8Array.prototype) as object,
      'TypedArray',
      ['byteLength', 'byteOffset', 'buffer', 'length', 'slice', 'set'],
    ],
    [TextEncoder.prototype, 'TextEncoder', ['encode']],
    [TextDecoder.prototype, 'TextDecoder', ['decode']],
    [WebSocket.prototype, 'WebSocket', ['send', 'url', 'readyState']],
  ];
  for (const [owner, label, keys] of prototypes) for (const key of keys) trap(owner, key, `${label}.${key}`);
  trap(Array.prototype, Symbol.iterator, 'Array iterator');
  trap(Object.getPrototypeOf([][Symbol.iterator]()) as object, 'next', 'Array iterator next');
  for (const key of ['apply', 'construct', 'kind', 'v', '0', 'transfer', 'next']) {
    set(Object.prototype, key, {
      get() {
        if (isArmed && isOurs()) noticed[noticed.length] = `Object.prototype.${key}`;
        return undefined;
      },
      set(this: object, value: unknown) {
        if (isArmed && isOurs()) noticed[noticed.length] = `Object.prototype.${key}=`;
        defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }
  const frames: string[] = [];
  const caught: string[] = [];
  let text = '';
  try {
    const response = await apply(saved.fetch, window, [turn, { method: 'POST', body: '{}' }]);
    text = await apply(saved.text, response, []);
    const socket = new saved.WebSocket(socketAddress);
    await new Promise<void>((resolve) => {
      socket.onmessage = (event) => void (frames[frames.length] = typeof event.data === 'string' ? event.data : 'blob');
      socket.onclose = () => resolve();
    });
    const ours = noticed.length;
    (window as unknown as { feigned(): void }).feigned();
    for (let at = ours; at < noticed.length; at += 1) caught[caught.length] = noticed[at] ?? '';
    noticed.length = ours;
  } finally {
    isArmed = false;
    for (const mend of mends.reverse()) mend();
  }
  return { text, frames, noticed, caught, errors };
}

/** A script that passes for one of an extension, and uses what a page can change. */
const CARELESS = `globalThis.feigned = () => {
  [].push(1); new Map().set(1, 2); Promise.resolve().then(() => 0); void ({}).kind;
};
//# sourceURL=chrome-extension://feigned/hook.js`;

describe.each(['chrome', 'firefox'] as const)('natives patched by the page after the start in %s', (name) => {
  let hooked: HookBrowser;
  let page: Page;

  beforeAll(async () => {
    hooked = await openHookBrowser(name);
  });
  afterAll(() => hooked.close());
  beforeEach(async () => {
    await page?.close();
    page = await hooked.open();
  });

  test('the hook uses none of them, keeps seeing, and changes nothing', async () => {
    const whole = Buffer.concat(eventChunks(30));
    await page.evaluate(CARELESS);
    const result = await page.evaluate(
      sabotage,
      '/backend-api/f/conversation?n=30',
      'wss://ws.chatgpt.com/p1/ws/user/nine',
    );
    const { text, frames, noticed, caught, errors } = result;
    // The control: a hook that did use them would have been noticed.
    expect(caught).toEqual(expect.arrayContaining(['Array.push', 'Map.set', 'Promise.then', 'Object.prototype.kind']));
    expect(text).toBe(whole.toString());
    expect(frames).toHaveLength(9);
    expect(errors).toEqual([]);
    expect([...new Set(noticed)]).toEqual([]);
    const seen = await askProbe(page, { ends: 1, frames: 9, healths: 1 });
    expect(seen.streams[0]).toMatchObject({ sha256: sha256(whole), how: 'complete' });
    expect(seen.frames).toHaveLength(9);
    expect(seen.health).toMatchObject({ errors: 0, dropped: 0 });
  });

  test('natives that throw blind nobody and harm nobody', async () => {
    const whole = Buffer.concat(eventChunks(30));
    const text = await page.evaluate(async (turn) => {
      const { then } = Promise.prototype;
      const { read } = ReadableStreamDefaultReader.prototype;
      const { get } = Headers.prototype;
      const { clone } = Response.prototype;
      const { postMessage } = MessagePort.prototype;
      const boom = (): never => {
        throw new Error('boom');
      };
      const response = fetch(turn, { method: 'POST', body: '{}' });
      ReadableStreamDefaultReader.prototype.read = boom;
      Headers.prototype.get = boom;
      Response.prototype.clone = boom;
      MessagePort.prototype.postMessage = boom;
      Reflect.defineProperty(Promise.prototype, 'then', { value: boom, writable: true, configurable: true });
      const got = await (await response).text();
      Reflect.defineProperty(Promise.prototype, 'then', { value: then, writable: true, configurable: true });
      Object.assign(ReadableStreamDefaultReader.prototype, { read });
      Object.assign(Headers.prototype, { get });
      Object.assign(Response.prototype, { clone });
      Object.assign(MessagePort.prototype, { postMessage });
      return got;
    }, '/backend-api/f/conversation?n=30');
    expect(text).toBe(whole.toString());
    expect((await askProbe(page, { ends: 1 })).streams[0]).toMatchObject({ sha256: sha256(whole), how: 'complete' });
  });

  test('the page hears nothing of the channel, whatever it listens to', async () => {
    const heard = await page.evaluate(async (turn) => {
      const list: string[] = [];
      for (const target of [window, document]) {
        for (const type of ['message', 'companion:ask', 'companion:offer', 'messageerror', 'error']) {
          target.addEventListener(type, (event) => list.push(event.type), true);
        }
      }
      await (await fetch(turn, { method: 'POST', body: '{}' })).text();
      return list;
    }, '/backend-api/f/conversation?n=10');
    await askProbe(page, { ends: 1 });
    expect(heard).toEqual([]);
  });

  test('a page that asks for the port or offers its own gets nothing', async () => {
    const got = await page.evaluate(async (turn) => {
      const list: unknown[] = [];
      window.addEventListener('companion:offer', (event) => list.push(event.type));
      window.dispatchEvent(new Event('companion:ask'));
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => list.push(event.data);
      list.push(window.dispatchEvent(new MessageEvent('companion:offer', { cancelable: true, ports: [port2] })));
      await (await fetch(turn, { method: 'POST', body: '{}' })).text();
      return list;
    }, '/backend-api/f/conversation?n=10');
    expect((await askProbe(page, { ends: 1 })).isConnected).toBe(true);
    // Its own offer event reaches its own listener, and nobody takes the port.
    expect(got).toEqual(['companion:offer', true]);
  });
});
