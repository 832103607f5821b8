import type { Shape } from '../options.ts';
import type { WireMessage } from './message.ts';

/** Where the growing text of a message lives. */
export type TextPath = '/message/content/parts/0' | '/message/content/text' | '/message/content/thoughts/0/content';

export interface Closing {
  readonly status?: WireMessage['status'];
  readonly endTurn?: boolean;
  readonly metadata?: Record<string, unknown>;
}

/** Turns changes of messages into event-stream text and keeps the messages themselves up to date. */
export interface Encoder {
  begin(): string;
  document(message: WireMessage): string;
  append(message: WireMessage, path: TextPath, text: string): string;
  close(message: WireMessage, closing: Closing): string;
  sideband(value: Record<string, unknown>): string;
  done(): string;
}

export function createEncoder(shape: Shape, conversationId: string): Encoder {
  if (shape === 'legacy') return legacyEncoder(conversationId);
  if (shape === 'drifted') return driftedEncoder(conversationId);
  if (shape === 'items') return itemEncoder(conversationId);
  return deltaEncoder(shape, conversationId);
}

interface Frame {
  c?: number;
  o?: string;
  p?: string;
  v?: unknown;
}

/** Delta v1: each of c, o, p is left out when it equals the frame before. Source: docs/wire.md, section 4, D2. */
function deltaEncoder(shape: 'delta' | 'unnamed' | 'crlf', conversationId: string): Encoder {
  const end = shape === 'crlf' ? '\r\n' : '\n';
  const channels = new Map<string, number>();
  let carried = { c: 0, o: 'add', p: '' };
  let nextChannel = 0;
  const event = (name: string | null, data: string): string =>
    `${name === null || shape === 'unnamed' ? '' : `event: ${name}${end}`}data: ${data}${end}${end}`;
  const frame = (c: number, o: string, p: string, v: unknown): string => {
    const made: Frame = {};
    if (c !== carried.c) made.c = c;
    if (o !== carried.o) made.o = o;
    if (p !== carried.p) made.p = p;
    // A first frame says all three, as captures do.
    if (nextChannel === 1 && o === 'add') Object.assign(made, { c, o, p });
    made.v = v;
    carried = { c, o, p };
    return event('delta', JSON.stringify(made));
  };
  return {
    begin() {
      carried = { c: 0, o: 'add', p: '' };
      nextChannel = 0;
      channels.clear();
      return event('delta_encoding', '"v1"');
    },
    document(message) {
      const channel = nextChannel++;
      channels.set(message.id, channel);
      return frame(channel, 'add', '', { message, conversation_id: conversationId, error: null, error_code: null });
    },
    append(message, path, text) {
      appendTo(message, path, text);
      return frame(channels.get(message.id) ?? 0, 'append', path, text);
    },
    close(message, closing) {
      closeMessage(message, closing);
      return frame(channels.get(message.id) ?? 0, 'patch', '', closingOf(closing));
    },
    sideband: (value) => event(null, JSON.stringify(value)),
    done: () => event(null, '[DONE]'),
  };
}

/** Each event is the whole message so far. Source: docs/wire.md, section 7, E1. */
function legacyEncoder(conversationId: string): Encoder {
  const snapshot = (message: WireMessage): string =>
    `data: ${JSON.stringify({ message, conversation_id: conversationId, error: null })}\n\n`;
  return {
    begin: () => '',
    document: snapshot,
    append(message, path, text) {
      appendTo(message, path, text);
      return snapshot(message);
    },
    close(message, closing) {
      closeMessage(message, closing);
      return snapshot(message);
    },
    sideband: (value) => `data: ${JSON.stringify(value)}\n\n`,
    done: () => 'data: [DONE]\n\n',
  };
}

/** Items of a conversation, added whole or patched until they are done. Source: docs/wire.md, item events. */
function itemEncoder(conversationId: string): Encoder {
  const event = (type: string, more: Record<string, unknown>): string =>
    `data: ${JSON.stringify({ type, conversation_id: conversationId, ...more })}\n\n`;
  const patch = (message: WireMessage, patches: readonly Frame[]): string =>
    event('stream-item-patch', { item_id: message.id, patches });
  return {
    begin: () => 'event: delta_encoding\ndata: "v1"\n\n',
    document(message) {
      const item = { id: message.id, message };
      return message.status === 'in_progress'
        ? event('stream-item-start', { item_id: message.id, item })
        : event('add-item', { item });
    },
    append(message, path, text) {
      appendTo(message, path, text);
      return patch(message, [{ o: 'append', p: path, v: text }]);
    },
    close(message, closing) {
      closeMessage(message, closing);
      return patch(message, closingOf(closing)) + event('stream-item-done', { item_id: message.id });
    },
    sideband: (value) => `data: ${JSON.stringify(value)}\n\n`,
    done: () => 'data: [DONE]\n\n',
  };
}

function closingOf(closing: Closing): Frame[] {
  const operations: Frame[] = [];
  if (closing.status !== undefined) operations.push({ p: '/message/status', o: 'replace', v: closing.status });
  if (closing.endTurn !== undefined) operations.push({ p: '/message/end_turn', o: 'replace', v: closing.endTurn });
  if (closing.metadata !== undefined) operations.push({ p: '/message/metadata', o: 'append', v: closing.metadata });
  return operations;
}

/** A shape made up here: what a reader meets on the day after the site changed its wire. */
function driftedEncoder(conversationId: string): Encoder {
  const slots = new Map<string, string>();
  const event = (name: string, value: unknown): string => `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
  return {
    begin: () => event('delta_encoding', 'v4'),
    document(message) {
      const slot = `n${String(slots.size)}`;
      slots.set(message.id, slot);
      return event('node', { slot, thread: conversationId, node: message });
    },
    append(message, path, text) {
      appendTo(message, path, text);
      return event('grow', { slot: slots.get(message.id), at: path, more: text });
    },
    close(message, closing) {
      closeMessage(message, closing);
      return event('seal', { slot: slots.get(message.id), node: message });
    },
    sideband: (value) => event('note', { note: value }),
    done: () => 'data: [DONE]\n\n',
  };
}

function appendTo(message: WireMessage, path: TextPath, text: string): void {
  if (path === '/message/content/text') {
    message.content['text'] = `${String(message.content['text'] ?? '')}${text}`;
    return;
  }
  const parts = message.content['parts'];
  if (path === '/message/content/parts/0' && Array.isArray(parts)) parts[0] = `${String(parts[0] ?? '')}${text}`;
  const thoughts = message.content['thoughts'];
  if (path === '/message/content/thoughts/0/content' && Array.isArray(thoughts)) {
    const first: unknown = thoughts[0];
    if (isRecord(first)) first['content'] = `${String(first['content'] ?? '')}${text}`;
  }
}

function closeMessage(message: WireMessage, closing: Closing): void {
  if (closing.status !== undefined) message.status = closing.status;
  if (closing.endTurn !== undefined) message.end_turn = closing.endTurn;
  if (closing.metadata !== undefined) Object.assign(message.metadata, closing.metadata);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
