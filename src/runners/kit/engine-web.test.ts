import { describe, expect, it } from 'vitest';
import type { BoxWorker } from '../../contracts/box.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type SocketEvent, socketMessageSize, type StreamEvent } from '../../contracts/preview.ts';
import type { WebNews } from '../../contracts/web-protocol.ts';
import { EngineWeb } from './engine-web.ts';

const GET = { method: 'GET', path: '/', headers: [], body: null };
const ANSWER = { status: 200, statusText: 'OK', headers: [], body: new Uint8Array(1) };
const HEAD: StreamEvent = { kind: 'head', status: 200, statusText: 'OK', headers: [] };
const LOST = { ok: false, error: { code: 'preview/no-machine' } };
const never = new AbortController().signal;

function open() {
  const posted: unknown[] = [];
  let closed = 0;
  const web = new EngineWeb({ post: (message) => void posted.push(message), close: () => (closed += 1) });
  const events: SocketEvent[] = [];
  const openSocket = () =>
    web.openSocket({ port: 1, path: '/', protocols: [], headers: [] }, (event) => events.push(event));
  return { web, posted, events, openSocket, closed: () => closed };
}

describe('servers of an engine', () => {
  it('answer a request once, and only the one that was asked', async () => {
    const { web } = open();
    const answering = [80, 81].map((port) => web.fetch(port, GET, { signal: never }));
    web.take(7, { kind: 'response', ...ANSWER, status: 500 });
    web.take(2, { kind: 'servers', ports: [1] });
    web.take(2, { kind: 'failed', code: 'preview/not-listening', detail: 'port 81' });
    web.take(2, { kind: 'response', ...ANSWER });
    web.take(1, { kind: 'response', ...ANSWER });
    expect(await Promise.all(answering)).toEqual([
      { ok: true, value: ANSWER },
      { ok: false, error: { code: 'preview/not-listening', detail: 'port 81' } },
    ]);
  });

  it('hear when nobody waits any more', async () => {
    const { web, posted } = open();
    const ending = new AbortController();
    const answer = web.fetch(80, GET, { signal: ending.signal });
    const over = web.watchServers(() => undefined, { signal: ending.signal });
    ending.abort();
    expect(await answer).toMatchObject({ ok: false, error: { code: 'preview/timed-out' } });
    await over;
    expect(posted.slice(2)).toEqual([
      { kind: 'web', id: 1, request: { kind: 'end' } },
      { kind: 'web', id: 2, request: { kind: 'end' } },
    ]);
  });

  it('are lost with their engine, and so are those that are asked for later', async () => {
    const { web, events, openSocket } = open();
    const answer = web.fetch(80, GET, { signal: never });
    const over = web.watchServers(() => undefined, { signal: never });
    const socket = openSocket();
    const sent = socket.send('x');
    web.endAll();
    expect(await answer).toMatchObject(LOST);
    await Promise.all([over, sent, socket.send('y')]);
    expect(await web.fetch(80, GET, { signal: never })).toMatchObject(LOST);
    openSocket();
    await web.watchServers(() => undefined, { signal: never });
    expect(events.map(({ kind }) => kind)).toEqual(['closed', 'closed']);
  });

  it('take messages of a websocket in order, and end it once', async () => {
    const { web, posted, events, openSocket } = open();
    const socket = openSocket();
    const order: string[] = [];
    const first = socket.send('a').then(() => order.push('a'));
    const second = socket.send('b').then(() => order.push('b'));
    web.take(1, { kind: 'sent' });
    await first;
    expect(order).toEqual(['a']);
    web.take(1, { kind: 'closed', code: 1000, reason: '', wasClean: true });
    await second;
    web.take(1, { kind: 'text', text: 'late' });
    socket.close(1000, '');
    expect(events).toEqual([{ kind: 'closed', code: 1000, reason: '', wasClean: true }]);
    expect(posted).toHaveLength(3);
  });

  it('tell it how much was taken as an answer, which earns it nothing', () => {
    const answers: boolean[] = [];
    const post: BoxWorker['post'] = (_message, { isAnswer = false } = {}) => void answers.push(isAnswer);
    const web = new EngineWeb({ post, close: () => undefined });
    const stream = web.openStream({ port: 1, request: GET }, () => undefined);
    stream.taken(1);
    stream.end();
    expect(answers).toEqual([false, true, false]);
  });

  it('end a worker that sends far more than it may', () => {
    const { web, events, openSocket, closed } = open();
    const socket = openSocket();
    const bytes = new Uint8Array(LIMITS.previewMessageBytes.standard - socketMessageSize(''));
    const most = LIMITS.previewForgedBytes.standard / LIMITS.previewMessageBytes.standard;
    for (let count = 0; count < most; count += 1) web.take(1, { kind: 'bytes', bytes });
    socket.taken(socketMessageSize(bytes));
    web.take(1, { kind: 'bytes', bytes });
    expect(closed()).toBe(0);
    // Also an empty message takes room.
    web.take(1, { kind: 'text', text: '' });
    expect(closed()).toBe(1);
    expect(events).toHaveLength(most + 1);
  });

  it('take an answer as it comes, and end it once', () => {
    const { web, posted } = open();
    const events: StreamEvent[] = [];
    const stream = web.openStream({ port: 1, request: GET }, (event) => events.push(event));
    const came: StreamEvent[] = [HEAD, { kind: 'bytes', bytes: new Uint8Array(3) }];
    for (const news of came) web.take(1, news as WebNews);
    stream.taken(67);
    stream.end();
    const closed = { kind: 'closed', code: 1006, reason: 'closed here', wasClean: false } as const;
    web.take(1, closed);
    stream.end();
    expect(events).toEqual([...came, closed]);
    expect(posted).toMatchObject([
      { request: { kind: 'stream', port: 1 } },
      { request: { kind: 'taken', bytes: 67 } },
      { request: { kind: 'end' } },
    ]);
    web.openStream({ port: 1, request: GET }, (event) => events.push(event));
    web.take(2, { kind: 'failed', code: 'preview/no-machine', detail: null });
    expect(events.at(-1)).toMatchObject({ kind: 'closed', reason: 'preview/no-machine', wasClean: false });
  });

  it('end a worker that answers twice, or sends far more of an answer than is taken', () => {
    const twice = open();
    twice.web.openStream({ port: 1, request: GET }, () => undefined);
    twice.web.take(1, HEAD as WebNews);
    expect(twice.closed()).toBe(0);
    twice.web.take(1, HEAD as WebNews);
    expect(twice.closed()).toBe(1);
    const flooding = open();
    flooding.web.openStream({ port: 1, request: GET }, () => undefined);
    const bytes = new Uint8Array(LIMITS.previewForgedBytes.standard / 4);
    for (let count = 0; count < 3; count += 1) flooding.web.take(1, { kind: 'bytes', bytes });
    expect(flooding.closed()).toBe(0);
    flooding.web.take(1, { kind: 'bytes', bytes });
    expect(flooding.closed()).toBe(1);
  });
});
