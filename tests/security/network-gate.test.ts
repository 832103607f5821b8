import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/contracts/ids.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import type { NetworkAnswer, NetworkRequest } from '../../src/contracts/network.ts';
import { NetworkGate } from '../../src/host/network/index.ts';
import { hostInMemory } from '../support/host-in-memory.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { consentsInMemory, egressInMemory } from '../support/network-in-memory.ts';

// Threat: a program, or a page, uses the network gate to reach what no person allowed. The gate is the real one, and so are
// the browser's fetch (Node's) and the server: what is refused must not have been seen there.
let allowed: LoopbackServer;
let other: LoopbackServer;
const MINE = 'conversation-one' as SessionId;
const THEIRS = 'conversation-two' as SessionId;

beforeAll(async () => {
  other = await startLoopback((_request, response) => response.end('secret'));
  allowed = await startLoopback(({ path }, response) => {
    if (path === '/redirect') response.writeHead(302, { location: `${other.origin}/secret` }).end();
    else if (path === '/cookie') response.writeHead(200, { 'set-cookie': 'id=1' }).end('ok');
    else if (path === '/large') response.end(Buffer.alloc(3 * 1024 * 1024, 1));
    else if (path !== '/never') response.end('hello');
  });
});
afterAll(async () => {
  await allowed.close();
  await other.close();
});

function openGate(mostMB = 50) {
  const consents = consentsInMemory();
  const log = egressInMemory();
  let nowMs = 0;
  let isPrivate = false;
  const gate = new NetworkGate({
    consents,
    log,
    mostMB: () => mostMB,
    fetch,
    isPrivate: async () => isPrivate,
    now: () => nowMs,
  });
  const never = new AbortController().signal;
  const askText = async (text: string, session = MINE, signal = never): Promise<NetworkAnswer> =>
    JSON.parse(await gate.forRun(session, 'python')(text, signal)) as NetworkAnswer;
  const ask = (request: Partial<NetworkRequest>, session = MINE, signal = never): Promise<NetworkAnswer> =>
    askText(
      JSON.stringify({ url: `${allowed.origin}/`, method: 'GET', headers: [], body: null, ...request }),
      session,
      signal,
    );
  const addPrivate = () => (isPrivate = true);
  return { gate, consents, log, ask, askText, addPrivate, pass: (ms: number) => (nowMs += ms) };
}

let opened: ReturnType<typeof openGate>;
let seenBefore: number;
beforeEach(() => {
  opened = openGate();
  seenBefore = allowed.seen.length + other.seen.length;
});
const seenNow = (): number => allowed.seen.length + other.seen.length - seenBefore;

describe('a program', () => {
  test('reaches nothing by default', async () => {
    const answer = await opened.ask({});
    expect(answer).toMatchObject({ code: 'not-allowed' });
    expect('error' in answer && answer.error).toContain(allowed.host);
    expect(seenNow()).toBe(0);
  });

  test('reaches what was allowed, and is noted', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    const answer = await opened.ask({ url: `${allowed.origin}/a?key=secret` });
    expect(answer).toMatchObject({ status: 200, body: btoa('hello') });
    expect(opened.log.entries).toMatchObject([
      {
        sessionId: MINE,
        runner: 'python',
        method: 'GET',
        address: `${allowed.origin}/a`,
        status: 200,
        bytesIn: 5,
        outcome: 'passed',
      },
    ]);
    expect(JSON.stringify(opened.log.entries)).not.toContain('secret');
  });

  test('asks for a host that was not allowed', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    expect(await opened.ask({ url: `${other.origin}/` })).toMatchObject({ code: 'not-allowed' });
    expect(seenNow()).toBe(0);
  });

  test('goes by http where https was allowed, or the other way', async () => {
    const secure = `https://${allowed.host}`;
    await opened.gate.allow(MINE, [secure]);
    expect(await opened.ask({ url: `http://${allowed.host}/` })).toMatchObject({ code: 'not-allowed' });
    expect(await opened.ask({ url: `http://${other.host}/`, upgrades: true })).toMatchObject({ code: 'not-allowed' });
    // It goes by https, which this server does not speak; and is noted so.
    expect(await opened.ask({ url: `http://${allowed.host}/up`, upgrades: true })).toMatchObject({ code: 'failed' });
    expect(opened.log.entries.at(-1)).toMatchObject({ address: `${secure}/up`, outcome: 'failed' });
    await opened.gate.allow(MINE, [allowed.origin]);
    expect(await opened.ask({ url: `${secure}/`, upgrades: true })).toMatchObject({ code: 'not-allowed' });
    expect(seenNow()).toBe(0);
  });

  test('uses the consent of another conversation', async () => {
    await opened.gate.allow(THEIRS, [allowed.origin]);
    expect(await opened.ask({})).toMatchObject({ code: 'not-allowed' });
    expect(seenNow()).toBe(0);
  });

  test('uses a consent that was taken back', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    await opened.gate.allow(MINE, []);
    expect(await opened.ask({})).toMatchObject({ code: 'not-allowed' });
    expect(seenNow()).toBe(0);
  });

  test('is led elsewhere by a redirect', async () => {
    await opened.gate.allow(MINE, [allowed.origin, other.origin]);
    expect(await opened.ask({ url: `${allowed.origin}/redirect` })).toMatchObject({ code: 'redirected' });
    expect(other.seen).toHaveLength(0);
  });

  test.each([
    ['another port', () => `http://127.0.0.1:${Number(allowed.host.split(':')[1]) === 1 ? 2 : 1}/`],
    ['http for https', () => `https://${allowed.host}/`],
    ['another name of the same machine', () => `http://localhost:${allowed.host.split(':')[1]}/`],
    ['a name that resolves to it', () => `http://127.0.0.1.nip.io:${allowed.host.split(':')[1]}/`],
    ['the name before an @', () => `http://${allowed.host}@${other.host}/`],
    ['the name as a subdomain', () => `http://${allowed.host.replace(':', '.')}.example.org/`],
    ['a backslash before an @', () => `http://${other.host}\\@${allowed.host}/`],
  ])('passes a host off as the allowed one: %s', async (_title, address) => {
    await opened.gate.allow(MINE, [allowed.origin]);
    const answer = await opened.ask({ url: address() });
    expect(answer).toMatchObject({ code: expect.stringMatching(/not-allowed|bad-request/u) as string });
    expect(seenNow()).toBe(0);
  });

  test.each(['data:text/plain,x', 'file:///etc/passwd', 'blob:null/x', 'javascript:1', 'ftp://a.org/', 'ws://a.org/'])(
    'asks for %s',
    async (url) => {
      await opened.gate.allow(MINE, [allowed.origin]);
      expect(await opened.ask({ url })).toMatchObject({ code: 'bad-request' });
    },
  );

  test.each([
    'chrome-extension://abcdefghijklmnop/manifest.json',
    'moz-extension://a/',
    'chrome://settings',
    'about:blank',
  ])('asks for the browser: %s', async (url) => {
    await opened.gate.allow(MINE, [allowed.origin]);
    expect(await opened.ask({ url })).toMatchObject({ code: 'bad-request' });
  });

  test('sends a user name in the address', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    expect(await opened.ask({ url: `http://me:pass@${allowed.host}/` })).toMatchObject({ code: 'bad-request' });
    expect(seenNow()).toBe(0);
  });

  test.each([
    ['a cookie', 'Cookie', 'a=b'],
    ['credentials', 'authorization', 'Bearer x'],
    ['another origin', 'Origin', 'https://chatgpt.com'],
    ['a referrer', 'Referer', 'https://chatgpt.com/c/1'],
    ['a second request in a value', 'accept', 'x\r\n\r\nGET /secret HTTP/1.1'],
    ['a header in a name', 'accept: x\r\ncookie', 'y'],
    ['a proxy header', 'proxy-authorization', 'x'],
    ['who is behind it', 'x-forwarded-for', '127.0.0.1'],
    ['a method in a header', 'x-http-method-override', 'CONNECT'],
  ])('smuggles %s', async (_title, name, value) => {
    await opened.gate.allow(MINE, [allowed.origin]);
    expect(await opened.ask({ headers: [[name, value]] })).toMatchObject({ code: 'bad-request' });
    expect(seenNow()).toBe(0);
  });

  test('what libraries add is left to the browser, and nothing of the person goes out', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    await opened.ask({
      method: 'POST',
      headers: [
        ['User-Agent', 'python-requests/2'],
        ['Host', 'secret.example'],
        ['content-type', 'application/json'],
      ],
      body: btoa('{}'),
    });
    const seen = allowed.seen.at(-1);
    expect(seen).toMatchObject({
      method: 'POST',
      body: '{}',
      headers: { host: allowed.host, 'content-type': 'application/json' },
    });
    for (const name of ['cookie', 'referer', 'authorization']) expect(seen?.headers).not.toHaveProperty(name);
    expect(seen?.headers['user-agent']).not.toContain('python');
  });

  test('gets no cookie and gives none back', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    const answer = await opened.ask({ url: `${allowed.origin}/cookie` });
    expect('headers' in answer && answer.headers.map(([name]) => name)).not.toContain('set-cookie');
    await opened.ask({ url: `${allowed.origin}/cookie` });
    expect(allowed.seen.at(-1)?.headers).not.toHaveProperty('cookie');
  });

  test.each(['CONNECT', 'TRACE', 'TRACK', 'OPTIONS', 'GET /secret HTTP/1.1\r\n'])(
    'uses the method %j',
    async (method) => {
      await opened.gate.allow(MINE, [allowed.origin]);
      expect(await opened.ask({ method })).toMatchObject({ code: 'bad-request' });
      expect(seenNow()).toBe(0);
    },
  );

  test.each(['', '{', 'null', '[]', '{"url":1}', '{"url":"https://a.org/","method":"GET","headers":{},"body":null}'])(
    'sends what is no request: %s',
    async (text) => {
      await opened.gate.allow(MINE, [allowed.origin]);
      expect(await opened.askText(text)).toMatchObject({ code: 'bad-request' });
    },
  );

  test('gets more than its conversation may, by one answer or by many', async () => {
    const small = openGate(4);
    await small.gate.allow(MINE, [allowed.origin]);
    const url = `${allowed.origin}/large`;
    expect(await small.ask({ url })).toMatchObject({ status: 200 });
    const more = expect.stringContaining('settings in the popup can allow more');
    expect(await small.ask({ url })).toMatchObject({ code: 'too-large', error: more });
    expect(await small.ask({ url })).toMatchObject({ code: 'used-up', error: more });
    expect((await small.gate.network(MINE)).usedBytes).toBeLessThan(5 * 1024 * 1024);
    // Several at once have one count.
    await small.gate.allow(MINE, [allowed.origin]);
    const answers = await Promise.all([1, 2, 3, 4].map(() => small.ask({ url })));
    expect(answers.filter((answer) => 'status' in answer).length).toBeLessThanOrEqual(1);
  });

  test('asks for more than the most that the settings can give', async () => {
    const most = LIMITS.networkMB.largest;
    const largest = openGate(most);
    await largest.gate.allow(MINE, [allowed.origin]);
    await largest.consents.use(MINE, { out: 0, in: (most - 2) * 1024 * 1024 });
    const url = `${allowed.origin}/large`;
    const none = expect.stringContaining('Hosts that are allowed anew begin at 0');
    expect(await largest.ask({ url })).toMatchObject({ code: 'too-large', error: none });
    expect(await largest.ask({ url })).toMatchObject({ code: 'used-up', error: none });
  });

  test('sends more than its conversation may', async () => {
    const small = openGate(1);
    await small.gate.allow(MINE, [allowed.origin]);
    const body = Buffer.alloc(2 * 1024 * 1024).toString('base64');
    expect(await small.ask({ method: 'POST', body })).toMatchObject({ code: 'used-up' });
    expect(seenNow()).toBe(0);
  });

  test('floods: so many at once, so many a minute, and the log holds no more', async () => {
    const atOnce = await Promise.all(Array.from({ length: 100 }, () => opened.ask({})));
    expect(atOnce.filter((answer) => 'code' in answer && answer.code === 'too-many')).toHaveLength(
      100 - LIMITS.networkAtOnce.standard,
    );
    for (let at = 0; at < 500; at += 1) await opened.ask({});
    expect(opened.log.entries).toHaveLength(LIMITS.networkPerMinute.standard);
    opened.pass(60_000);
    expect(await opened.ask({})).toMatchObject({ code: 'not-allowed' });
  });

  test('is stopped while a host does not answer, and so is one whose consent is taken back', async () => {
    await opened.gate.allow(MINE, [allowed.origin]);
    const stopping = new AbortController();
    const stopped = opened.ask({ url: `${allowed.origin}/never` }, MINE, stopping.signal);
    await expect.poll(() => allowed.seen.at(-1)?.path).toBe('/never');
    stopping.abort();
    expect(await stopped).toMatchObject({ code: 'stopped' });
    const count = allowed.seen.length;
    const revoked = opened.ask({ url: `${allowed.origin}/never` });
    await expect.poll(() => allowed.seen.length).toBe(count + 1);
    await opened.gate.allow(MINE, []);
    const answer = await revoked;
    expect(answer).toMatchObject({ code: 'stopped' });
    // Not as if somebody had pressed Stop.
    expect('error' in answer && answer.error).toContain('was changed in the popup');
  });

  test('finds the gate shut where the consent cannot be read', async () => {
    const broken = new NetworkGate({
      consents: { ...consentsInMemory(), find: () => Promise.reject(new Error('no disk')) },
      log: egressInMemory(),
      mostMB: () => 50,
      fetch,
      isPrivate: async () => false,
      now: () => 0,
    });
    const text = JSON.stringify({ url: `${allowed.origin}/`, method: 'GET', headers: [], body: null });
    const answer = await broken.forRun(MINE, 'python')(text, new AbortController().signal);
    expect(JSON.parse(answer)).toMatchObject({ code: 'not-allowed' });
    expect(seenNow()).toBe(0);
  });
});

describe('consent', () => {
  const over = new AbortController();
  afterAll(() => over.abort());

  test('is given and read by pages of the extension only', async () => {
    const host = hostInMemory(over.signal);
    const page = host.engineFromTab(1);
    const request = { sessionId: MINE, hosts: ['example.org'] };
    expect(await page.allowHosts(request)).toMatchObject({ ok: false, error: { code: 'door/forbidden' } });
    expect(await page.network({ sessionId: MINE })).toMatchObject({ ok: false, error: { code: 'door/forbidden' } });
    expect(await page.egressLog({ most: 1 })).toMatchObject({ ok: false, error: { code: 'door/forbidden' } });
    expect(await page.clearEgressLog({})).toMatchObject({ ok: false, error: { code: 'door/forbidden' } });
    const own = host.engineFromOwnPage();
    expect(await own.network({ sessionId: MINE })).toMatchObject({
      value: { origins: [], usedBytes: 0, sentBytes: 0 },
    });
    expect(await own.allowHosts(request)).toMatchObject({ value: { origins: ['https://example.org'] } });
    expect(await own.allowHosts({ ...request, hosts: ['*'] })).toMatchObject({ error: { code: 'settings/bad-value' } });
    expect(await own.allowHosts({ ...request, hosts: [] })).toMatchObject({ value: { origins: [] } });
  });
});

test('a call that starts by itself takes no private file anywhere; a press may', async () => {
  const { gate, addPrivate } = opened;
  await gate.allow(MINE, [allowed.origin]);
  const text = JSON.stringify({ url: `${allowed.origin}/`, method: 'GET', headers: [], body: null });
  const signal = new AbortController().signal;
  const asked = async (trigger: 'auto' | 'press' | 'terminal') =>
    JSON.parse(await gate.forRun(MINE, 'python', trigger)(text, signal)) as NetworkAnswer;
  expect(await asked('auto')).toMatchObject({ status: 200 });
  expect(await asked('terminal')).toMatchObject({ status: 200 });
  addPrivate();
  const seen = allowed.seen.length;
  expect(await asked('auto')).toMatchObject({ code: 'not-allowed' });
  // What such a call left running asks as the terminals of its conversation do.
  expect(await asked('terminal')).toMatchObject({ code: 'not-allowed' });
  expect(allowed.seen).toHaveLength(seen);
  expect(await asked('press')).toMatchObject({ status: 200 });
});

test('what was carried is counted for the engine that asked, and not what was refused', async () => {
  const { gate } = opened;
  await gate.allow(MINE, [allowed.origin]);
  const signal = new AbortController().signal;
  const machine = 'page:machine:web mine' as SessionId;
  const asks = (runner: string, url: string, engine = MINE) =>
    gate.forRun(MINE, runner, 'press', undefined, { engine, within: null })(
      JSON.stringify({ url, method: 'GET', headers: [], body: null }),
      signal,
    );
  await asks('linux', `${allowed.origin}/`);
  await asks('linux', `${other.origin}/`);
  await asks('python', `${allowed.origin}/`);
  await asks('linux', `${allowed.origin}/longer`, machine);
  const sentBytes = `${allowed.origin}/`.length;
  const receivedBytes = 'hello'.length;
  expect(gate.carried(MINE, 'linux')).toEqual({ sentBytes, receivedBytes, requests: 1 });
  expect(gate.carried(machine, 'linux')).toEqual({
    sentBytes: sentBytes + 'longer'.length,
    receivedBytes,
    requests: 1,
  });
  expect(gate.carried(THEIRS, 'linux')).toEqual({ sentBytes: 0, receivedBytes: 0, requests: 0 });
});
