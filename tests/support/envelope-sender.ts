import type { Capture } from '../../src/capture/pipeline/index.ts';
import type { Observation } from '../../src/interception/envelope.ts';

const utf8 = new TextEncoder();

export interface BodyFacts {
  readonly url?: string;
  readonly method?: string;
  readonly status?: number;
  readonly contentType?: string;
  readonly request?: unknown;
}

/** Sends numbered envelopes into a capture, as the page hook does. */
export class EnvelopeSender {
  readonly #capture: Capture;
  #seq = 0;
  #stream = 0;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  send(part: Observation): void {
    this.#seq += 1;
    this.#capture.accept({ v: 1, seq: this.#seq, ...part });
  }

  /** Skips numbers, as if envelopes were lost on the way. */
  lose(count: number): void {
    this.#seq += count;
  }

  open(facts: BodyFacts = {}): number {
    this.#stream += 1;
    this.send({
      kind: 'open',
      stream: this.#stream,
      transport: 'fetch',
      method: facts.method ?? 'POST',
      url: facts.url ?? 'https://chatgpt.com/backend-api/f/conversation',
      status: facts.status ?? 200,
      contentType: facts.contentType ?? 'text/event-stream; charset=utf-8',
      retryAfter: null,
      request: facts.request === undefined ? null : JSON.stringify(facts.request),
    });
    return this.#stream;
  }

  chunk(stream: number, content: string | Uint8Array): void {
    this.send({ kind: 'chunk', stream, bytes: typeof content === 'string' ? utf8.encode(content) : content });
  }

  end(stream: number, how: 'complete' | 'cancelled' | 'failed' = 'complete'): void {
    this.send({ kind: 'end', stream, how });
  }

  body(content: string, facts: BodyFacts = {}): number {
    const stream = this.open(facts);
    this.chunk(stream, content);
    this.end(stream);
    return stream;
  }

  socket(content: unknown, direction: 'in' | 'out' = 'in'): void {
    const data = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
    this.send({ kind: 'socket', socket: 1, url: 'wss://ws.chatgpt.com/p1/ws/user/user', direction, data });
  }
}

/** One event of an event stream. */
export function sse(value: unknown, name = ''): string {
  const line = name === '' ? '' : `event: ${name}\n`;
  return `${line}data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

export const ENCODING = sse('"v1"', 'delta_encoding');

export interface MessageFacts {
  readonly id?: string;
  readonly role?: string;
  readonly recipient?: string;
  readonly contentType?: 'code' | 'text';
  readonly text?: string;
  readonly status?: string;
}

/** A message as the site writes it. */
export function siteMessage(facts: MessageFacts = {}): Record<string, unknown> {
  const { contentType = 'code', text = 'print(1)' } = facts;
  return {
    id: facts.id ?? 'call-1',
    author: { role: facts.role ?? 'assistant', name: null, metadata: {} },
    create_time: 1_790_000_000.5,
    content: { content_type: contentType, ...(contentType === 'code' ? { text } : { parts: [text] }) },
    status: facts.status ?? 'finished_successfully',
    metadata: {},
    recipient: facts.recipient ?? 'python',
    channel: null,
  };
}

/** The frame that opens a message's document. */
export function rootFrame(message: object, channel = 0, conversationId: string | null = 'conv-1'): string {
  return sse({ p: '', o: 'add', c: channel, v: { message, conversation_id: conversationId, error: null } }, 'delta');
}
