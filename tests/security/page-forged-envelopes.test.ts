import { afterEach, describe, expect, test } from 'vitest';
import { connectPage, openPageChannel } from '../../src/bridge/page/index.ts';
import { RECEIVER_LIMITS } from '../../src/bridge/page/receiver-limits.ts';
import type { Envelope } from '../../src/interception/envelope.ts';
import { OPEN_ENVELOPE as open, SOCKET_ENVELOPE as socket } from '../support/sample-envelopes.ts';

// Threat: the page forges what the hook would send, or commands to the hook. It holds, at worst, a port of its own.

const OFFER = 'companion:offer';
const ASK = 'companion:ask';

const FORGED: readonly unknown[] = [
  null,
  undefined,
  0,
  'text',
  true,
  [],
  {},
  [socket],
  new Date(0),
  new Map([['kind', 'socket']]),
  new Set([1]),
  new Error('x'),
  { ...socket, v: 2 },
  { ...socket, v: '1' },
  { ...socket, seq: -1 },
  { ...socket, seq: 1.5 },
  { ...socket, seq: NaN },
  { ...socket, seq: Infinity },
  { ...socket, seq: 2 ** 53 },
  { ...socket, seq: '1' },
  { ...socket, seq: 0 },
  { ...socket, kind: 'command' },
  { ...socket, kind: 'answer' },
  { ...socket, kind: '__proto__' },
  { ...socket, kind: null },
  { ...socket, url: 'https://evil.invalid/' },
  { ...socket, url: 'wss://ws.chatgpt.com/p?verify=x' },
  { ...socket, url: 'javascript:1' },
  { ...socket, url: 'w'.repeat(100_000) },
  { ...socket, direction: 'up' },
  { ...socket, data: 7 },
  { ...socket, data: { length: 3 } },
  { ...socket, data: new Uint8Array(new SharedArrayBuffer(4)) },
  { ...socket, data: new ArrayBuffer(4) },
  { ...socket, socket: '1' },
  { ...open, url: 'https://chatgpt.com.evil.invalid/backend-api/f/conversation' },
  { ...open, url: 'http://chatgpt.com/x' },
  { ...open, url: 'file:///etc/passwd' },
  { ...open, url: 'chrome-extension://x/' },
  { ...open, method: 'DELETE' },
  { ...open, transport: 'disk' },
  { ...open, status: 1_000 },
  { ...open, status: -1 },
  { ...open, contentType: 'x'.repeat(1_000) },
  { ...open, retryAfter: 30 },
  { ...open, request: 'x'.repeat(70_000) },
  { ...open, request: {} },
  { ...open, stream: -1 },
  { v: 1, seq: 1, kind: 'chunk', stream: 1, bytes: [1, 2] },
  { v: 1, seq: 1, kind: 'chunk', stream: 1, bytes: 'text' },
  { v: 1, seq: 1, kind: 'chunk', stream: 1, bytes: new Uint16Array(2) },
  { v: 1, seq: 1, kind: 'chunk', bytes: new Uint8Array(1) },
  { v: 1, seq: 1, kind: 'chunk', stream: 1, bytes: new DataView(new ArrayBuffer(1)) },
  { v: 1, seq: 1, kind: 'end', stream: 1, how: 'well' },
  { v: 1, seq: 1, kind: 'end', stream: {}, how: 'complete' },
  { v: 1, seq: 1, kind: 'health', counts: null },
  { v: 1, seq: 1, kind: 'health', counts: { a: '1' } },
  { v: 1, seq: 1, kind: 'health', counts: { 'not a name': 1 } },
  { v: 1, seq: 1, kind: 'health', counts: { a: -1 } },
  {
    v: 1,
    seq: 1,
    kind: 'health',
    counts: Object.fromEntries([...Array(100).keys()].map((n) => [`a${'b'.repeat(n % 30)}${n}`, 1])),
  },
];

interface Victim {
  readonly target: EventTarget;
  readonly got: Envelope[];
  readonly page: ReturnType<typeof connectPage>;
  /** The port that a page got hold of by posing as the hook. */
  readonly port: MessagePort;
  /** Resolves when everything posted before was dealt with. */
  settled(): Promise<void>;
}

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

function attack(limits = {}, nowMs?: () => number): Victim {
  const target = new EventTarget();
  const got: Envelope[] = [];
  const stop = new AbortController();
  stops.push(stop);
  let port: MessagePort | null = null;
  target.addEventListener(
    OFFER,
    (event) => {
      port = (event as MessageEvent).ports[0] ?? null;
      event.preventDefault();
    },
    { once: true },
  );
  const page = connectPage({
    target,
    signal: stop.signal,
    onEnvelope: (one) => got.push(one),
    limits: { ...RECEIVER_LIMITS, ...limits },
    ...(nowMs ? { nowMs } : {}),
  });
  const taken = port as MessagePort | null;
  if (taken === null) throw new Error('no port was offered');
  let marks = 1_000_000;
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      marks += 1;
      const mark = marks;
      const take = (event: MessageEvent): void => {
        if ((event.data as { batch?: number }).batch !== mark) return;
        taken.removeEventListener('message', take);
        resolve();
      };
      taken.addEventListener('message', take);
      taken.start();
      taken.postMessage({ batch: mark, size: 0 });
    });
  return { target, got, page, port: taken, settled };
}

const batch = (...envelopes: readonly unknown[]): Record<string, unknown> => ({
  batch: 1,
  size: envelopes.length,
  ...envelopes,
});

describe('forged envelopes', () => {
  test('no malformed one has an effect, and each is counted', async () => {
    const { port, page, got, settled } = attack();
    for (const one of FORGED) port.postMessage(batch(one));
    await settled();
    expect(got).toEqual([]);
    expect(page.counts()).toMatchObject({ received: 0, malformed: FORGED.length });
    port.postMessage(batch(socket));
    await settled();
    expect(got).toHaveLength(1);
  });

  test('messages that are no batch have no effect', async () => {
    const { port, page, got, settled } = attack();
    const odd = [
      null,
      5,
      'x',
      [],
      [socket],
      socket,
      { size: -1 },
      { size: 'all', 0: socket },
      { size: 1e9 },
      { kind: 'bye' },
      { kind: 'ack', batch: 1 },
      { kind: 'sent' },
      { kind: 'sent', answer: 7, isSent: true },
    ];
    for (const one of odd) port.postMessage(one);
    await settled();
    expect(got).toEqual([]);
    expect(page.counts().malformed).toBe(odd.length);
    expect(page.isConnected()).toBe(true);
  });

  test('members beyond the shape are left behind, also those that poison prototypes', async () => {
    const { port, got, settled } = attack();
    const poisoned = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as object;
    port.postMessage(batch({ ...socket, ...poisoned, extra: 1 }));
    port.postMessage(batch({ v: 1, seq: 2, kind: 'health', counts: JSON.parse('{"__proto__":1,"ok":2}') as object }));
    await settled();
    expect(got).toEqual([socket]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('replays and numbers that go back are refused', async () => {
    const { port, page, got, settled } = attack();
    for (const seq of [5, 5, 4, 1, 6]) port.postMessage(batch({ ...socket, seq }));
    await settled();
    expect(got.map((one) => one.seq)).toEqual([5, 6]);
    expect(page.counts()).toMatchObject({ malformed: 3, missing: 4 });
  });

  test('a flood is cut at the rate, and a later second is served again', async () => {
    let atMs = 0;
    const { port, page, got, settled } = attack({ envelopesPerSecond: 100, burstSeconds: 2 }, () => atMs);
    let seq = 0;
    const flood = (): void => {
      for (let round = 0; round < 10; round += 1) {
        port.postMessage(batch(...[...Array(100).keys()].map(() => ({ ...socket, seq: (seq += 1) }))));
      }
    };
    flood();
    await settled();
    expect(got).toHaveLength(200);
    expect(page.counts().overLimit).toBe(800);
    atMs = 1_000;
    flood();
    await settled();
    expect(got).toHaveLength(300);
  });

  test('bytes are limited as well, each envelope and all together', async () => {
    const { port, page, got, settled } = attack(
      { bytesPerSecond: 10_000, burstSeconds: 1, envelopeBytes: 6_000 },
      () => 0,
    );
    const chunk = (seq: number, size: number): object => ({
      v: 1,
      seq,
      kind: 'chunk',
      stream: 1,
      bytes: new Uint8Array(size),
    });
    for (const [index, size] of [7_000, 5_000, 4_000, 5_000].entries()) port.postMessage(batch(chunk(index + 1, size)));
    await settled();
    expect(got.map((one) => one.seq)).toEqual([2, 3]);
    expect(page.counts().overLimit).toBe(2);
  });

  test('who sends nothing but junk loses the port', async () => {
    const { port, page } = attack({ malformed: 50 });
    const said = new Promise((resolve) => {
      port.addEventListener('message', (event) => (event.data as { kind: string }).kind === 'bye' && resolve('bye'));
      port.start();
    });
    for (let index = 0; index < 60; index += 1) port.postMessage(batch({ junk: index }));
    expect(await said).toBe('bye');
    expect(page.isConnected()).toBe(false);
  });
});

describe('forged ports', () => {
  test('once the hook has the port, nobody is offered another', () => {
    const target = new EventTarget();
    const stop = new AbortController();
    stops.push(stop);
    openPageChannel({ target, onAnswer: () => false });
    const page = connectPage({ target, signal: stop.signal, onEnvelope: () => undefined });
    expect(page.isConnected()).toBe(true);
    let offers = 0;
    target.addEventListener(OFFER, () => (offers += 1));
    for (let index = 0; index < 10; index += 1) target.dispatchEvent(new Event(ASK));
    expect(offers).toBe(0);
  });

  test('who asks after the document was read gets nothing', () => {
    const target = new EventTarget();
    const stop = new AbortController();
    stops.push(stop);
    connectPage({ target, signal: stop.signal, onEnvelope: () => undefined });
    let offers = 0;
    target.addEventListener(OFFER, () => (offers += 1));
    // The control: who asks before, and has not taken it, is offered it.
    target.dispatchEvent(new Event(ASK));
    expect(offers).toBe(1);
    target.dispatchEvent(new Event('DOMContentLoaded'));
    target.dispatchEvent(new Event(ASK));
    expect(offers).toBe(1);
  });

  test('a forged offer changes nothing for a hook that is connected, and none makes it throw', () => {
    const target = new EventTarget();
    const stop = new AbortController();
    stops.push(stop);
    const answers: unknown[] = [];
    const channel = openPageChannel({ target, onAnswer: (...all) => answers.push(all) > 0 });
    for (const event of [
      new Event(OFFER),
      new MessageEvent(OFFER),
      new CustomEvent(OFFER, { detail: { ports: [1] } }),
    ]) {
      expect(() => target.dispatchEvent(event)).not.toThrow();
    }
    connectPage({ target, signal: stop.signal, onEnvelope: () => undefined });
    const { port1, port2 } = new MessageChannel();
    const forged = new MessageEvent(OFFER, { cancelable: true, ports: [port2] });
    expect(target.dispatchEvent(forged)).toBe(true);
    port1.postMessage({ kind: 'answer', answer: 1, socket: 1, text: '{"type":"tool_response"}' });
    port1.postMessage({ kind: 'bye' });
    expect(channel.isOpen()).toBe(true);
    expect(answers).toEqual([]);
    port1.close();
    port2.close();
  });

  test('commands of the wrong shape do nothing at the hook', async () => {
    const target = new EventTarget();
    const answers: unknown[] = [];
    const channel = openPageChannel({ target, onAnswer: (...all) => answers.push(all) > 0 });
    const { port1, port2 } = new MessageChannel();
    target.dispatchEvent(new MessageEvent(OFFER, { cancelable: true, ports: [port2] }));
    const text = '{"type":"tool_response"}';
    const odd = [
      null,
      1,
      'bye',
      [],
      {},
      { kind: 'eval', text },
      { kind: 'answer' },
      { kind: 'answer', answer: 1 },
      { kind: 'answer', socket: 1, text },
      { kind: 'answer', answer: '1', socket: 1, text },
      { kind: 'answer', answer: 1, socket: '1', text },
      { kind: 'answer', answer: 1, socket: 1, text: 5 },
      { kind: 'answer', answer: 1, socket: 1, text: '{' },
      { kind: 'answer', answer: 1, socket: 1, text: 'null' },
      { kind: 'answer', answer: 1, socket: 1, text: '[{"type":"tool_response"}]' },
      { kind: 'ack' },
      { kind: 'ack', batch: -5 },
      { kind: ['bye'] },
    ];
    for (const one of odd) port1.postMessage(one);
    port1.postMessage({ kind: 'answer', answer: 2, socket: 7, text });
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual([[7, text]]);
    expect(channel.isOpen()).toBe(true);
    port1.close();
  });
});
