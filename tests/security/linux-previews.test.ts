import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectPreviewsDoor } from '../../src/bridge/index.ts';
import { PREVIEWS_PORT, type PreviewsDoor } from '../../src/contracts/doors/previews.ts';
import { type SessionId, sessionIdOf } from '../../src/contracts/ids.ts';
import type { PreviewRequest, SocketEvent } from '../../src/contracts/preview.ts';
import type { RunnerSession } from '../../src/contracts/runner.ts';
import { SessionPool } from '../../src/execution/index.ts';
import { PreviewService, servePreviews } from '../../src/host/previews/index.ts';
import type { PortSender } from '../../src/platform/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { createNodeBoxes } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { createSwitchboard, OWN_ORIGIN } from '../support/port-switchboard.ts';
import { recordsInMemory } from '../support/records-in-memory.ts';
import { until } from '../support/until.ts';

const GET: PreviewRequest = { method: 'GET', path: '/', headers: [], body: null };
const [MINE, OTHER, NOBODY] = ['mine', 'other', 'nobody'].map(sessionIdOf) as [SessionId, SessionId, SessionId];
const LIMITS_OF_RUN = { timeMs: 30_000, memoryMB: 128 };

const refused = (code: string) => ({ ok: false, error: { code } });

// Pages that preview servers, against the machines of other sessions, ports of ours, and the door that they go through. Two real
// machines of two sessions in the product's pool, each with a server.
describe('a preview', () => {
  beforeAll(needsLinuxImage);
  const ending = new AbortController();
  const board = createSwitchboard();
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => true });
  const pool = new SessionPool({
    boxes: createNodeBoxes(),
    filesOf: () => new MemoryFiles(),
    records: recordsInMemory(),
  });
  const from = (sender: Partial<PortSender>): PreviewsDoor =>
    connectPreviewsDoor({
      signal: ending.signal,
      connect: () => board.connect(PREVIEWS_PORT, sender),
      ensureOther: async () => null,
    });
  const page = from({ isOwn: true, origin: OWN_ORIGIN, tabId: 5, frameId: 0 });
  const site = from({ isOwn: true, origin: 'https://chatgpt.com', tabId: 1, frameId: 0 });

  /** A machine of that session with a server on its port, whose page says a word. */
  async function serve(sessionId: SessionId, port: number, word: string): Promise<RunnerSession> {
    const { signal } = ending;
    const held = await pool.hold({ runner, sessionId, limits: LIMITS_OF_RUN, signal });
    if (!held.ok) throw new Error(held.error.code);
    const code = `mkdir -p /tmp/site; echo ${word} >/tmp/site/index.html; busybox httpd -p ${port} -h /tmp/site`;
    const request = { language: 'shell', code, limits: LIMITS_OF_RUN, stdin: [] } as const;
    const outcome = await held.value.session.execute(request, { signal, onEvent: () => undefined });
    expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
    return held.value.session;
  }

  /** The last that is told of a websocket, or how it was lost. */
  const endOfSocket = (door: PreviewsDoor, sessionId: SessionId, port: number): Promise<SocketEvent | string> =>
    new Promise((resolve) => {
      door.openSocket({
        sessionId,
        port,
        path: '/',
        protocols: [],
        headers: [],
        socketId: crypto.randomUUID(),
        onEvent: (event) => event.kind === 'closed' && resolve(event),
        onLost: ({ code }) => resolve(code),
        signal: ending.signal,
      });
    });

  beforeAll(async () => {
    const service = new PreviewService({
      inUse: async (sessionId) => ({ runner, sessionId, ports: sessionId === OTHER ? [8081] : [] }),
      pool,
      onBusy: () => undefined,
    });
    servePreviews({
      service,
      ownOrigin: OWN_ORIGIN,
      onPort: (listener, until) => board.onPort(listener, until),
      signal: ending.signal,
    });
    await serve(MINE, 8080, 'mine');
    await serve(OTHER, 8082, 'kept');
    await serve(OTHER, 8081, 'other');
    await until(async () => expect(await page.servers({ sessionId: OTHER })).toEqual({ ok: true, value: [8081] }));
  });
  afterAll(() => {
    ending.abort();
    pool.endAll();
  });

  test('reaches the servers of its own session, and of no other', async () => {
    expect(await page.servers({ sessionId: MINE })).toEqual({ ok: true, value: [8080] });
    const own = await page.fetch({ sessionId: MINE, port: 8080, ...GET });
    expect(own.ok && new TextDecoder().decode(own.value.body)).toBe('mine\n');
    expect(await page.fetch({ sessionId: MINE, port: 8081, ...GET })).toMatchObject(refused('preview/not-listening'));
    const headers: [string, string][] = [['host', 'localhost:8081']];
    const asked = await page.fetch({ sessionId: MINE, port: 8080, ...GET, path: '//localhost:8081/', headers });
    expect(asked.ok && new TextDecoder().decode(asked.value.body)).not.toContain('other');
    expect(await endOfSocket(page, MINE, 8081)).toMatchObject({ code: 1006, wasClean: false });
  });

  test('shows no port but those that a machine was made to show', async () => {
    const held = await pool.hold({ runner, sessionId: OTHER, limits: LIMITS_OF_RUN, signal: ending.signal });
    // Positive control: it listens.
    const session = held.ok ? held.value.session : null;
    expect(await session?.web?.fetch(8082, GET, { signal: ending.signal })).toMatchObject({ ok: true });
    expect(await page.servers({ sessionId: OTHER })).toEqual({ ok: true, value: [8081] });
    expect(await page.fetch({ sessionId: OTHER, port: 8081, ...GET })).toMatchObject({ ok: true });
    expect(await page.fetch({ sessionId: OTHER, port: 8082, ...GET })).toMatchObject(refused('preview/not-listening'));
    expect(await endOfSocket(page, OTHER, 8082)).toMatchObject({ code: 1006, wasClean: false });
    if (held.ok) held.value.release();
  });

  test('starts no machine where none stands', async () => {
    expect(await page.servers({ sessionId: NOBODY })).toEqual({ ok: true, value: [] });
    expect(await page.fetch({ sessionId: NOBODY, port: 8080, ...GET })).toMatchObject(refused('preview/no-machine'));
    expect(await endOfSocket(page, NOBODY, 8080)).toMatchObject({ code: 1006, wasClean: false });
    expect(pool.all().map(({ sessionId }) => sessionId)).toEqual([MINE, OTHER]);
  });

  test('has no way to the network gate by ports of ours', async () => {
    const session = pool.engineOf(runner, MINE);
    const request = { language: 'shell', code: 'echo | nc 127.0.0.1 3129', limits: LIMITS_OF_RUN, stdin: [] } as const;
    let heard = '';
    // Positive control: something answers a program there.
    await session?.execute(request, {
      signal: ending.signal,
      onEvent: (event) => void (heard += event.kind === 'output' ? event.text : ''),
    });
    expect(heard).toContain('HTTP/1.1 403');
    for (const port of [3128, 3129]) {
      expect(await page.fetch({ sessionId: MINE, port, ...GET })).toMatchObject(refused('preview/not-listening'));
      expect(await endOfSocket(page, MINE, port)).toMatchObject({ code: 1006, wasClean: false });
    }
  });

  test('puts no lines of its own into what is said to a server', async () => {
    const headers = (name: string, value: string): [string, string][] => [[name, value]];
    const forged: Partial<PreviewRequest>[] = [
      { path: '/ HTTP/1.1\r\nHost: x\r\n\r\nGET /' },
      { path: 'http://localhost:8081/' },
      { path: '/a b' },
      { path: '/#a' },
      { method: 'GET / HTTP/1.1\r\nX: ' },
      { headers: headers('x', 'a\r\ny: b') },
      { headers: headers('x\r\ny', 'a') },
      { headers: headers('x', 'a\0') },
      { headers: headers('x', '\u010a') },
      { headers: Array.from({ length: 1_001 }, () => ['x', 'y'] as const) },
      { headers: headers('x', 'y'.repeat(70_000)) },
    ];
    for (const each of forged) {
      const answer = await page.fetch({ sessionId: MINE, port: 8080, ...GET, ...each });
      expect(answer, JSON.stringify(each).slice(0, 80)).toMatchObject(refused('door/bad-message'));
    }
    for (const port of [0, -1, 65_536, 1.5, Number.NaN]) {
      expect(await page.fetch({ sessionId: MINE, port, ...GET })).toMatchObject(refused('door/bad-message'));
    }
  });

  test('is nothing for the site: not its list, not a request, not a websocket', async () => {
    const forbidden = refused('door/forbidden');
    expect(await site.servers({ sessionId: MINE })).toMatchObject(forbidden);
    expect(await site.fetch({ sessionId: MINE, port: 8080, ...GET })).toMatchObject(forbidden);
    expect(await site.socketSend({ socketId: 'x', data: 'y' })).toMatchObject(forbidden);
    expect(await site.socketClose({ socketId: 'x', code: null, reason: '' })).toMatchObject(forbidden);
    expect(await endOfSocket(site, MINE, 8080)).toBe('door/forbidden');
    const lost = new Promise((resolve) => {
      site.watchServers({
        sessionId: MINE,
        onServers: resolve,
        onLost: ({ code }) => resolve(code),
        signal: ending.signal,
      });
    });
    expect(await lost).toBe('door/forbidden');
  });
});
