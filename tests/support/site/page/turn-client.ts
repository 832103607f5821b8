import type { PageBehaviour } from '../options.ts';
import type { PageConfig } from '../server/page-document.ts';
import { type DecoderEvents, PageDecoder } from './decoder.ts';
import { pageFetch, SavedTextDecoder } from './natives.ts';
import { report } from './report.ts';
import type { SocketClient } from './socket-client.ts';
import { SseReader } from './sse.ts';

type Json = Record<string, unknown>;

type TurnBehaviour = PageConfig['behaviour'];

export interface TurnEvents {
  readonly onMessage: DecoderEvents['onMessage'];
  readonly onSide: DecoderEvents['onSide'];
  /** The stream cannot be had any more: only the history knows the turn. */
  readonly onHistoryOnly: () => void;
}

interface Reading {
  readonly decoder: PageDecoder;
  sse: SseReader;
  isDone: boolean;
  handoffTopic: string | null;
  conversationId: string | null;
}

/** Sends a turn and follows it over whatever way the site chooses. */
export class TurnClient {
  readonly #behaviour: TurnBehaviour;
  readonly #base: string;
  readonly #socket: SocketClient;
  #requestCount = 0;
  #abort = new AbortController();

  constructor(behaviour: TurnBehaviour, isGuest: boolean, socket: SocketClient) {
    this.#behaviour = behaviour;
    this.#base = isGuest ? '/backend-anon' : `/${behaviour.turnBase === 'feed' ? 'backend-api' : behaviour.turnBase}`;
    this.#socket = socket;
  }

  /** Resolves when the turn has ended, by whatever way. */
  async send(body: Json, events: TurnEvents): Promise<void> {
    const reading = this.#reading(events);
    this.#abort = new AbortController();
    const whole = await this.#stream(this.#path(), body, reading);
    if (reading.handoffTopic !== null) return await this.#follow(reading.handoffTopic, reading.conversationId, events);
    if (whole || reading.isDone || this.#abort.signal.aborted) return;
    await this.#resume(reading.conversationId, reading.sse.count, reading, events);
  }

  #path(): string {
    const { turnBase, shape } = this.#behaviour;
    if (turnBase === 'feed') return `${this.#base}/feed/card/card-standin/conversation`;
    return shape === 'legacy' ? `${this.#base}/conversation` : `${this.#base}/f/conversation`;
  }

  /** Goes on with a turn that was running before this page was loaded. */
  async rejoin(conversationId: string, topic: string | null, events: TurnEvents): Promise<void> {
    this.#abort = new AbortController();
    if (topic !== null) return void (await this.#overSocket(topic, events));
    await this.#resume(conversationId, 0, this.#reading(events), events);
  }

  stop(): void {
    this.#abort.abort();
  }

  async #follow(topic: string, conversationId: string | null, events: TurnEvents): Promise<void> {
    const { transport, topicPatienceMs } = this.#behaviour;
    if (transport === 'resume') return await this.#resume(conversationId, 0, this.#reading(events), events);
    if (transport !== 'stall-then-resume') return void (await this.#overSocket(topic, events));
    const stalled = await this.#overSocket(topic, events, topicPatienceMs);
    // The decoder goes on: what comes is what follows the last item.
    if (stalled !== null) await this.#resume(conversationId, stalled.count, stalled.reading, events);
  }

  /** Null when the topic has ended; how far it was read when nothing came for so long. */
  async #overSocket(
    topic: string,
    events: TurnEvents,
    patienceMs: number | null = null,
  ): Promise<{ reading: Reading; count: number } | null> {
    const reading = this.#reading(events);
    let count = 0;
    let timer = 0;
    const isStalled = await new Promise<boolean>((resolve) => {
      const wait = (): void => {
        clearTimeout(timer);
        if (patienceMs === null) return;
        timer = window.setTimeout(() => {
          this.#socket.leave(topic);
          resolve(true);
        }, patienceMs);
      };
      wait();
      this.#socket.subscribe(topic, {
        onItem: (text) => {
          count += 1;
          wait();
          const sse = new SseReader();
          for (const event of [...sse.push(text), ...sse.finish()]) reading.decoder.read(event);
        },
        onDone: () => {
          resolve(false);
        },
      });
      this.#abort.signal.addEventListener('abort', () => {
        resolve(false);
      });
    });
    clearTimeout(timer);
    return isStalled ? { reading, count } : null;
  }

  async #resume(conversationId: string | null, offset: number, reading: Reading, events: TurnEvents): Promise<void> {
    // The reader starts anew at an event's border; the documents of the cut stream stay.
    reading.sse = new SseReader();
    const whole = await this.#stream(
      `${this.#base === '/backend-alt' ? this.#base : '/backend-api'}/f/conversation/resume`,
      { conversation_id: conversationId, offset },
      reading,
    );
    // A body that this page ended itself was read as far as it says anything.
    if (!whole && !reading.isDone) events.onHistoryOnly();
  }

  #reading(events: TurnEvents): Reading {
    const reading: Reading = {
      sse: new SseReader(),
      isDone: false,
      handoffTopic: null,
      conversationId: null,
      decoder: new PageDecoder({
        onMessage: (message, conversationId) => {
          reading.conversationId ??= conversationId;
          events.onMessage(message, conversationId);
        },
        onSide: (value) => {
          if (typeof value['conversation_id'] === 'string') reading.conversationId ??= value['conversation_id'];
          if (value['type'] === 'stream_handoff') reading.handoffTopic = topicOf(value);
          if (value['type'] === 'message_stream_complete') {
            reading.isDone = true;
            if (this.#behaviour.abortsWhenComplete) this.#abort.abort();
          }
          events.onSide(value);
        },
        onDone: () => {
          reading.isDone = true;
        },
      }),
    };
    return reading;
  }

  /** True when the stream was read to its own end. */
  async #stream(path: string, body: Json, reading: Reading): Promise<boolean> {
    let response: Response;
    const parts: Uint8Array[] = [];
    let isWhole = false;
    try {
      response = await this.#post(path, body);
      if (!response.ok || response.body === null) return false;
      const decoder = new SavedTextDecoder();
      for await (const bytes of this.#lockedReader === null
        ? readBody(response, this.#behaviour.reads)
        : readAll(this.#lockedReader)) {
        parts.push(bytes);
        for (const event of reading.sse.push(decoder.decode(bytes, { stream: true }))) reading.decoder.read(event);
      }
      isWhole = true;
    } catch (error) {
      if (error instanceof SyntaxError) report('page-error', { message: error.message });
      return false;
    } finally {
      await reportStream({ path, streamId: this.#lastStreamId, isWhole }, parts);
    }
    return reading.isDone;
  }

  #lastStreamId = '';
  #lockedReader: ReadableStreamDefaultReader<Uint8Array> | null = null;

  async #post(path: string, body: Json): Promise<Response> {
    const init: RequestInit = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      signal: this.#abort.signal,
    };
    // A string, a URL and a Request take turns.
    const url = new URL(path, location.href);
    const form = this.#requestCount % 3;
    this.#requestCount += 1;
    this.#lockedReader = null;
    const asked =
      form === 0 ? pageFetch(path, init) : form === 1 ? pageFetch(url, init) : pageFetch(new Request(url, init));
    const isLocking = this.#behaviour.reads === 'locked';
    const response = await asked.then((answer) => {
      // In the very microtask in which the answer is there.
      if (isLocking && answer.ok) this.#lockedReader = answer.body?.getReader() ?? null;
      return answer;
    });
    this.#lastStreamId = response.headers.get('x-stand-in-stream') ?? '';
    return response;
  }
}

function topicOf(handoff: Json): string | null {
  const options: unknown = handoff['options'];
  const first: unknown = Array.isArray(options) ? options.at(-1) : null;
  return typeof first === 'object' && first !== null && 'topic_id' in first ? String(first.topic_id) : null;
}

async function* readBody(response: Response, how: PageBehaviour['reads']): AsyncGenerator<Uint8Array> {
  const { body } = response;
  if (body === null) return;
  if (how === 'pipe') {
    const encoder = new TextEncoder();
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield encoder.encode(value);
    }
  }
  if (how === 'iterate' && Symbol.asyncIterator in body) {
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) yield bytes;
    return;
  }
  yield* readAll(body.getReader());
}

async function* readAll(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

interface ReadStream {
  readonly path: string;
  readonly streamId: string;
  /** The page read it to its own end. */
  readonly isWhole: boolean;
}

async function reportStream(stream: ReadStream, parts: readonly Uint8Array[]): Promise<void> {
  const bytes = new Uint8Array(await new Blob([...parts] as BlobPart[]).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  report('stream', { ...stream, sha256, byteCount: bytes.length });
}
