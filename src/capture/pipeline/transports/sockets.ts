import {
  isObject,
  pubsub2024,
  seedFrames,
  socket2026,
  type DecoderContext,
  type JsonObject,
  type WireFrame,
} from '../../../wire/index.ts';

const JSON_START = /^\s*[[{]/;

type SocketFrame = Extract<WireFrame, { kind: 'socket' }> & { readonly value: JsonObject };

const TURN_TOPIC = 'conversation-turn-';

/** Reads the frames of a page's sockets. Which socket does not matter: topics outlive them (rule W2). */
export class Sockets {
  readonly #context: DecoderContext;
  readonly #topics: ReturnType<typeof socket2026.createDecoder>;
  readonly #adapters;

  constructor(context: DecoderContext) {
    this.#context = context;
    this.#topics = socket2026.createDecoder(context);
    this.#adapters = [
      { adapter: socket2026, decoder: this.#topics },
      { adapter: pubsub2024, decoder: pubsub2024.createDecoder(context) },
      { adapter: seedFrames, decoder: seedFrames.createDecoder(context) },
    ];
  }

  /** Rule W1: JSON in text, or the same in UTF-8; a list of envelopes or one. */
  read(socket: number, direction: 'in' | 'out', content: string | Uint8Array): void {
    const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Other protocols share the page's sockets; only what looked like ours is counted.
      if (JSON_START.test(text)) this.#context.emit({ kind: 'problem', problem: 'bad_json', stream: null });
      return;
    }
    for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (isObject(item)) this.#route({ kind: 'socket', socket, direction, value: item });
      else this.#context.emit({ kind: 'problem', problem: 'bad_frame', stream: null });
    }
  }

  /** A frame was dropped unread. */
  lose(): void {
    this.#topics.doubtAll();
  }

  #route(frame: SocketFrame): void {
    const known = this.#adapters.find(({ adapter }) => adapter.recognise(frame));
    if (known) known.decoder.decode(frame);
    else if (frame.direction === 'in') this.#noticeUnknown(frame.value);
  }

  /** Most of what else passes is of no concern; what comes on a turn's own topic is. */
  #noticeUnknown(value: JsonObject): void {
    const { topic_id: topic } = value as { topic_id?: unknown };
    if (typeof topic !== 'string' || !topic.startsWith(TURN_TOPIC)) return;
    this.#context.emit({ kind: 'unknown', stream: topic, value });
  }
}
