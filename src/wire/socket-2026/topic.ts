import flru from 'flru';
import { reportProblem } from '../adapter.ts';
import { createEventStream, type EventStreamContext } from '../event-stream/event-stream.ts';
import { idOrNull, textOrNull, type JsonObject } from '../json.ts';
import { compareOffsets, parseOffset, type TopicOffset } from './offset.ts';

export type Topic = ReturnType<typeof createTopic>;

/** One turn on the socket: its stream, which items were seen, and how far it came (rules W2 to W5, W7, W9). `losses` counts how often frames of the socket were lost. */
export function createTopic(context: EventStreamContext, losses: number) {
  // Not a set whose first is deleted: to find its first costs ever more, the longer it is used so.
  const seen = flru<true>(context.limits.itemsKeptPerTopic);
  let last: TopicOffset | null = null;
  let hasEnded = false;
  const stream = createEventStream(context);

  const takeText = (item: JsonObject, offset: TopicOffset | null): void => {
    const text = item['encoded_item'];
    if (typeof text !== 'string') {
      reportProblem(context, 'bad_frame');
      return;
    }
    if (isRepeat(textOrNull(item['stream_item_id']))) return;
    if (hasEnded) {
      reportProblem(context, 'after_end');
      return;
    }
    if (offset && last && compareOffsets(offset, last) <= 0) {
      lose('stale_offset');
      return;
    }
    if (offset) last = offset;
    const parent = textOrNull(item['parent_stream_item_id']);
    if (parent !== null && parent !== '' && !seen.has(parent)) lose('stream_gap');
    stream.readItem(text);
  };

  const isRepeat = (itemId: string | null): boolean => {
    if (itemId === null) return false;
    if (seen.has(itemId)) return true;
    seen.set(itemId, true);
    return false;
  };

  const lose = (problem: 'stale_offset' | 'stream_gap'): void => {
    reportProblem(context, problem);
    stream.delta.doubtAll();
  };

  return {
    /** Frames of the socket may have been lost, before they could be told apart, since this was last asked. */
    doubtAfter(lossesNow: number): void {
      if (lossesNow !== losses) stream.delta.doubtAll();
      losses = lossesNow;
    },
    /** `item` is the inner payload, `offset` what stands beside it in the envelope. */
    take(item: JsonObject, offset: unknown): void {
      const conversationId = idOrNull(item['conversation_id']);
      if (conversationId !== null) stream.nameConversation(conversationId);
      switch (item['type']) {
        case 'heartbeat':
          return;
        case 'done':
          stream.close('complete');
          hasEnded = true;
          return;
        case 'error':
          stream.close('error');
          hasEnded = true;
          return;
        default:
          takeText(item, parseOffset(offset));
      }
    },
  };
}
