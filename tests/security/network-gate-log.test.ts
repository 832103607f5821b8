import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SessionId } from '../../src/contracts/ids.ts';
import type { NetworkAnswer, NetworkRequest } from '../../src/contracts/network.ts';
import { NetworkGate, type NetworkGateOptions } from '../../src/host/network/index.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { consentsInMemory, egressInMemory } from '../support/network-in-memory.ts';

// Threat: a program sends what nobody can see afterwards. The log and the count must say what went out, however it ended.
let allowed: LoopbackServer;
let other: LoopbackServer;
const MINE = 'conversation-one' as SessionId;
const never = new AbortController().signal;

beforeAll(async () => {
  other = await startLoopback((_request, response) => response.end('secret'));
  allowed = await startLoopback(({ path }, response) => {
    if (path === '/redirect') response.writeHead(302, { location: `${other.origin}/secret` }).end();
    else if (path === '/large') response.end(Buffer.alloc(3 * 1024 * 1024, 1));
    else if (path !== '/never') response.end('hello');
  });
});
afterAll(async () => {
  await allowed.close();
  await other.close();
});

let seenBefore: number;
beforeEach(() => (seenBefore = allowed.seen.length + other.seen.length));
const seenNow = (): number => allowed.seen.length + other.seen.length - seenBefore;

function openGate(options: Partial<NetworkGateOptions> = {}) {
  const consents = consentsInMemory();
  const log = egressInMemory();
  const gate = new NetworkGate({
    consents,
    log,
    mostMB: () => 50,
    fetch,
    isPrivate: async () => false,
    now: () => 0,
    ...options,
  });
  const ask = async (request: Partial<NetworkRequest>, signal = never): Promise<NetworkAnswer> => {
    const whole = { url: `${allowed.origin}/`, method: 'GET', headers: [], body: null, ...request };
    return JSON.parse(await gate.forRun(MINE, 'python')(JSON.stringify(whole), signal)) as NetworkAnswer;
  };
  return { gate, log, ask };
}

const POSTED = { method: 'POST', body: btoa('x'.repeat(1_000)) };
const sentenceOf = (answer: NetworkAnswer): string => ('error' in answer ? answer.error : '');

test('a request that is not answered well is noted with what went out', async () => {
  const { gate, log, ask } = openGate({ mostMB: () => 1 });
  await gate.allow(MINE, [allowed.origin]);
  const stopping = new AbortController();
  const stopped = ask({ ...POSTED, url: `${allowed.origin}/never` }, stopping.signal);
  await expect.poll(() => allowed.seen.at(-1)?.path).toBe('/never');
  stopping.abort();
  await stopped;
  await ask({ ...POSTED, url: `${allowed.origin}/redirect` });
  await ask({ ...POSTED, url: `${allowed.origin}/large` });
  await ask({ ...POSTED, url: `${other.origin}/` });
  expect(log.entries.map(({ outcome, bytesOut }) => [outcome, bytesOut >= 1_000])).toEqual([
    ['stopped', true],
    ['redirected', true],
    ['too-large', true],
    ['not-allowed', false],
  ]);
  expect(log.entries.at(-1)).toMatchObject({ bytesOut: 0, bytesIn: 0 });
  const { usedBytes, sentBytes } = await gate.network(MINE);
  expect(sentBytes).toBe(log.entries.reduce((sum, { bytesOut }) => sum + bytesOut, 0));
  expect(usedBytes - sentBytes).toBe(log.entries.reduce((sum, { bytesIn }) => sum + bytesIn, 0));
});

test('a request whose answer may not be read was delivered all the same, and is noted so', async () => {
  const { gate, log, ask } = openGate({
    // What a browser does where the server does not let other origins read its answers.
    fetch: async (address, options) => {
      await fetch(address, options);
      throw new TypeError('Failed to fetch');
    },
  });
  await gate.allow(MINE, [allowed.origin]);
  await ask(POSTED);
  expect(seenNow()).toBe(1);
  const [entry] = log.entries;
  expect(entry).toMatchObject({ outcome: 'failed', bytesIn: 0 });
  expect(entry?.bytesOut).toBeGreaterThanOrEqual(1_000);
});

test('an answer is told and noted as it came, though what it used cannot be written', async () => {
  const consents = consentsInMemory();
  const { gate, log, ask } = openGate({
    consents: {
      ...consents,
      use: (session, bytes) => (bytes.in > 0 ? Promise.reject(new Error('no disk')) : consents.use(session, bytes)),
    },
  });
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await gate.allow(MINE, [allowed.origin]);
  expect(await ask({})).toMatchObject({ status: 200, body: btoa('hello') });
  expect(log.entries).toMatchObject([{ outcome: 'passed', bytesIn: 5 }]);
  expect(warned).toHaveBeenCalled();
  warned.mockRestore();
});

test('a request that is stopped or taken back before it goes is not sent, and not said to be', async () => {
  const consents = consentsInMemory();
  let before: () => unknown = () => undefined;
  const { gate, log, ask } = openGate({ consents: { ...consents, use: async () => void (await before()) } });
  await gate.allow(MINE, [allowed.origin]);
  const stopping = new AbortController();
  before = () => stopping.abort();
  expect(sentenceOf(await ask(POSTED, stopping.signal))).toBe('The run was stopped.');
  before = () => gate.allow(MINE, []);
  expect(sentenceOf(await ask(POSTED))).toContain('was changed in the popup');
  expect(log.entries.map(({ bytesOut }) => bytesOut)).toEqual([0, 0]);
  expect(seenNow()).toBe(0);
});
