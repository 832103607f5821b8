import { afterEach, describe, expect, it, vi } from 'vitest';
import { fail, ok, type Result } from '../../base/index.ts';
import { connectPreviewsDoor } from '../../bridge/index.ts';
import { PREVIEWS_PORT, type PreviewsDoor } from '../../contracts/doors/previews.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import {
  CONNECTIONS_FULL,
  type EngineWeb,
  type PreviewResponse,
  type SocketEvent,
  socketMessageSize,
  type StreamEvent,
} from '../../contracts/preview.ts';
import type { RunnerSession } from '../../contracts/runner.ts';
import { createSwitchboard, OWN_ORIGIN } from '../../../tests/support/port-switchboard.ts';
import { PreviewService } from './preview-service.ts';
import { createScriptedRunner } from '../../../tests/support/scripted-runner.ts';
import { servePreviews } from './serve-previews.ts';

const sessionId = sessionIdOf('conversation');
const GET = { method: 'GET', path: '/', headers: [], body: null };
const ANSWER: PreviewResponse = { status: 200, statusText: 'OK', headers: [['a', 'b']], body: new Uint8Array([1, 2]) };
const TARGET = { sessionId, port: 80, path: '/', protocols: [], headers: [] };

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  vi.useRealTimers();
});

/** The whole host side over ports, with an engine that the test plays. */
function open(ports: readonly number[] = []) {
  const board = createSwitchboard();
  const busy: boolean[] = [];
  const asked: string[] = [];
  let holds = 0;
  let isStanding = true;
  const answering: ((answer: Result<PreviewResponse, AppError>) => void)[] = [];
  const watching: { readonly tell: (ports: readonly number[]) => void; readonly leave: () => void }[] = [];
  const sockets: { readonly tell: (event: SocketEvent) => void; readonly did: unknown[] }[] = [];
  const streams: { readonly tell: (event: StreamEvent) => void; readonly did: unknown[] }[] = [];
  const web: EngineWeb = {
    fetch: (port, { path }) => {
      asked.push(`${port}${path}`);
      return new Promise((resolve) => answering.push(resolve));
    },
    watchServers: (tell, { signal }) =>
      new Promise((leave) => {
        watching.push({ tell, leave });
        signal.addEventListener('abort', () => leave());
        tell([8000]);
      }),
    openStream: (target, tell) => {
      const did: unknown[] = [target];
      streams.push({ tell, did });
      return {
        taken: (bytes) => void did.push(bytes),
        end: () => {
          did.push('end');
          tell({ kind: 'closed', code: 1006, reason: '', wasClean: false });
        },
      };
    },
    openSocket: (target, tell) => {
      const did: unknown[] = [target];
      sockets.push({ tell, did });
      return {
        send: async (data) => void did.push(data),
        close: (code, reason) => void did.push([code, reason]),
        taken: (bytes) => void did.push(bytes),
        end: () => {
          did.push('end');
          tell({ kind: 'closed', code: 1006, reason: '', wasClean: false });
        },
      };
    },
  };
  const session = { web } as Pick<RunnerSession, 'web'> as RunnerSession;
  const runner = createScriptedRunner();
  const service = new PreviewService({
    inUse: async () => ({ runner, sessionId, ports }),
    pool: {
      engineOf: () => (isStanding ? session : null),
      holdStanding: () => {
        if (!isStanding) return null;
        holds += 1;
        return { session, release: () => (holds -= 1) };
      },
    },
    onBusy: (isBusy) => busy.push(isBusy),
  });
  const { signal } = ended;
  servePreviews({ service, ownOrigin: OWN_ORIGIN, onPort: (listener, until) => board.onPort(listener, until), signal });
  const page: PreviewsDoor = connectPreviewsDoor({
    signal,
    connect: () => board.connect(PREVIEWS_PORT, { isOwn: true, origin: OWN_ORIGIN, tabId: 5, frameId: 0 }),
    ensureOther: async () => null,
  });
  return {
    board,
    page,
    busy,
    asked,
    answering,
    watching,
    sockets,
    streams,
    holds: () => holds,
    stand: (stands: boolean) => (isStanding = stands),
  };
}

/** A websocket of the page, and what it hears. */
function socketOf(page: PreviewsDoor, changes: Partial<typeof TARGET> = {}) {
  const heard: (SocketEvent | string)[] = [];
  const leaving = new AbortController();
  const socketId = crypto.randomUUID();
  page.openSocket({
    ...TARGET,
    ...changes,
    socketId,
    onEvent: (event) => heard.push(event),
    onLost: ({ code }) => heard.push(code),
    signal: leaving.signal,
  });
  return { socketId, heard, leave: () => leaving.abort() };
}

describe('previews at the host', () => {
  it('bring a request to the engine and its answer to the page, and hold the machine meanwhile', async () => {
    const { page, answering, asked, holds, busy } = open();
    const body = new Uint8Array([9]);
    const answer = page.fetch({ sessionId, port: 8000, ...GET, method: 'POST', path: '/a?b', body });
    await expect.poll(() => asked).toEqual(['8000/a?b']);
    expect(holds()).toBe(1);
    answering[0]?.(ok(ANSWER));
    expect(await answer).toEqual(ok(ANSWER));
    expect(holds()).toBe(0);
    expect(busy).toEqual([true, false]);
    const second = page.fetch({ sessionId, port: 8000, ...GET });
    await expect.poll(() => answering.length).toBe(2);
    answering[1]?.(fail(appError('preview/broke-off')));
    expect(await second).toMatchObject({ ok: false, error: { code: 'preview/broke-off' } });
  });

  it('let so many requests of a session at once to its machine, the others in turn', async () => {
    const { page, answering, asked } = open();
    const atOnce = LIMITS.previewRequestsAtOnce.standard;
    const answers = Array.from({ length: atOnce + 3 }, (_, at) =>
      page.fetch({ sessionId, port: 1, ...GET, path: `/${at}` }),
    );
    await expect.poll(() => asked.length).toBe(atOnce);
    for (let at = 0; at < answers.length; at += 1) {
      await expect.poll(() => answering.length).toBeGreaterThan(at);
      expect(answering.length).toBeLessThanOrEqual(atOnce + at);
      answering[at]?.(ok(ANSWER));
    }
    expect((await Promise.all(answers)).every((answer) => answer.ok)).toBe(true);
    expect(asked).toEqual(answers.map((_, at) => `1/${at}`));
  });

  it('tell the servers as they change, as the machine comes and as it goes', async () => {
    const { page, watching, holds, busy, stand } = open();
    stand(false);
    const told: (readonly number[])[] = [];
    const leaving = new AbortController();
    const { signal } = leaving;
    page.watchServers({ sessionId, onServers: (ports) => told.push(ports), onLost: () => undefined, signal });
    await expect.poll(() => told).toEqual([[]]);
    expect(await page.servers({ sessionId })).toEqual(ok([]));
    stand(true);
    await expect.poll(() => told).toEqual([[], [8000]]);
    expect([holds(), busy]).toEqual([1, [true]]);
    expect(await page.servers({ sessionId })).toEqual(ok([8000]));
    watching[0]?.tell([8000, 8001]);
    watching[0]?.tell([8000, 8001]);
    // Another machine is in use from now on, or none: nobody has to say so.
    stand(false);
    await expect.poll(() => told).toEqual([[], [8000], [8000, 8001], []]);
    expect(holds()).toBe(0);
    stand(true);
    await expect.poll(() => told.at(-1)).toEqual([8000]);
    leaving.abort();
    await expect.poll(holds).toBe(0);
    expect(busy.at(-1)).toBe(false);
  });

  it('are those alone that their machine was made to show', async () => {
    const { page, asked, answering, watching, sockets, streams, holds } = open([80, 8001]);
    const told: (readonly number[])[] = [];
    const leaving = new AbortController();
    const { signal } = leaving;
    page.watchServers({ sessionId, onServers: (shown) => told.push(shown), onLost: () => undefined, signal });
    await expect.poll(() => told).toEqual([[]]);
    watching[0]?.tell([80, 8000, 8001]);
    await expect.poll(() => told.at(-1)).toEqual([80, 8001]);
    expect(await page.fetch({ sessionId, port: 8000, ...GET })).toMatchObject({
      error: { code: 'preview/not-listening' },
    });
    const shown = page.fetch({ sessionId, port: 80, ...GET });
    await expect.poll(() => answering.length).toBe(1);
    answering[0]?.(ok(ANSWER));
    expect(await shown).toEqual(ok(ANSWER));
    expect(asked).toEqual(['80/']);
    const { heard } = socketOf(page, { port: 8000 });
    const closed = [{ kind: 'closed', reason: 'preview/not-listening', wasClean: false }];
    await expect.poll(() => heard).toMatchObject(closed);
    const target = { sessionId, port: 8000, request: GET, socketId: crypto.randomUUID() };
    const came: unknown[] = [];
    page.openStream({ ...target, onEvent: (event) => came.push(event), onLost: ({ code }) => came.push(code), signal });
    await expect.poll(() => came).toMatchObject(closed);
    expect([sockets, streams]).toEqual([[], []]);
    leaving.abort();
    await expect.poll(holds).toBe(0);
  });

  it('carry websockets: what is sent in its order, what comes as it is taken', async () => {
    const { page, sockets, holds } = open();
    const { socketId, heard } = socketOf(page);
    await expect.poll(() => sockets.length).toBe(1);
    const [socket] = sockets;
    socket?.tell({ kind: 'open', protocol: '' });
    await expect.poll(() => heard).toHaveLength(1);
    const large = new Uint8Array(300_000).fill(3);
    const sent = [page.socketSend({ socketId, data: large }), page.socketSend({ socketId, data: 'small' })];
    expect(await Promise.all(sent)).toEqual([ok(null), ok(null)]);
    expect(socket?.did.slice(1)).toEqual([large, 'small']);
    socket?.tell({ kind: 'text', text: 'abc' });
    socket?.tell({ kind: 'bytes', bytes: new Uint8Array(4) });
    const taken = (): number => (socket?.did.slice(3) ?? []).reduce<number>((sum, bytes) => sum + Number(bytes), 0);
    await expect.poll(taken).toBe(socketMessageSize('abc') + socketMessageSize(new Uint8Array(4)));
    expect(heard.slice(1)).toEqual([
      { kind: 'text', text: 'abc' },
      { kind: 'bytes', bytes: new Uint8Array(4) },
    ]);
    expect(await page.socketClose({ socketId, code: 3000, reason: 'x' })).toEqual(ok(null));
    expect(socket?.did.at(-1)).toEqual([3000, 'x']);
    socket?.tell({ kind: 'closed', code: 3000, reason: 'x', wasClean: true });
    await expect.poll(() => heard.at(-1)).toMatchObject({ kind: 'closed', code: 3000 });
    expect(holds()).toBe(0);
    expect(await page.socketSend({ socketId, data: 'late' })).toMatchObject({ ok: false });
  });

  it('carry an answer as it comes, and end it when its page wants no more', async () => {
    const { page, streams, holds } = open();
    const heard: (StreamEvent | string)[] = [];
    const ask = (signal: AbortSignal) =>
      page.openStream({
        sessionId,
        port: 80,
        request: GET,
        socketId: crypto.randomUUID(),
        onEvent: (event) => heard.push(event),
        onLost: ({ code }) => heard.push(code),
        signal,
      });
    ask(new AbortController().signal);
    await expect.poll(() => streams.length).toBe(1);
    expect(streams[0]?.did[0]).toMatchObject({ port: 80, request: GET });
    const came: StreamEvent[] = [
      { kind: 'head', status: 200, statusText: 'OK', headers: [['a', 'b']] },
      { kind: 'bytes', bytes: new Uint8Array([1, 2]) },
    ];
    for (const event of came) streams[0]?.tell(event);
    await expect.poll(() => heard).toEqual(came);
    await expect.poll(() => streams[0]?.did.at(-1)).toBe(socketMessageSize(new Uint8Array(2)));
    expect(holds()).toBe(1);
    streams[0]?.tell({ kind: 'closed', code: 1000, reason: '', wasClean: true });
    await expect.poll(() => heard.at(-1)).toMatchObject({ kind: 'closed', wasClean: true });
    expect(holds()).toBe(0);
    const leaving = new AbortController();
    ask(leaving.signal);
    await expect.poll(() => streams.length).toBe(2);
    leaving.abort();
    await expect.poll(() => streams[1]?.did.at(-1)).toBe('end');
    expect(holds()).toBe(0);
  });

  it('end a websocket that its page leaves, or whose connection breaks, and open none twice', async () => {
    const { board, page, sockets, holds } = open();
    const left = socketOf(page);
    await expect.poll(() => sockets.length).toBe(1);
    left.leave();
    await expect.poll(() => sockets[0]?.did.at(-1)).toBe('end');
    const cut = socketOf(page);
    await expect.poll(() => sockets.length).toBe(2);
    sockets[1]?.tell({ kind: 'open', protocol: '' });
    await expect.poll(() => cut.heard).toHaveLength(1);
    board.cutAll();
    await expect.poll(() => cut.heard.at(-1)).toBe('host/lost');
    expect(sockets[1]?.did.at(-1)).toBe('end');
    expect(sockets).toHaveLength(2);
    expect(holds()).toBe(0);
  });

  it('are so many websockets and no more', async () => {
    const { page, sockets } = open();
    const all = Array.from({ length: LIMITS.previewSockets.standard }, () => socketOf(page));
    await expect.poll(() => sockets.length).toBe(all.length);
    const { heard } = socketOf(page);
    await expect
      .poll(() => heard)
      .toMatchObject([{ kind: 'closed', code: 1006, reason: CONNECTIONS_FULL, wasClean: false }]);
  });
});
