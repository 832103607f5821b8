import flru from 'flru';
import { reportProblem, type DecoderContext, type WireDecoder } from '../adapter.ts';
import type { Continued } from '../event-stream/event-stream.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';
import { compareOffsets, parseOffset } from './offset.ts';
import { createTopic, type Topic } from './topic.ts';
import { decodeUpdate } from './update.ts';

export interface SocketDecoder extends WireDecoder {
  /** A frame of the socket was dropped unread; every open topic may have lost an item. */
  doubtAll(): void;
  /**
   * Hands the turn of a stalled topic over to a body that goes on with it (rule H6): of the topics `named` by a hand-off,
   * else of the last one of the conversation. Null when that body starts anew.
   */
  takeOver(conversationId: string, named: readonly string[] | null, offset: unknown): Continued | null;
  /** A hand-off names these topics: one that was taken over goes on, as another turn. */
  reopen(named: readonly string[]): void;
}

/** One decoder for the life of the page: topics outlive sockets (rule W2). */
export function createSocketDecoder(context: DecoderContext): SocketDecoder {
  const topics = flru<Topic | null>(context.limits.topicsKept);
  const lastOf = flru<Topic>(context.limits.topicsKept);
  let losses = 0;

  const topicOf = (name: string, isReplay: boolean): Topic => {
    const known = topics.get(name);
    if (known) {
      known.doubtAfter(losses);
      return known;
    }
    context.emit({ kind: 'turn-opened', stream: name, source: name, met: isReplay ? 'catch-up' : 'live' });
    const topic = createTopic({ ...context, stream: name }, losses);
    topics.set(name, topic);
    return topic;
  };

  const takeMessage = (envelope: JsonObject, replyTopic: string | null): void => {
    const payload = envelope['payload'];
    if (!isObject(payload)) return;
    const inner = isObject(payload['payload']) ? payload['payload'] : {};
    if (payload['type'] === 'conversation-update') decodeUpdate(context, payload);
    else if (payload['type'] === 'conversation-turn-complete') {
      context.emit({ kind: 'sideband', stream: null, type: 'conversation-turn-complete' });
    } else if (payload['type'] === 'conversation-turn-stream') {
      const name = topicName(envelope, replyTopic, inner);
      if (name === null) reportProblem(context, 'bad_frame');
      else takeItem(topicOf(name, replyTopic !== null), inner, envelope['offset']);
    }
  };

  const takeItem = (topic: Topic, inner: JsonObject, offset: unknown): void => {
    const before = topic.conversationId;
    topic.take(inner, offset);
    const { conversationId } = topic;
    if (conversationId !== null && conversationId !== before) lastOf.set(conversationId, topic);
  };

  /** Rule W5: catch-ups in the order of their offsets, if all have one. */
  const takeReply = (reply: JsonObject): void => {
    const items = listOf(reply['catchups']).filter(isObject);
    const placed = items.map((item) => ({ item, offset: parseOffset(item['offset']) }));
    if (placed.every(({ offset }) => offset !== null)) {
      placed.sort((a, b) => (a.offset && b.offset ? compareOffsets(a.offset, b.offset) : 0));
    }
    const topic = textOrNull(reply['topic_id']) ?? '';
    for (const { item } of placed) {
      const type = item['type'] ?? 'message';
      if (type === 'message') takeMessage(item, topic);
      else if (type === 'conversation-update') decodeUpdate(context, item);
    }
  };

  const takeOverNamed = (name: string, offset: unknown): Continued | null => {
    const topic = topics.get(name);
    if (topic) return topic.takeOver(offset, losses);
    // Its first item may come late; it is then of a turn that another body tells of.
    topics.set(name, createTopic({ ...context, stream: name }, losses, true));
    return null;
  };

  return {
    decode: (frame) => {
      if (frame.kind !== 'socket' || !isObject(frame.value)) return;
      const { type, reply } = frame.value as { type?: unknown; reply?: unknown };
      if (type === 'reply' || type === undefined) takeReply(isObject(reply) ? reply : {});
      else if (type === 'conversation-update') decodeUpdate(context, frame.value);
      else takeMessage(frame.value, null);
    },
    doubtAll: () => {
      // Each topic hears of it before its next item.
      losses += 1;
    },
    takeOver: (conversationId, named, offset) => {
      if (named === null) return lastOf.get(conversationId)?.takeOver(offset, losses) ?? null;
      return named.map((name) => takeOverNamed(name, offset)).find((continued) => continued !== null) ?? null;
    },
    reopen: (named) => {
      for (const name of named) if (topics.get(name)?.isTakenOver === true) topics.set(name, null);
    },
  };
}

/** Rule W2: the envelope's topic, else the reply's, else the turn's. */
function topicName(envelope: JsonObject, replyTopic: string | null, inner: JsonObject): string | null {
  const turn = textOrNull(inner['turn_id']) ?? '';
  const ofTurn = turn === '' ? '' : `conversation-turn-${turn}`;
  const name = textOrNull(envelope['topic_id']) ?? (replyTopic === null || replyTopic === '' ? ofTurn : replyTopic);
  return name === '' ? null : name;
}
