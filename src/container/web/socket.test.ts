import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIMITS } from '../../contracts/limits.ts';
import { type HeaderList, type SocketEvent, socketMessageSize } from '../../contracts/preview.ts';
import { connectLoopback, listenLoopback } from '../../../tests/support/linux/loopback-guest.ts';
import { openGuestSocket } from './socket.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.useRealTimers();
});

/** A server of the package ws: not the library that stands at this end. */
async function wsServer(serve: (socket: WebSocket, request: IncomingMessage) => void): Promise<number> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (asked) => [...asked].at(-1) ?? false,
  });
  server.on('connection', (socket, request) => {
    socket.on('error', () => undefined);
    serve(socket, request);
  });
  await new Promise<void>((done) => server.once('listening', done));
  closing.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

/** A server that agrees to a websocket and then does what it is told, with bytes. `wrong` changes its answer. */
async function rawServer(
  serve: (socket: Socket) => void,
  wrong: (answer: string) => string | Buffer = (answer) => answer,
) {
  const server = await listenLoopback((socket) =>
    socket.once('data', (asked) => {
      const key = /^sec-websocket-key: (.*)\r$/im.exec(asked.toString())?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const lines = ['Upgrade: WebSocket', 'Connection: keep-alive, Upgrade', `Sec-WebSocket-Accept: ${accept}`];
      socket.write(wrong(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`));
      serve(socket);
    }),
  );
  closing.push(server.close);
  return server;
}

function open(port: number, protocols: readonly string[] = [], headers: HeaderList = []) {
  const events: SocketEvent[] = [];
  const socket = openGuestSocket(connectLoopback, { port, path: '/live?x=1', protocols, headers }, (event) => {
    events.push(event);
    if (event.kind === 'text') socket.taken(socketMessageSize(event.text));
    if (event.kind === 'bytes') socket.taken(socketMessageSize(event.bytes));
  });
  const until = async (kind: SocketEvent['kind']): Promise<SocketEvent | undefined> => {
    await expect.poll(() => events.some((event) => event.kind === kind)).toBe(true);
    return events.find((event) => event.kind === kind);
  };
  return { socket, events, until };
}

const UNCLEAN = { kind: 'closed', code: 1006, wasClean: false };

describe('a websocket to a server', () => {
  it('carries text and bytes both ways, with the protocol that the server chose', async () => {
    const port = await wsServer((peer) =>
      peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary })),
    );
    const { socket, events, until } = open(port, ['one', 'two']);
    expect(await until('open')).toEqual({ kind: 'open', protocol: 'two' });
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    await socket.send('gr\u00fc\u00df \u{1f600}');
    await socket.send('');
    await socket.send(bytes);
    await expect.poll(() => events.length).toBe(4);
    expect(events.slice(1)).toEqual([
      { kind: 'text', text: 'gr\u00fc\u00df \u{1f600}' },
      { kind: 'text', text: '' },
      { kind: 'bytes', bytes },
    ]);
    socket.close(null, '');
    expect(await until('closed')).toEqual({ kind: 'closed', code: 1000, reason: '', wasClean: true });
  });

  it('begins with the headers it is given, but for those that are the handshake’s own', async () => {
    const heard: IncomingMessage['headers'][] = [];
    const port = await wsServer((_peer, request) => heard.push(request.headers));
    const headers: HeaderList = [
      ['cookie', 'a=1; b=2'],
      ['host', 'elsewhere.example'],
      ['sec-websocket-version', '1'],
      ['upgrade', 'other'],
    ];
    const { until } = open(port, [], headers);
    await until('open');
    expect(heard).toMatchObject([
      { cookie: 'a=1; b=2', host: `localhost:${port}`, 'sec-websocket-version': '13', upgrade: 'websocket' },
    ]);
  });

  it('puts fragments together, with pings between them that it answers', async () => {
    const pongs: string[] = [];
    const port = await wsServer((peer) => {
      peer.on('pong', (data) => pongs.push(data.toString()));
      peer.send('a', { fin: false });
      peer.ping('1');
      peer.send('b', { fin: false });
      peer.ping('2');
      peer.send('c', { fin: true });
    });
    const { until } = open(port);
    expect(await until('text')).toEqual({ kind: 'text', text: 'abc' });
    await expect.poll(() => pongs).toEqual(['1', '2']);
  });

  it('hears what came together with the word for it', async () => {
    const hello = Buffer.from([0x81, 5, ...Buffer.from('hello')]);
    const { port } = await rawServer(
      () => undefined,
      (answer) => Buffer.concat([Buffer.from(answer), hello]),
    );
    expect(await open(port).until('text')).toEqual({ kind: 'text', text: 'hello' });
  });

  it('tells codes and reasons, its own and the server’s', async () => {
    const codes: number[] = [];
    const port = await wsServer((peer) => {
      peer.on('close', (code) => codes.push(code));
      peer.on('message', () => peer.close(4321, 'gr\u00fc\u00df'));
    });
    const ours = open(port);
    await ours.until('open');
    ours.socket.close(3001, 'enough');
    expect(await ours.until('closed')).toEqual({ kind: 'closed', code: 3001, reason: 'enough', wasClean: true });
    await expect.poll(() => codes).toEqual([3001]);
    const theirs = open(port);
    await theirs.until('open');
    await theirs.socket.send('x');
    expect(await theirs.until('closed')).toEqual({
      kind: 'closed',
      code: 4321,
      reason: 'gr\u00fc\u00df',
      wasClean: true,
    });
  });

  it.each([
    ['another key', (answer: string) => answer.replace(/Accept: ./, 'Accept: ')],
    ['no upgrade', (answer: string) => answer.replace('Upgrade: WebSocket', 'Upgrade: h2c')],
    ['no connection', (answer: string) => answer.replace(', Upgrade', '')],
    [
      'a protocol that nobody asked for',
      (answer: string) => answer.replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: x\r\n\r\n'),
    ],
    [
      'an extension',
      (answer: string) => answer.replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n'),
    ],
    ['a page', () => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['mail', () => '220 mail\r\n'],
    ['nothing, and hangs up', () => ''],
  ])('is none where the server answers with %s', async (what, wrong) => {
    const { port, open: connections } = await rawServer((socket) => what.includes('hangs up') && socket.end(), wrong);
    const { events, until } = open(port);
    expect(await until('closed')).toMatchObject(UNCLEAN);
    expect(events).toHaveLength(1);
    await expect.poll(connections).toBe(0);
  });

  it.each([
    ['a frame of a terabyte', [0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]],
    ['a frame above the bound', [0x82, 127, 0, 0, 0, 0, 0, 0x40, 0, 1]],
    ['an opcode that is none', [0x83, 0]],
    ['bits that nobody agreed to', [0xc1, 0]],
    ['the rest of nothing', [0x80, 0]],
    ['a second beginning', [0x01, 1, 97, 0x81, 1, 97]],
    ['a ping in pieces', [0x09, 0]],
    ['a ping that is too long', [0x89, 126, 0, 200]],
    ['text that is none', [0x81, 2, 0xc3, 0x28]],
  ])('ends at %s', async (_what, bytes) => {
    const { port, open: connections } = await rawServer((socket) => socket.write(Uint8Array.from(bytes)));
    const { events, until } = open(port);
    expect(await until('closed')).toMatchObject(UNCLEAN);
    expect(events.map(({ kind }) => kind)).toEqual(['open', 'closed']);
    await expect.poll(connections).toBe(0);
  });

  it('ends at fragments without end, within the bound of a message', async () => {
    const { port } = await rawServer((socket) => {
      const piece = Buffer.concat([Buffer.from([0, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536)]);
      socket.write(Buffer.from([0x02, 0]));
      const more = (): void => {
        while (!socket.destroyed && socket.write(piece));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    });
    const { events, until } = open(port);
    expect(await until('closed')).toMatchObject(UNCLEAN);
    expect(events).toHaveLength(2);
  });

  it('ends at pings without end whose answers nobody reads', async () => {
    const { port } = await rawServer((socket) => {
      socket.pause();
      const pings = Buffer.concat(
        Array.from({ length: 500 }, () => Buffer.concat([Buffer.from([0x89, 125]), Buffer.alloc(125)])),
      );
      const more = (): void => {
        while (!socket.destroyed && socket.write(pings));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    });
    const { until } = open(port);
    expect(await until('closed')).toMatchObject(UNCLEAN);
  });

  it('holds back a server that nobody takes from', async () => {
    let sent = 0;
    const port = await wsServer((peer) => {
      const more = (): void => {
        if (peer.readyState !== peer.OPEN) return;
        peer.send(Buffer.alloc(100_000), () => {
          sent += 100_000;
          more();
        });
      };
      more();
    });
    const events: SocketEvent[] = [];
    const socket = openGuestSocket(connectLoopback, { port, path: '/', protocols: [], headers: [] }, (event) =>
      events.push(event),
    );
    const received = (): number =>
      events.reduce((sum, event) => sum + (event.kind === 'bytes' ? event.bytes.length : 0), 0);
    await expect.poll(received).toBeGreaterThanOrEqual(LIMITS.previewAheadBytes.standard);
    const held = received();
    // Frames that came in the same piece of the connection come along.
    expect(held).toBeLessThan(2 * LIMITS.previewAheadBytes.standard);
    socket.taken(held);
    await expect.poll(received).toBeGreaterThan(held);
    socket.destroy();
    expect(events.at(-1)).toMatchObject(UNCLEAN);
    expect(sent).toBeGreaterThan(held);
  });

  it('does not wait long for a server that does not answer: neither at its begin nor at its end', async () => {
    const silent = await listenLoopback(() => undefined);
    closing.push(silent.close);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const beginning = open(silent.port);
    vi.advanceTimersByTime(LIMITS.previewTimeMs.standard);
    expect(beginning.events).toMatchObject([UNCLEAN]);
    vi.useRealTimers();
    const { port } = await rawServer(() => undefined);
    const ending = open(port);
    await ending.until('open');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    ending.socket.close(1000, '');
    vi.advanceTimersByTime(LIMITS.previewCloseMs.standard);
    expect(ending.events.at(-1)).toMatchObject(UNCLEAN);
  });
});
