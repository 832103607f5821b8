import type { CDPSession, Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, questionOf } from '../support/runs-client/index.ts';

const world = siteInChromium({ speed: 'instant' }, { hasProbe: false });
let own: RunsClient;
let page: Page;

beforeAll(async () => {
  own = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
  page = await world.chromium.newChatPage();
});

/** The world of our content script in a page of the site: what somebody has who took over the page's whole process. */
async function contentWorld(target: Page): Promise<{ session: CDPSession; contextId: number }> {
  const session = await target.createCDPSession();
  const found = Promise.withResolvers<number>();
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { type } = context.auxData as { type?: string };
    if (type === 'isolated' && context.origin === `chrome-extension://${world.chromium.extensionId}`)
      found.resolve(context.id);
  });
  await session.send('Runtime.enable');
  return { session, contextId: await found.promise };
}

interface Said {
  readonly kind: string;
  readonly id?: string;
  readonly error?: { readonly code: string };
  readonly value?: unknown;
}

/** Speaks raw messages over a fresh port in that world; answers what came back once all ids are answered. */
async function speak(target: Page, messages: readonly Record<string, unknown>[], door = 'host:runs'): Promise<Said[]> {
  const { session, contextId } = await contentWorld(target);
  const script = `new Promise((resolve) => {
    const messages = ${JSON.stringify(messages)};
    const door = ${JSON.stringify(door)};
    const port = chrome.runtime.connect({ name: door });
    const said = [];
    const awaited = new Set(messages.map((message) => message.id).filter(Boolean));
    port.onMessage.addListener((frame) => {
      const message = JSON.parse(frame.json);
      said.push(message);
      awaited.delete(message.id);
      if (awaited.size === 0) { port.disconnect(); resolve(JSON.stringify(said)); }
    });
    const post = (message) => port.postMessage({ k: 'whole', json: JSON.stringify(message) });
    post({ kind: 'open', door, version: 1, clientId: crypto.randomUUID() });
    for (const message of messages) post(message);
  })`;
  const { result } = await session.send('Runtime.evaluate', { expression: script, contextId, awaitPromise: true });
  await session.detach();
  return JSON.parse(result.value as string) as Said[];
}

const answerTo = (said: readonly Said[], id: string) => said.find((message) => message.id === id);

test('the page itself has no way to the door', async () => {
  const seen = await page.evaluate(() => {
    const { chrome, browser } = globalThis as unknown as {
      chrome?: { runtime?: { connect?: unknown } };
      browser?: unknown;
    };
    return { connect: typeof chrome?.runtime?.connect, browser: typeof browser };
  });
  expect(seen).toEqual({ connect: 'undefined', browser: 'undefined' });
});

test('positive control: that world does reach the door', async () => {
  const said = await speak(page, [{ kind: 'request', id: 's', method: 'status', body: {} }]);
  expect(answerTo(said, 's')).toMatchObject({ kind: 'answer', value: { kind: 'offscreen' } });
});

test('it cannot reach sessions, files or the history of the extension itself', async () => {
  const secret = Buffer.from('canary-5c1f').toString('base64');
  await own.call('addFile', { sessionId: 'page:secret', name: 'canary.txt', base64: secret });
  const said = await speak(page, [
    { kind: 'request', id: '1', method: 'readFile', body: { sessionId: 'page:secret', path: 'canary.txt' } },
    { kind: 'request', id: '2', method: 'listFiles', body: { sessionId: 'page:secret' } },
    { kind: 'request', id: '3', method: 'start', body: runRequest('1', 'secret') },
    { kind: 'request', id: '4', method: 'recentRuns', body: { most: 10 } },
    { kind: 'request', id: '5', method: 'restartSession', body: { sessionId: 'page:secret' } },
    { kind: 'request', id: '6', method: 'readFile', body: { sessionId: 'x', path: '../secret/canary.txt' } },
  ]);
  expect(['1', '2', '3', '4', '5', '6'].map((id) => answerTo(said, id)?.error?.code)).toEqual([
    'door/forbidden',
    'door/forbidden',
    'door/forbidden',
    'door/forbidden',
    'door/forbidden',
    'files/bad-path',
  ]);
  expect(JSON.stringify(said)).not.toContain('canary-5c1f');
  expect(JSON.stringify(said)).not.toContain(secret);
});

test('it cannot take over names: of the extension, of a conversation, of the engine that describes', async () => {
  const key = 'own-call-7d02';
  await own.run(runRequest('1', 'named', { callKey: key as never }));
  const bytes = Buffer.from('x').toString('base64');
  await own.call('addFile', { sessionId: 'conversation-a', name: 'a', base64: bytes });
  const adopt = (id: string, from: string, to: string) =>
    ({ kind: 'request', id, method: 'adoptSession', body: { from, to } }) as const;
  const describing = `page:describe:${crypto.randomUUID()} page:named`;
  const said = await speak(page, [
    adopt('1', 'page:named', 'mine'),
    adopt('2', 'chat:mine', 'page:named'),
    adopt('3', 'conversation-a', 'mine'),
    adopt('4', 'chat:mine', 'conversation-a'),
    { kind: 'request', id: '5', method: 'findRun', body: { callKey: key } },
    { kind: 'request', id: '6', method: 'listFiles', body: { sessionId: describing } },
    { kind: 'request', id: '7', method: 'sessionFacts', body: { sessionId: 'page:named' } },
  ]);
  expect(['1', '2', '3', '6', '7'].map((id) => answerTo(said, id)?.error?.code)).toEqual(
    Array.from({ length: 5 }, () => 'door/forbidden'),
  );
  expect(answerTo(said, '4')).toMatchObject({ kind: 'answer', value: { adopted: false } });
  expect(answerTo(said, '5')).toMatchObject({ kind: 'answer', value: null });
  expect(await own.call('findRun', { callKey: key })).toMatchObject({ value: { isActive: false } });
});

test('it cannot see, stop or answer a run of another tab, even with its id', async () => {
  const started = await own.call('start', runRequest("input('?')", 'victim', { stdin: null }));
  const runId = (started as { value: { runId: string } }).value.runId;
  await own.watch(runId, 0);
  const question = questionOf((await own.until(runId, 'input')).events);
  const said = await speak(page, [
    { kind: 'request', id: '1', method: 'stop', body: { runId } },
    { kind: 'request', id: '2', method: 'answerInput', body: { runId, question, text: 'forged' } },
    { kind: 'watch', id: '3', body: { runId, after: 0 } },
    { kind: 'request', id: '4', method: 'status', body: {} },
  ]);
  expect(['1', '2', '3'].map((id) => answerTo(said, id)?.error?.code)).toEqual([
    'run/not-found',
    'run/not-found',
    'run/not-found',
  ]);
  expect(answerTo(said, '4')?.value).toMatchObject({ sessions: [], activeRuns: [] });
  await own.call('answerInput', { runId, question, text: 'own' });
  const run = await own.until(runId, 'ended');
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', result: "'own'" });
});

test('forged shapes have no effect and the host lives on', async () => {
  const body = runRequest('1', 'x');
  const forged: Record<string, unknown>[] = [
    { ...body, sessionId: 'x', limits: { timeMs: 1e12, memoryMB: 1e9 } },
    { ...body, sessionId: 'x', language: 'shell; rm' },
    { ...body, sessionId: 'x', stdin: 'no list' },
    { ...body, sessionId: { toString: 1 } },
    { ...body, sessionId: 'x', extra: true },
    { ...body, sessionId: 'y'.repeat(1_000) },
  ];
  const said = await speak(
    page,
    forged.map((one, index) => ({ kind: 'request', id: `f${index}`, method: 'start', body: one })),
  );
  for (const index of forged.keys()) {
    expect(answerTo(said, `f${index}`)).toMatchObject({ kind: 'refusal', error: { code: 'door/bad-message' } });
  }
  const next = await own.run(runRequest('2 + 2', 'after'));
  expect(outcomeOf(next)).toMatchObject({ kind: 'completed', result: '4' });
});

test('starts beyond the rate are refused, and those of the extension are not', async () => {
  const most = LIMITS.runsPerMinuteFromPage.standard;
  const call = { ...runRequest('1', 'x'), sessionId: 'flood', language: 'lua' };
  const said = await speak(
    page,
    Array.from({ length: most + 10 }, (_, n) => ({ kind: 'request', id: `r${n}`, method: 'start', body: call })),
  );
  const codes = said.flatMap((message) => message.error?.code ?? []);
  expect(
    codes.filter((code) => code === 'run/rate-limited' || code === 'run/queue-full').length,
  ).toBeGreaterThanOrEqual(10);
  expect(codes).toContain('run/rate-limited');
  const next = await own.run(runRequest('3 + 3', 'after'));
  expect(outcomeOf(next)).toMatchObject({ kind: 'completed', result: '6' });
});

test('it has no way to servers of Linux', async () => {
  const target = { sessionId: 'x', port: 8000, path: '/' };
  const request = { ...target, method: 'GET', headers: [], body: null };
  const said = await speak(
    page,
    [
      { kind: 'request', id: '1', method: 'servers', body: { sessionId: 'x' } },
      { kind: 'request', id: '2', method: 'fetch', body: request },
      { kind: 'request', id: '3', method: 'socketSend', body: { socketId: 'a', data: 'b' } },
      { kind: 'watch', id: '4', body: { kind: 'servers', sessionId: 'x', after: 0 } },
      { kind: 'watch', id: '5', body: { kind: 'socket', ...target, protocols: [], socketId: 'a', after: 0 } },
    ],
    'host:previews',
  );
  expect(['1', '2', '3', '4', '5'].map((id) => answerTo(said, id)?.error?.code)).toEqual(
    Array(5).fill('door/forbidden'),
  );
});
