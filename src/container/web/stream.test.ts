import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { type PreviewRequest, socketMessageSize, type StreamEvent } from '../../contracts/preview.ts';
import { connectLoopback, listenLoopback } from '../../../tests/support/linux/loopback-guest.ts';
import type { Connect } from './fetch.ts';
import { streamFromGuest } from './stream.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.useRealTimers();
});

const GET: PreviewRequest = { method: 'GET', path: '/', headers: [], body: null };
const CHUNKED = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

/** What comes of a server that says so once it was asked. */
async function streamOf(say: (socket: Socket) => void, takes = true, request: Partial<PreviewRequest> = {}) {
  let guest: Socket | null = null;
  const server = await listenLoopback((socket) => {
    guest = socket;
    socket.on('error', () => undefined);
    socket.once('data', () => say(socket));
  });
  closing.push(server.close);
  const events: StreamEvent[] = [];
  let held = false;
  const connect: Connect = (port, take) =>
    connectLoopback(port, (bytes) => {
      const waits = take(bytes);
      held = waits !== undefined;
      return waits;
    });
  const stream = streamFromGuest(connect, server.port, { ...GET, ...request }, (event) => {
    events.push(event);
    if (takes && event.kind === 'bytes') stream.taken(socketMessageSize(event.bytes));
  });
  const text = (): string =>
    events.map((event) => (event.kind === 'bytes' ? new TextDecoder().decode(event.bytes) : '')).join('');
  const bytes = (): number =>
    events.reduce((sum, event) => sum + (event.kind === 'bytes' ? event.bytes.byteLength : 0), 0);
  const last = async (): Promise<StreamEvent | undefined> => {
    await expect.poll(() => events.at(-1)?.kind).toBe('closed');
    return events.at(-1);
  };
  return { stream, events, text, bytes, last, guest: () => guest, isHeld: () => held };
}

describe('an answer on its way', () => {
  it('is told piece by piece, its head first and once, its end last', async () => {
    const { events, text, last, guest } = await streamOf((socket) =>
      socket.write(`HTTP/1.1 100 Continue\r\n\r\n${CHUNKED}3\r\none\r\n`),
    );
    await expect.poll(text).toBe('one');
    expect(events[0]).toMatchObject({ kind: 'head', status: 200, statusText: 'OK' });
    guest()?.write('3\r\ntwo\r\n');
    await expect.poll(text).toBe('onetwo');
    guest()?.write('0\r\n\r\n');
    expect(await last()).toEqual({ kind: 'closed', code: 1000, reason: '', wasClean: true });
    expect(events.filter(({ kind }) => kind === 'head')).toHaveLength(1);
  });

  it.each([
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', {}, ''],
    ['to HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n', { method: 'HEAD' }, ''],
    ['of a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nall', {}, 'all'],
  ])('ends %s', async (_how, said, request, body) => {
    const { text, last, events } = await streamOf((socket) => socket.write(said), true, request);
    expect(await last()).toMatchObject({ wasClean: true });
    expect([events[0]?.kind, text()]).toEqual(['head', body]);
  });

  it.each([
    ['preview/broke-off', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut')],
    ['preview/broke-off', (socket: Socket) => socket.end()],
    ['preview/not-http', (socket: Socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n')],
    ['preview/not-http', (socket: Socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n')],
  ])('is closed by %s', async (reason, say) => {
    const { last } = await streamOf(say);
    expect(await last()).toMatchObject({ code: 1006, reason, wasClean: false });
  });

  it('is closed where nobody listens', async () => {
    const server = await listenLoopback(() => undefined);
    server.close();
    const reasons: string[] = [];
    streamFromGuest(
      connectLoopback,
      server.port,
      GET,
      (event) => event.kind === 'closed' && reasons.push(event.reason),
    );
    await expect.poll(() => reasons).toEqual(['preview/not-listening']);
  });

  it('waits for who takes it, and has no bound of its own', async () => {
    const piece = Buffer.alloc(65_536, 'x');
    const whole = LIMITS.previewBodyBytes.standard + piece.length;
    let sent = 0;
    const { stream, events, bytes, last, isHeld } = await streamOf((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(whole)}\r\n\r\n`);
      const send = (): void => {
        while (sent < whole && socket.write(piece.subarray(0, whole - sent))) sent += piece.length;
        if (sent < whole) {
          sent += piece.length;
          socket.once('drain', send);
        }
      };
      send();
    }, false);
    const enough = LIMITS.previewAheadBytes.standard;
    await expect.poll(bytes).toBeGreaterThanOrEqual(enough - piece.length);
    await expect.poll(isHeld).toBe(true);
    expect(bytes()).toBeLessThan(2 * enough);
    let taken = 0;
    const takeAll = setInterval(() => {
      const count = events.reduce(
        (sum, event) => sum + (event.kind === 'bytes' ? socketMessageSize(event.bytes) : 0),
        0,
      );
      if (count > taken) stream.taken(count - taken);
      taken = count;
    });
    closing.push(() => clearInterval(takeAll));
    expect(await last()).toMatchObject({ wasClean: true });
    expect(bytes()).toBe(whole);
  });

  it('has its time for the head alone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const silent = await streamOf(() => undefined);
    const begun = await streamOf((socket) => socket.write(CHUNKED));
    await vi.waitFor(() => expect(begun.events).toHaveLength(1));
    vi.advanceTimersByTime(LIMITS.previewTimeMs.standard + 1);
    expect(silent.events.at(-1)).toMatchObject({ kind: 'closed', reason: 'preview/timed-out' });
    expect(begun.events.at(-1)).toMatchObject({ kind: 'head' });
    begun.stream.destroy();
    expect(begun.events.at(-1)).toMatchObject({ kind: 'closed', wasClean: false });
  });
});
