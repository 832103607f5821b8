import { expect, test } from 'vitest';
import { carries, isTurnSocketHost, looksLikeTurn, routeOf } from './routes.ts';

const SITE = 'https://chatgpt.com';

test.each([
  ['POST', '/backend-api/f/conversation', 'turn'],
  ['POST', '/backend-api/conversation', 'turn'],
  ['POST', '/backend-anon/f/conversation', 'turn'],
  ['POST', '/backend-anon/conversation', 'turn'],
  ['POST', '/backend-api/f/conversation/resume', 'turn'],
  ['POST', '/backend-alt/f/conversation', 'turn'],
  ['POST', '/backend-alt/conversation', 'turn'],
  ['POST', '/backend-alt/f/conversation/resume', 'turn'],
  ['POST', '/backend-api/feed/card/card-1/conversation', 'turn'],
  ['POST', '/backend-api/feed/feedback/conversation', 'turn'],
  ['GET', '/backend-alt/conversation/abc-1', 'history'],
  ['GET', '/backend-api/conversation/abc-1', 'history'],
  ['GET', '/backend-api/conversations/abc-1', 'history'],
  ['GET', '/backend-api/conversations/abc-1/messages', 'history'],
  ['GET', '/backend-api/conversation/abc-1/stream_status', 'history'],
  ['GET', '/backend-api/conversation/abc-1/textdocs', 'history'],
  ['GET', '/backend-api/conversations', 'history'],
  ['GET', '/backend-api/gizmos/g-p-1/conversations', 'history'],
] as const)('reads %s %s', (method, path, route) => {
  expect(routeOf(method, SITE, path)).toBe(route);
  expect(routeOf(method, 'https://chat.openai.com', path)).toBe(route);
  expect(routeOf(method, 'https://evil.invalid', path)).toBeNull();
});

test.each([
  ['POST', '/backend-api/f/conversation/prepare'],
  ['POST', '/backend-api/stop_conversation'],
  ['POST', '/backend-api/f/steer_turn'],
  ['POST', '/backend-api/sentinel/chat-requirements/prepare'],
  ['POST', '/backend-api/conversation/abc-1'],
  ['POST', '/backend-alt/f/conversation/prepare'],
  ['POST', '/backend-api/feed/card//conversation'],
  ['POST', '/backend-api/feed/card/a/b/conversation'],
  ['POST', '/backend-api/feed/card/conversation'],
  ['POST', '/backend-api/feed/other/conversation'],
  ['GET', '/backend-api/feed/feedback/conversation'],
  ['GET', '/backend-api/f/conversation'],
  ['GET', '/backend-api/celsius/ws/user'],
  ['GET', '/backend-api/files/download/file-1'],
  ['GET', '/backend-api/estuary/content'],
  ['GET', '/backend-api/conversation/'],
  ['GET', '/backend-api/conversation/a/b/c'],
  ['GET', '/api/auth/session'],
  ['GET', '/x/backend-api/conversation/abc-1'],
  ['DELETE', '/backend-api/conversation/abc-1'],
])('passes %s %s by', (method, path) => {
  expect(routeOf(method, SITE, path)).toBeNull();
});

test.each([
  ['POST', '/backend-new/f/conversation', true],
  ['POST', '/backend-new/f/conversation/resume', true],
  ['POST', '/backend-api/feed/other/conversation', true],
  ['GET', '/backend-new/f/conversation', false],
  ['POST', '/backend-new/f/conversation/prepare', false],
  ['POST', '/api/conversation', false],
])('sees that %s %s looks like a turn: %s', (method, path, expected) => {
  expect(looksLikeTurn(method, SITE, path)).toBe(expected);
  expect(looksLikeTurn(method, 'https://evil.invalid', path)).toBe(false);
});

test('content types and hosts are taken by their own rule', () => {
  expect(carries('turn', 'text/event-stream; charset=utf-8')).toBe(true);
  expect(carries('turn', 'application/json')).toBe(false);
  expect(carries('history', 'application/json')).toBe(true);
  expect(carries('history', 'text/html')).toBe(false);
  expect(carries('unknown', 'text/event-stream')).toBe(false);
  expect(['ws.chatgpt.com', 'chatgpt.com', 'chatgpt-ws.webpubsub.azure.com'].map(isTurnSocketHost)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['evilchatgpt.com', 'chatgpt.com.evil.invalid', 'localhost'].map(isTurnSocketHost)).toEqual([
    false,
    false,
    false,
  ]);
});
