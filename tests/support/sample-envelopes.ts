import type { Envelope } from '../../src/interception/envelope.ts';

/** Envelopes as the page hook sends them, of a kind each; what a test changes of them is what it is about. */
export const SOCKET_ENVELOPE = {
  v: 1,
  seq: 1,
  kind: 'socket',
  socket: 1,
  url: 'wss://ws.chatgpt.com/p',
  direction: 'in',
  data: '{}',
} as const satisfies Envelope;

export const OPEN_ENVELOPE = {
  v: 1,
  seq: 1,
  kind: 'open',
  stream: 1,
  transport: 'fetch',
  method: 'POST',
  url: 'https://chatgpt.com/backend-api/f/conversation',
  status: 200,
  contentType: 'text/event-stream',
  retryAfter: null,
  request: null,
} as const satisfies Envelope;
