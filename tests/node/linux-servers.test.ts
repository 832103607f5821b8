import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppErrorCode } from '../../src/contracts/errors.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import {
  type EngineSocket,
  type EngineWeb,
  type PreviewRequest,
  type SocketEvent,
  socketMessageSize,
  type StreamEvent,
} from '../../src/contracts/preview.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { SERVERS } from '../support/linux/servers.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { until } from '../support/until.ts';

const source = nodeSource('linux');
const full = createLinuxRunner({ source, isSmall: () => false });
const small = createLinuxRunner({ source, isSmall: () => true });
const never = new AbortController().signal;
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

function webOf({ session }: TestSession): EngineWeb {
  if (session.web === undefined) throw new Error('this engine runs no servers');
  return session.web;
}

/** The list of servers as it changes. */
function watch(web: EngineWeb) {
  const ending = new AbortController();
  const told: (readonly number[])[] = [];
  const over = web.watchServers((ports) => told.push(ports), { signal: ending.signal });
  return { told, over, last: () => told.at(-1) ?? null, end: () => ending.abort() };
}

const asks = (path: string, more: Partial<PreviewRequest> = {}): PreviewRequest => ({
  method: 'GET',
  path,
  headers: [],
  body: null,
  ...more,
});

async function got(web: EngineWeb, port: number, request: PreviewRequest) {
  const answer = await web.fetch(port, request, { signal: never });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.detail ?? ''}`);
  return {
    ...answer.value,
    text: text(answer.value.body),
    header: new Headers(answer.value.headers as [string, string][]),
  };
}

async function failed(web: EngineWeb, port: number, signal = never): Promise<AppErrorCode> {
  const answer = await web.fetch(port, asks('/'), { signal });
  if (answer.ok) throw new Error(`answered ${answer.value.status}`);
  return answer.error.code;
}

/** A websocket and all that happens on it. */
function connect(web: EngineWeb, port: number, path: string, protocols: readonly string[] = []) {
  const events: SocketEvent[] = [];
  const socket: EngineSocket = web.openSocket({ port, path, protocols, headers: [] }, (event) => {
    events.push(event);
    if (event.kind === 'text') socket.taken(socketMessageSize(event.text));
    if (event.kind === 'bytes') socket.taken(socketMessageSize(event.bytes));
  });
  const shows = async (kind: SocketEvent['kind'], count = 1) => {
    await expect.poll(() => events.filter((event) => event.kind === kind).length).toBeGreaterThanOrEqual(count);
    return events.filter((event) => event.kind === kind)[count - 1];
  };
  return { socket, events, shows };
}

describe('servers of programs in the full Linux', () => {
  beforeAll(needsLinuxImage);
  let shell: TestSession;
  let web: EngineWeb;
  let servers: ReturnType<typeof watch>;
  beforeAll(async () => {
    shell = await openInNode(full);
    web = webOf(shell);
    servers = watch(web);
    shell.files.put('servers.py', SERVERS);
    await shell.run('mkdir -p /tmp/site && cd /tmp/site && echo "<h1>hello</h1>" >index.html');
    await shell.run('cd /tmp/site && (python3 -m http.server 8000 >/tmp/site.log 2>&1 &)');
    await shell.run('(python3 /mnt/data/servers.py >/tmp/servers.log 2>&1 &)');
    await until(() => expect(servers.last()).toEqual([8000, 8001, 8002, 8003, 8004, 8005]));
  });
  afterAll(() => shell.dispose());

  test('are told of as they come and go, and our own ports are not among them', async () => {
    expect(servers.told[0]).toEqual([]);
    await got(web, 8001, asks('/open'));
    await expect.poll(servers.last).toContain(8100);
    await got(web, 8001, asks('/shut'));
    await expect.poll(servers.last).not.toContain(8100);
    expect(servers.told.flat().filter((port) => port === 3128 || port === 3129)).toEqual([]);
  });

  test('give pages: python3 -m http.server', async () => {
    const page = await got(web, 8000, asks('/index.html'));
    expect(page).toMatchObject({ status: 200, statusText: 'OK', text: '<h1>hello</h1>\n' });
    expect(page.header.get('content-type')).toBe('text/html');
    expect(await got(web, 8000, asks('/none'))).toMatchObject({ status: 404 });
    expect(await got(web, 8000, asks('/index.html', { method: 'HEAD' }))).toMatchObject({ status: 200, text: '' });
    expect((await got(web, 8000, asks('/index.html', { method: 'HEAD' }))).header.get('content-length')).toBe('15');
  });

  test('take what is posted, and nothing of the connection that is not ours to say', async () => {
    const body = crypto.getRandomValues(new Uint8Array(50_000));
    const headers: [string, string][] = [
      ['content-type', 'application/x-test'],
      ['x-word', 'caf\u00e9'],
      ['host', 'elsewhere.example'],
      ['content-length', '3'],
      ['transfer-encoding', 'chunked'],
      ['connection', 'upgrade'],
    ];
    const answer = await got(web, 8001, asks('/echo?a=b%20c', { method: 'POST', headers, body }));
    expect(answer.status).toBe(201);
    expect([...answer.body]).toEqual([...body]);
    const said = JSON.parse(answer.header.get('x-heard') ?? '{}') as Record<string, string>;
    expect(said).toMatchObject({
      path: '/echo?a=b%20c',
      'content-type': 'application/x-test',
      'x-word': 'caf\u00e9',
      host: 'localhost:8001',
      'content-length': '50000',
      connection: 'close',
    });
    expect(said).not.toHaveProperty('transfer-encoding');
  });

  test('send others elsewhere, and that is not followed', async () => {
    const answer = await got(web, 8001, asks('/redirect'));
    expect(answer.status).toBe(302);
    expect(answer.header.get('location')).toBe('/echo');
    expect(answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)).toEqual(['a=1', 'b=2']);
  });

  test('answer in pieces, after words in between, and until they hang up', async () => {
    expect((await got(web, 8001, asks('/chunked'))).text).toBe('one two three');
    expect((await got(web, 8001, asks('/continue'))).text).toBe('went on');
    expect((await got(web, 8001, asks('/until-closed'))).text).toBe('all there is');
  });

  test('answer as they go on, told as it comes', async () => {
    const events: StreamEvent[] = [];
    const stream = web.openStream({ port: 8001, request: asks('/chunked') }, (event) => {
      events.push(event);
      if (event.kind === 'bytes') stream.taken(socketMessageSize(event.bytes));
    });
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'closed', wasClean: true });
    expect(events[0]).toMatchObject({ kind: 'head', status: 200 });
    expect(events.map((event) => (event.kind === 'bytes' ? text(event.bytes) : '')).join('')).toBe('one two three');
    const none: StreamEvent[] = [];
    web.openStream({ port: 8999, request: asks('/') }, (event) => none.push(event));
    await expect.poll(() => none).toMatchObject([{ kind: 'closed', reason: 'preview/not-listening', wasClean: false }]);
  });

  test('that are not there, break off, speak something else or say too much are told apart', async () => {
    expect(await failed(web, 8999)).toBe('preview/not-listening');
    expect(await failed(web, 3129)).toBe('preview/not-listening');
    expect(await failed(web, 8003)).toBe('preview/broke-off');
    expect(await failed(web, 8004)).toBe('preview/not-http');
    expect(await failed(web, 8005)).toBe('preview/too-large');
  });

  test('speak by websockets, both ways, in fragments and with pings between them', async () => {
    const { socket, events, shows } = connect(web, 8002, '/chat', ['unknown', 'echo']);
    expect(await shows('open')).toEqual({ kind: 'open', protocol: 'echo' });
    await socket.send('gr\u00fc\u00df \u{1f600}');
    expect(await shows('text')).toEqual({ kind: 'text', text: 'gr\u00fc\u00df \u{1f600}' });
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * at) % 251);
    await socket.send(bytes);
    expect(await shows('bytes')).toEqual({ kind: 'bytes', bytes });
    await socket.send('fragments');
    expect(await shows('text', 2)).toEqual({ kind: 'text', text: 'frag-ments' });
    await socket.send('ping');
    expect(await shows('text', 3)).toEqual({ kind: 'text', text: 'pong of are you there' });
    socket.close(4001, 'enough');
    expect(await shows('closed')).toEqual({ kind: 'closed', code: 4001, reason: 'enough', wasClean: true });
    await socket.send('after the end');
    expect(events.at(-1)?.kind).toBe('closed');
  });

  test('end websockets: by a word, by breaking off, by what is too large, by not agreeing', async () => {
    const said = connect(web, 8002, '/', []);
    await said.shows('open');
    await said.socket.send('close');
    expect(await said.shows('closed')).toEqual({ kind: 'closed', code: 1001, reason: 'going', wasClean: true });
    const broken = connect(web, 8002, '/', []);
    await broken.shows('open');
    await broken.socket.send('break off');
    expect(await broken.shows('closed')).toMatchObject({ code: 1006, wasClean: false });
    const large = connect(web, 8002, '/', []);
    await large.shows('open');
    await large.socket.send('too large');
    expect(await large.shows('closed')).toMatchObject({ code: 1006, wasClean: false });
    for (const port of [8000, 8003, 8004, 8999]) {
      const refused = connect(web, port, '/');
      expect(await refused.shows('closed')).toMatchObject({ code: 1006, wasClean: false });
      expect(refused.events).toHaveLength(1);
    }
  });

  test('that flood a websocket wait for who takes it, and nothing is lost', async () => {
    const events: SocketEvent[] = [];
    const socket = web.openSocket({ port: 8002, path: '/', protocols: [], headers: [] }, (event) => events.push(event));
    await expect.poll(() => events.length).toBe(1);
    await socket.send('flood');
    const received = (): number =>
      events.reduce((sum, event) => sum + (event.kind === 'bytes' ? event.bytes.length : 0), 0);
    await expect.poll(received).toBeGreaterThanOrEqual(LIMITS.previewAheadBytes.standard);
    // Programs of the same machine work meanwhile.
    expect((await shell.run('echo alive')).stdout).toBe('alive\n');
    expect(received()).toBeLessThan(LIMITS.previewForgedBytes.standard / 2);
    socket.taken(received());
    let counted = received();
    const more = setInterval(() => {
      const all = received();
      if (all > counted) socket.taken(all - counted);
      counted = all;
    });
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'closed', wasClean: true });
    clearInterval(more);
    expect(received()).toBe(8_000_000);
  });

  test('that say nothing are waited for no longer than somebody wants it', async () => {
    const ending = new AbortController();
    const waiting = failed(web, 8001, ending.signal);
    ending.abort();
    expect(await waiting).toBe('preview/timed-out');
  });
});

describe('a machine with servers', () => {
  beforeAll(needsLinuxImage);
  test('may be the small one: busybox httpd', async () => {
    const shell = await openInNode(small);
    const servers = watch(webOf(shell));
    await shell.run('mkdir -p /tmp/site && cd /tmp/site && echo small >index.html && busybox httpd -p 8080');
    await expect.poll(servers.last).toEqual([8080]);
    expect(await got(webOf(shell), 8080, asks('/index.html'))).toMatchObject({ status: 200, text: 'small\n' });
    shell.dispose();
    await servers.over;
    expect(await failed(webOf(shell), 8080)).toBe('preview/no-machine');
  });
});
