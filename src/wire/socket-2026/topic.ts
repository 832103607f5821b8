import flru from 'flru';
import { reportProblem } from '../adapter.ts';
import { createEventStream, type Continued, type EventStreamContext } from '../event-stream/event-stream.ts';
import { idOrNull, textOrNull, type JsonObject } from '../json.ts';
import { compareOffsets, parseOffset, type TopicOffset } from './offset.ts';

export type Topic = ReturnType<typeof createTopic>;

/** One turn on the socket: its stream, which items were seen, and how far it came (rules W2 to W5, W7, W9). `losses` counts how often frames of the socket were lost. One that `isTakenOver` brings nothing. */
export function createTopic(context: EventStreamContext, losses: number, isTakenOver = false) {
  // Not a set whose first is deleted: to find its first costs ever more, the longer it is used so.
  const seen = flru<true>(context.limits.itemsKeptPerTopic);
  let last: TopicOffset | null = null;
  let hasEnded = false;
  let itemCount = 0;
  /** How it stood before the first gap: the page may have left it there. */
  let beforeGap: { readonly itemCount: number; readonly restore: () => void } | null = null;
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
    if (parent !== null && parent !== '' && !seen.has(parent)) {
      beforeGap ??= { itemCount, restore: stream.save() };
      lose('stream_gap');
    }
    itemCount += 1;
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
    stream.doubtAll();
  };

  const doubtAfter = (lossesNow: number): void => {
    if (lossesNow !== losses) stream.doubtAll();
    losses = lossesNow;
  };

  return {
    /** Frames of the socket may have been lost, before they could be told apart, since this was last asked. */
    doubtAfter,
    get conversationId() {
      return stream.conversationId;
    },
    get isTakenOver() {
      return isTakenOver;
    },
    /**
     * Leaves the turn to a body that was asked for from `offset` items on (rule H6). Null when there is nothing to go on
     * with: no item came, the turn is over, or it is sent again from its start.
     */
    takeOver(offset: unknown, lossesNow: number): Continued | null {
      if (hasEnded || isTakenOver || stream.state !== 'open') return null;
      doubtAfter(lossesNow);
      hasEnded = true;
      isTakenOver = true;
      stream.close('handoff');
      if (offset === 0 || itemCount === 0) return null;
      if (beforeGap !== null && beforeGap.itemCount === offset) beforeGap.restore();
      else if (offset !== itemCount) stream.doubtAll();
      return stream.handOver();
    },
    /** `item` is the inner payload, `offset` what stands beside it in the envelope. */
    take(item: JsonObject, offset: unknown): void {
      if (isTakenOver) return; // What goes on with the turn brings it too.
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
