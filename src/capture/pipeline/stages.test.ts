import { describe, expect, it, vi } from 'vitest';
import { frameOf, interceptorContract, middlewareContract } from '../../../tests/support/stage-contract.ts';
import { WIRE_LIMITS, type WireEvent } from '../../wire/index.ts';
import { createErrorHandlers } from './error-handlers/index.ts';
import { createOriginCheck } from './interceptors/origin-check.ts';
import { createRateLimit } from './interceptors/rate-limit.ts';
import { createSizeLimit } from './interceptors/size-limit.ts';
import { createTypeDetection } from './interceptors/type-detection.ts';
import { createErrorTracking, createLogging, createMetrics } from './middleware/index.ts';
import { createDispatch } from './processors/index.ts';
import { Session } from './session/session.ts';
import type { Bodies } from './transports/bodies.ts';
import type { Sockets } from './transports/sockets.ts';

interceptorContract(createOriginCheck);
interceptorContract(() => createRateLimit(1_000));
interceptorContract(() => createSizeLimit(2));
interceptorContract(createTypeDetection);

middlewareContract(() => {
  const middleware = createLogging();
  return { middleware, read: () => middleware.lines() };
});
middlewareContract(() => {
  const middleware = createMetrics();
  return { middleware, read: () => middleware.counts() };
});
middlewareContract(() => {
  const counts: Record<string, number> = {};
  const middleware = createErrorTracking((problem) => {
    counts[problem] = (counts[problem] ?? 0) + 1;
  });
  return { middleware, read: () => counts };
});

const opened = (method: string, url: string) =>
  frameOf({
    kind: 'open',
    stream: 1,
    transport: 'fetch',
    method,
    url,
    status: 200,
    contentType: '',
    retryAfter: null,
    request: null,
  });

describe('origin check', () => {
  const socket = (url: string) => frameOf({ kind: 'socket', socket: 1, url, direction: 'in', data: '' });

  it.each(['https://chatgpt.com/a', 'https://chat.openai.com/a'])('lets a body of %s in', (url) => {
    expect(createOriginCheck().intercept(opened('GET', url)).kind).toBe('pass');
  });

  it.each(['https://chatgpt.com.evil.test/', 'http://chatgpt.com/', 'https://evil.test/', '/relative'])(
    'blocks a body of %s',
    (url) => {
      expect(createOriginCheck().intercept(opened('GET', url))).toStrictEqual({
        kind: 'block',
        reason: 'foreign_origin',
      });
    },
  );

  it('lets sockets of the site in and no other', () => {
    const check = createOriginCheck();
    expect(check.intercept(socket('wss://ws.chatgpt.com/p1')).kind).toBe('pass');
    expect(check.intercept(socket('wss://a.webpubsub.azure.com/x')).kind).toBe('pass');
    expect(check.intercept(socket('wss://evilchatgpt.com/')).kind).toBe('block');
    expect(check.intercept(socket('ws://ws.chatgpt.com/')).kind).toBe('block');
  });
});

describe('rate limit', () => {
  it('blocks what exceeds the rate, and lets on in the next second', () => {
    const limit = createRateLimit(2);
    const kinds = [0, 1, 2, 999, 1_000].map((at) => limit.intercept(frameOf({ kind: 'health', counts: {} }, at)).kind);
    expect(kinds).toStrictEqual(['pass', 'pass', 'block', 'block', 'pass']);
  });
});

describe('type detection', () => {
  it.each([
    ['POST', '/backend-api/f/conversation', 'turn', null],
    ['post', '/backend-anon/conversation/', 'turn', null],
    ['POST', '/backend-api/f/conversation/resume', 'resume', null],
    ['POST', '/backend-api/f/conversation/prepare', null, null],
    ['GET', '/backend-api/f/conversation', null, null],
    ['GET', '/backend-api/conversation/a%20b', 'conversation', 'a b'],
    ['GET', '/backend-api/conversation/a%', 'conversation', 'a%'],
    ['GET', '/backend-api/conversations/a/messages?before=x', 'conversation', 'a'],
    ['GET', '/backend-api/conversation/a/stream_status', null, null],
    ['GET', '/backend-api/conversations?offset=0', 'conversation-list', null],
    ['GET', '/backend-api/me', null, null],
    ['PUT', '/backend-api/conversation', null, null],
  ])('%s %s is %s', (method, path, route, conversationId) => {
    const frame = opened(method, `https://chatgpt.com${path}`);
    createTypeDetection().intercept(frame);
    expect(frame.route).toBe(route);
    expect(frame.conversationInAddress).toBe(conversationId);
  });
});

describe('processors', () => {
  const session = () => new Session({ limits: WIRE_LIMITS, onEvent: () => undefined });
  const events: readonly WireEvent[] = [
    { kind: 'turn-opened', stream: 's', source: 's', met: 'live' },
    { kind: 'conversation', stream: 's', conversationId: 'c' },
    { kind: 'message-settles', message: {} },
    {
      kind: 'message-changed',
      stream: null,
      message: {},
      conversationId: null,
      isLive: true,
      isWhole: true,
      parentId: null,
      hasOnlyGrown: false,
    },
    {
      kind: 'call',
      id: 'i',
      socket: 1,
      direction: 'in',
      version: 'generic',
      conversationId: null,
      tool: 'ide',
      body: 'x',
      workingDirectory: null,
      environment: null,
    },
    { kind: 'output', id: 'i', conversationId: null, hasFailed: false, text: '', content: {} },
    { kind: 'title', conversationId: 'c', title: 't' },
    { kind: 'turn-ended', stream: 'unknown', state: 'complete' },
    { kind: 'handoff', stream: 's', topics: ['t'] },
    { kind: 'sideband', stream: null, type: 'x' },
    { kind: 'older-page', conversationId: null, before: null },
    { kind: 'branch-message', message: { id: 'm', author: {}, content: [] }, conversationId: null },
    { kind: 'other-branches', conversationId: null, messageCount: 1 },
    { kind: 'problem', problem: 'bad_json', stream: null },
    { kind: 'unknown', stream: 'nobody', value: undefined },
  ];

  it('take every event in any order, and never throw', () => {
    const dispatch = createDispatch(session(), {});
    for (const event of [...events, ...events.toReversed()]) {
      expect(() => {
        dispatch(event);
      }).not.toThrow();
    }
  });

  it('count canvas documents once they are finished', () => {
    const onArtifact = vi.fn();
    const dispatch = createDispatch(session(), { onArtifact });
    for (const status of ['in_progress', 'finished_successfully']) {
      const message = { id: 'm', author: { role: 'assistant' }, recipient: 'canmore.create_textdoc', status };
      dispatch({
        kind: 'message-changed',
        stream: null,
        message,
        conversationId: 'c',
        isLive: true,
        isWhole: true,
        parentId: null,
        hasOnlyGrown: false,
      });
    }
    expect(onArtifact).toHaveBeenCalledTimes(1);
  });
});

describe('error handlers', () => {
  it('put in doubt what a frame belonged to, and everything when that is not known', () => {
    const bodies = { lose: vi.fn(), doubtAll: vi.fn() };
    const sockets = { lose: vi.fn() };
    const handlers = createErrorHandlers(bodies as unknown as Bodies, sockets as unknown as Sockets);
    const handle = (part: object): void => {
      const frame = frameOf(part);
      handlers.find((handler) => handler.handles(frame))?.handle(frame);
    };
    handle({ kind: 'chunk', stream: 7, bytes: new Uint8Array(0) });
    expect(bodies.lose).toHaveBeenCalledWith(7);
    handle({ kind: 'socket', socket: 1, url: '', direction: 'in', data: '' });
    expect(sockets.lose).toHaveBeenCalledTimes(1);
    handle({ kind: 'end', stream: 7, how: 'failed' });
    expect(bodies.doubtAll).toHaveBeenCalledTimes(1);
  });
});
