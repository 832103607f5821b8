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

export type Sockets = ReturnType<typeof createSockets>;

/** Reads the frames of a page's sockets. Which socket does not matter: topics outlive them (rule W2). */
export function createSockets(context: DecoderContext) {
  const topics = socket2026.createDecoder(context);
  const adapters = [
    { adapter: socket2026, decoder: topics },
    { adapter: pubsub2024, decoder: pubsub2024.createDecoder(context) },
    { adapter: seedFrames, decoder: seedFrames.createDecoder(context) },
  ];

  const route = (frame: SocketFrame): void => {
    const known = adapters.find(({ adapter }) => adapter.recognise(frame));
    if (known) known.decoder.decode(frame);
    else if (frame.direction === 'in') noticeUnknown(frame.value);
  };

  /** Most of what else passes is of no concern; what comes on a turn's own topic is. */
  const noticeUnknown = (value: JsonObject): void => {
    const { topic_id: topic } = value as { topic_id?: unknown };
    if (typeof topic !== 'string' || !topic.startsWith(TURN_TOPIC)) return;
    context.emit({ kind: 'unknown', stream: topic, value });
  };

  return {
    /** Rule W1: JSON in text, or the same in UTF-8; a list of envelopes or one. */
    read(socket: number, direction: 'in' | 'out', content: string | Uint8Array): void {
      const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        // Other protocols share the page's sockets; only what looked like ours is counted.
        if (JSON_START.test(text)) context.emit({ kind: 'problem', problem: 'bad_json', stream: null });
        return;
      }
      for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
        if (isObject(item)) route({ kind: 'socket', socket, direction, value: item });
        else context.emit({ kind: 'problem', problem: 'bad_frame', stream: null });
      }
    },
    topics,
    /** A frame was dropped unread. */
    lose(): void {
      topics.doubtAll();
    },
  };
}
