import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import type { PreviewRequest } from '../../contracts/preview.ts';
import { connectLoopback, listenLoopback } from '../../../tests/support/linux/loopback-guest.ts';
import { Ending } from './ending.ts';
import { fetchFromGuest } from './fetch.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.useRealTimers();
});

const GET: PreviewRequest = { method: 'GET', path: '/', headers: [], body: null };
const never = new Ending();
const head = (...lines: string[]): string => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;

async function served(serve: (socket: Socket) => void) {
  const server = await listenLoopback(serve);
  closing.push(server.close);
  return server;
}

/** What comes of a server that says so once it was asked. */
async function answerTo(say: (socket: Socket) => void, request: Partial<PreviewRequest> = {}) {
  const { port } = await served((socket) => socket.once('data', () => say(socket)));
  return fetchFromGuest(connectLoopback, port, { ...GET, ...request }, never);
}

async function codeOf(say: (socket: Socket) => void): Promise<string> {
  const answer = await answerTo(say);
  return answer.ok ? `answered ${answer.value.status}` : answer.error.code;
}

/** Writes as long as anybody reads. */
function flood(socket: Socket, piece: Buffer | string): void {
  while (!socket.destroyed && socket.write(piece));
  if (!socket.destroyed) socket.once('drain', () => flood(socket, piece));
}

describe('a request to a server', () => {
  it('comes as Node understands it, and its answer as Node meant it', async () => {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        response.setHeader('x-heard', JSON.stringify([request.method, request.url, request.headers]));
        response.setHeader('set-cookie', ['a=1', 'b=2']);
        response.writeHead(418, 'Short and Stout');
        response.end(Buffer.concat(pieces));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closing.push(() => server.close());
    const { port } = server.address() as { port: number };
    const body = new Uint8Array(300_000).fill(7);
    const headers: [string, string][] = [
      ['accept', 'text/*'],
      ['cookie', 'c=3'],
      ['host', 'elsewhere.example'],
      ['content-length', '1'],
      ['transfer-encoding', 'chunked'],
      ['expect', '100-continue'],
      ['accept-encoding', 'gzip'],
      ['sec-websocket-key', 'x'],
    ];
    const request = { method: 'PUT', path: '/a%20b?c=d', headers, body };
    const answer = await fetchFromGuest(connectLoopback, port, request, never);
    if (!answer.ok) throw new Error(answer.error.code);
    expect(answer.value).toMatchObject({ status: 418, statusText: 'Short and Stout' });
    expect(answer.value.body).toEqual(body);
    const lines = answer.value.headers.filter(([name]) => name === 'set-cookie');
    expect(lines).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(JSON.parse(answer.value.headers.find(([name]) => name === 'x-heard')?.[1] ?? '')).toEqual([
      'PUT',
      '/a%20b?c=d',
      {
        accept: 'text/*',
        cookie: 'c=3',
        host: `localhost:${port}`,
        connection: 'close',
        'accept-encoding': 'identity',
        'content-length': '300000',
      },
    ]);
  });

  it.each([
    ['a length', head('Content-Length: 4', 'Connection: keep-alive') + 'word'],
    ['pieces', head('Transfer-Encoding: chunked') + '2\r\nwo\r\n1;a=b\r\nr\r\n1\r\nd\r\n0\r\nX-After: 1\r\n\r\n'],
    ['an interim answer', `HTTP/1.1 100 Continue\r\n\r\n${head('Content-Length: 4')}word and more`],
  ])('has an answer of %s, in whatever bits it comes', async (_how, text) => {
    for (const bits of [text.length, 7, 1]) {
      const answer = await answerTo((socket) => {
        socket.setNoDelay();
        for (let at = 0; at < text.length; at += bits) socket.write(text.slice(at, at + bits));
      });
      expect(answer.ok && new TextDecoder().decode(answer.value.body)).toBe('word');
    }
  });

  it('has an answer that ends where its server hangs up, and none where it hangs up too early', async () => {
    const answer = await answerTo((socket) => socket.end(`${head()}all of it`));
    expect(answer.ok && new TextDecoder().decode(answer.value.body)).toBe('all of it');
    expect(await codeOf((socket) => socket.end())).toBe('preview/broke-off');
    expect(await codeOf((socket) => socket.end(`${head('Content-Length: 9')}all`))).toBe('preview/broke-off');
    expect(await codeOf((socket) => socket.end(`${head('Transfer-Encoding: chunked')}5\r\nab`))).toBe(
      'preview/broke-off',
    );
    expect(await codeOf((socket) => socket.end('HTTP/1.1 200 OK\r\nX: y'))).toBe('preview/broke-off');
  });

  it('of the head alone has no body, whatever is said of it', async () => {
    const answer = await answerTo((socket) => socket.write(head('Content-Length: 99999999999')), { method: 'HEAD' });
    expect(answer.ok && answer.value).toMatchObject({ status: 200, body: new Uint8Array(0) });
  });

  it.each([
    ['a greeting of mail', '220 mail.example ESMTP\r\n'],
    ['TLS', Buffer.from([0x15, 3, 1, 0, 2, 2, 70])],
    ['a request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['two lengths', `${head('Content-Length: 1', 'Content-Length: 2')}ab`],
    ['a length and pieces', `${head('Content-Length: 1', 'Transfer-Encoding: chunked')}1\r\na\r\n0\r\n\r\n`],
    ['a length below zero', head('Content-Length: -1')],
    ['a length in words', head('Content-Length: 1e3')],
    ['a piece without a size', `${head('Transfer-Encoding: chunked')}\r\n\r\n`],
    ['a piece of a size in words', `${head('Transfer-Encoding: chunked')}zz\r\n`],
    ['a piece of a size below zero', `${head('Transfer-Encoding: chunked')}-1\r\n`],
    ['a piece of more than fits a number', `${head('Transfer-Encoding: chunked')}${'f'.repeat(17)}\r\n`],
    ['a piece longer than it says', `${head('Transfer-Encoding: chunked')}1\r\nab\r\n`],
    ['a name with a blank', head('X y: z')],
    ['a name of ours', head('__proto__: z')],
    ['a zero byte', head('X: \0')],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ])('to one that answers with %s is refused', async (_what, bytes) => {
    expect(await codeOf((socket) => socket.write(bytes))).toBe('preview/not-http');
  });

  it.each([
    ['headers without end', (socket: Socket) => void (socket.write('HTTP/1.1 200 OK\r\n'), flood(socket, 'x: y\r\n'))],
    [
      'one header without end',
      (socket: Socket) => void (socket.write('HTTP/1.1 200 OK\r\nx: '), flood(socket, 'y'.repeat(999))),
    ],
    ['empty lines without end', (socket: Socket) => flood(socket, '\r\n'.repeat(99))],
    ['interim answers without end', (socket: Socket) => flood(socket, 'HTTP/1.1 102 Wait\r\n\r\n')],
    ['a body of a gigabyte, as it says', (socket: Socket) => void socket.write(head(`Content-Length: ${1024 ** 3}`))],
    ['a body without end', (socket: Socket) => void (socket.write(head()), flood(socket, Buffer.alloc(65_536)))],
    [
      'pieces without end',
      (socket: Socket) =>
        void (socket.write(head('Transfer-Encoding: chunked')), flood(socket, `10000\r\n${'x'.repeat(65_536)}\r\n`)),
    ],
    [
      'words beside a piece without end',
      (socket: Socket) =>
        void (socket.write(`${head('Transfer-Encoding: chunked')}1;`), flood(socket, 'x'.repeat(999))),
    ],
    [
      'trailers without end',
      (socket: Socket) => void (socket.write(`${head('Transfer-Encoding: chunked')}0\r\n`), flood(socket, 'x: y\r\n')),
    ],
  ])('to one that sends %s ends at its bound', async (_what, say) => {
    expect(await codeOf(say)).toBe('preview/too-large');
  });

  it('leaves no connection behind', async () => {
    const server = await served((socket) => socket.once('data', () => flood(socket, 'x'.repeat(999))));
    const answer = await fetchFromGuest(connectLoopback, server.port, GET, never);
    expect(answer).toMatchObject({ ok: false, error: { code: 'preview/too-large' } });
    await expect.poll(server.open).toBe(0);
  });

  it('to one that drips ends when its time is up, or when nobody wants it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await served((socket) => socket.write('HTTP/1.1 200 OK\r\n'));
    const late = fetchFromGuest(connectLoopback, server.port, GET, never);
    vi.advanceTimersByTime(LIMITS.previewTimeMs.standard);
    expect(await late).toMatchObject({ ok: false, error: { code: 'preview/timed-out' } });
    const ending = new Ending();
    const unwanted = fetchFromGuest(connectLoopback, server.port, GET, ending);
    ending.end();
    expect(await unwanted).toMatchObject({ ok: false, error: { code: 'preview/timed-out' } });
  });

  it('goes to no port of ours, and says where nobody listens', async () => {
    const asked: number[] = [];
    const connect: typeof connectLoopback = (port, take) => {
      asked.push(port);
      return connectLoopback(port, take);
    };
    for (const port of [3128, 3129, 1]) {
      const answer = await fetchFromGuest(connect, port, GET, never);
      expect(answer).toMatchObject({ ok: false, error: { code: 'preview/not-listening' } });
    }
    expect(asked).toEqual([1]);
  });
});
