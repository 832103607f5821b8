import { describe, expect, test } from 'vitest';
import type { Envelope, Observation } from '../../interception/envelope.ts';
import { connectPage, openPageChannel } from './index.ts';
import { RECEIVER_LIMITS } from './receiver-limits.ts';
import { SENDER_LIMITS } from './wire.ts';

const frame = (text: string): Observation => ({
  kind: 'socket',
  socket: 1,
  url: 'wss://ws.chatgpt.com/p1',
  direction: 'in',
  data: text,
});

interface Ends {
  readonly channel: ReturnType<typeof openPageChannel>;
  readonly page: ReturnType<typeof connectPage>;
  readonly got: Envelope[];
  readonly answers: [number, string][];
  readonly stop: AbortController;
  /** Resolves once that many envelopes arrived. */
  arrived(count: number): Promise<void>;
}

/** A socket that is closed by the time that an answer goes on it. */
const CLOSED = 9;

function connect(first: 'hook' | 'isolated', limits = {}, receiver = {}): Ends {
  const target = new EventTarget();
  const got: Envelope[] = [];
  const answers: [number, string][] = [];
  const stop = new AbortController();
  const waiting: { count: number; done: () => void }[] = [];
  const onEnvelope = (envelope: Envelope): void => {
    got.push(envelope);
    for (const one of waiting) if (got.length >= one.count) one.done();
  };
  const openHook = () =>
    openPageChannel({
      target,
      onAnswer: (socket, text) => answers.push([socket, text]) > 0 && socket !== CLOSED,
      limits: { ...SENDER_LIMITS, ...limits },
    });
  const openPage = () =>
    connectPage({ target, signal: stop.signal, onEnvelope, limits: { ...RECEIVER_LIMITS, ...receiver } });
  let channel: Ends['channel'];
  let page: Ends['page'];
  if (first === 'hook') {
    channel = openHook();
    page = openPage();
  } else {
    page = openPage();
    channel = openHook();
  }
  const arrived = (count: number): Promise<void> =>
    got.length >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done }));
  return { channel, page, got, answers, stop, arrived };
}

describe('the page channel', () => {
  test.each(['hook', 'isolated'] as const)('carries everything in order when the %s starts first', async (first) => {
    const { channel, page, got, arrived, stop } = connect(first);
    expect(page.isConnected()).toBe(true);
    for (let index = 0; index < 3_000; index += 1) channel.emit(frame(`f${index}`));
    await arrived(3_000);
    expect(got.map((one) => one.kind === 'socket' && one.data)).toEqual([...Array(3_000).keys()].map((n) => `f${n}`));
    expect(got.map((one) => one.seq)).toEqual([...Array(3_000).keys()].map((n) => n + 1));
    expect(page.counts()).toEqual({ received: 3_000, malformed: 0, overLimit: 0, missing: 0, failed: 0 });
    expect(channel.dropped()).toBe(0);
    stop.abort();
  });

  test('says when those that came together are over, whatever becomes of that', async () => {
    const target = new EventTarget();
    const channel = openPageChannel({ target, onAnswer: () => false });
    for (let index = 0; index < 5; index += 1) channel.emit(frame(`f${index}`));
    const stop = new AbortController();
    let taken = 0;
    const batches: number[] = [];
    const page = await new Promise<ReturnType<typeof connectPage>>((resolve) => {
      const connected = connectPage({
        target,
        signal: stop.signal,
        onEnvelope: () => void (taken += 1),
        onBatch: () => {
          batches.push(taken);
          if (taken === 6) resolve(connected);
          else channel.emit(frame('one more'));
          throw new Error('a fault of whoever listens');
        },
      });
    });
    expect(batches).toEqual([5, 6]);
    expect(page.counts()).toMatchObject({ received: 6, missing: 0 });
    stop.abort();
  });

  test('keeps what was seen before the isolated end started', async () => {
    const target = new EventTarget();
    const channel = openPageChannel({ target, onAnswer: () => false });
    channel.emit(frame('early'));
    const stop = new AbortController();
    const got = await new Promise<Envelope>((resolve) =>
      connectPage({ target, signal: stop.signal, onEnvelope: resolve }),
    );
    expect(got).toMatchObject({ seq: 1, data: 'early' });
    stop.abort();
  });

  test('closes for good when nobody ever came and the bound is reached', () => {
    const channel = openPageChannel({
      target: new EventTarget(),
      onAnswer: () => false,
      limits: { ...SENDER_LIMITS, unclaimedEnvelopes: 10 },
    });
    for (let index = 0; index < 10; index += 1) channel.emit(frame('x'));
    expect(channel.isOpen()).toBe(true);
    channel.emit(frame('x'));
    expect(channel.isOpen()).toBe(false);
  });

  test('drops beyond its bound, shows the gap, and says how many at the next health', async () => {
    const { channel, got, arrived, stop, page } = connect('hook', { waitingEnvelopes: 5 });
    for (let index = 0; index < 20; index += 1) channel.emit(frame(`f${index}`));
    expect(channel.dropped()).toBe(13);
    await arrived(7);
    channel.emit({ kind: 'health', counts: { errors: 0 } });
    await arrived(8);
    expect(got[7]).toMatchObject({ seq: 21, kind: 'health', counts: { dropped: 13, errors: 0 } });
    expect(page.counts().missing).toBe(13);
    stop.abort();
  });

  test('a stream that lost a piece gets no more of them and ends as failed', async () => {
    const { channel, got, arrived, stop } = connect('hook', { waitingEnvelopes: 2 });
    const chunk = (): Observation => ({ kind: 'chunk', stream: 7, bytes: new Uint8Array([1]) });
    for (let index = 0; index < 6; index += 1) channel.emit(chunk());
    await arrived(4);
    channel.emit(chunk());
    channel.emit({ kind: 'end', stream: 7, how: 'complete' });
    await arrived(5);
    expect(got.slice(4)).toMatchObject([{ kind: 'end', how: 'failed' }]);
    stop.abort();
  });

  test('the only command is a tool response in JSON, and its sender learns whether it went', async () => {
    const { page, answers, stop } = connect('hook');
    const text = '{"type":"tool_response","id":"a"}';
    for (const refused of ['no json', '[]', '{"type":"message"}', 'x'.repeat(2_000_000)])
      expect(await page.sendOnSocket(1, refused)).toBe(false);
    const both = [page.sendOnSocket(3, text), page.sendOnSocket(CLOSED, text)];
    expect(await Promise.all(both)).toEqual([true, false]);
    expect(answers).toEqual([
      [3, text],
      [CLOSED, text],
    ]);
    const cut = page.sendOnSocket(3, text);
    stop.abort();
    expect(await cut).toBe(false);
  });

  test('both ends rest after the signal, and a second end is nothing', async () => {
    const { channel, page, stop } = connect('isolated');
    stop.abort();
    stop.abort();
    expect(page.isConnected()).toBe(false);
    expect(await page.sendOnSocket(1, '{}')).toBe(false);
    while (channel.isOpen()) await new Promise((resolve) => setImmediate(resolve));
    channel.emit(frame('late'));
    expect(channel.dropped()).toBe(0);
  });

  test('a consumer that throws costs only its own envelope', async () => {
    const target = new EventTarget();
    const channel = openPageChannel({ target, onAnswer: () => false });
    const stop = new AbortController();
    const seen: number[] = [];
    const page = await new Promise<ReturnType<typeof connectPage>>((resolve) => {
      const made = connectPage({
        target,
        signal: stop.signal,
        onEnvelope: ({ seq }) => {
          seen.push(seq);
          if (seq === 3) resolve(made);
          throw new Error('consumer');
        },
      });
      for (let index = 0; index < 3; index += 1) channel.emit(frame('x'));
    });
    expect(seen).toEqual([1, 2, 3]);
    expect(page.counts().failed).toBeGreaterThanOrEqual(2);
    stop.abort();
  });
});
