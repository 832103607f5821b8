import { fromBase64, toBase64 } from '../../../base/index.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../../json.ts';
import { compareOffsets, parseOffset } from '../../socket-2026/offset.ts';
import { createStreamBody, type EventMasks, maskItem, type StreamBody } from './bodies.ts';
import type { Letters } from '../values/letters.ts';
import { splitEvents } from './sse-text.ts';
import { type ReadEvent, type ReadStream, readStream } from './read-stream.ts';

/** How what is written inside of a frame's texts is replaced, once all is read. */
type Inner = (masks: EventMasks) => string;

interface Topic {
  readonly stream: ReadStream;
  readonly seen: Map<string, Inner>;
}

interface Response {
  body: StreamBody;
  masked: readonly string[] | null;
  count: number;
  lastSequence: number;
}

const NOT_BASE64 = '!';
const DEEPEST = 500;

export type SocketReader = ReturnType<typeof createSocketReader>;

/** Reads the frames of sockets for the streams in them: items of topics (section 9 of docs/wire.md) and the bodies of 2024 (Z1). */
export function createSocketReader(letters: Letters, onStream: (stream: ReadStream) => void) {
  const topics = new Map<string, Topic>();
  const responses = new Map<string, Response>();
  const inner = new WeakMap<JsonObject, Inner>();

  const topicOf = (name: string): Topic => {
    const topic = topics.get(name) ?? { stream: readStream(letters), seen: new Map<string, Inner>() };
    topics.set(name, topic);
    return topic;
  };

  /** Whatever holds an item is read, for a topic may come in a shape that is not known. */
  const readItem = (item: JsonObject, text: string, topic: string): void => {
    const turn = textOrNull(item['turn_id']);
    const { stream, seen } = topicOf(topic !== '' || turn === null ? topic : `conversation-turn-${turn}`);
    const id = textOrNull(item['stream_item_id']);
    const before = id === null ? undefined : seen.get(`${id} ${text}`);
    if (before) {
      inner.set(item, before);
      return;
    }
    const events: readonly ReadEvent[] = stream.readItem(splitEvents(text));
    const mask: Inner = (masks) => maskItem(events, masks);
    inner.set(item, mask);
    if (id !== null) seen.set(`${id} ${text}`, mask);
    onStream(stream);
  };

  const responseOf = (data: JsonObject): Response => {
    const name = `${String(data['conversation_id'])}|${String(data['response_id'])}`;
    const known = responses.get(name) ?? { body: createStreamBody(letters), masked: null, count: 0, lastSequence: 0 };
    responses.set(name, known);
    return known;
  };

  const readGroupBody = (data: JsonObject, text: string, sequence: unknown): void => {
    const response = responseOf(data);
    const isRepeat = typeof sequence === 'number' && sequence <= response.lastSequence;
    const bytes = bytesOf(text);
    inner.set(data, () => (bytes ? '' : NOT_BASE64));
    if (isRepeat || !bytes) return;
    if (typeof sequence === 'number') response.lastSequence = sequence;
    const at = response.count;
    response.count += 1;
    response.body.add(bytes);
    inner.set(data, (masks) => {
      response.masked ??= response.body.mask(masks);
      return toBase64(new TextEncoder().encode(response.masked[at] ?? ''));
    });
  };

  const readObject = (value: JsonObject, topic: string, depth: number): void => {
    const own = textOrNull(value['topic_id']) ?? topic;
    const { encoded_item: item, body, catchups, sequenceId, data } = value as Record<string, unknown>;
    if (typeof item === 'string') readItem(value, item, own);
    if (typeof body === 'string' && value['type'] === 'http.response.body') readGroupBody(value, body, null);
    letters.note(value);
    for (const key of Object.keys(value)) {
      const part = value[key];
      if (part === data && isObject(data) && typeof data['body'] === 'string' && sequenceId !== undefined) {
        readGroupBody(data, data['body'], sequenceId);
      } else read(part === catchups ? inOrder(catchups) : part, own, depth + 1);
    }
  };

  const read = (value: unknown, topic: string, depth: number): void => {
    if (depth > DEEPEST) return;
    for (const item of listOf(value)) read(item, topic, depth + 1);
    if (isObject(value)) readObject(value, topic, depth);
  };

  return {
    read: (value: unknown) => read(value, '', 0),
    /** To be called when all is read, before anything is masked. */
    end(): void {
      for (const { body } of responses.values()) body.read();
    },
    inner: (object: JsonObject): Inner | null => inner.get(object) ?? null,
  };
}

/** Rule W5: catch-ups are applied in the order of their offsets, if all have one. */
function inOrder(catchups: unknown): readonly unknown[] {
  const placed = listOf(catchups).map((item) => ({
    item,
    offset: isObject(item) ? parseOffset(item['offset']) : null,
  }));
  if (placed.every(({ offset }) => offset !== null)) {
    placed.sort((a, b) => (a.offset && b.offset ? compareOffsets(a.offset, b.offset) : 0));
  }
  return placed.map(({ item }) => item);
}

function bytesOf(base64: string): Uint8Array | null {
  try {
    return fromBase64(base64);
  } catch {
    // The decoder refuses it, and must refuse what stands for it.
    return null;
  }
}
