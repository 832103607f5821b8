import { reportProblem } from '../adapter.ts';
import { createEventStream, type EventStream, type EventStreamContext } from '../event-stream/event-stream.ts';
import { idOrNull, textOrNull, type JsonObject } from '../json.ts';
import { compareOffsets, parseOffset, type TopicOffset } from './offset.ts';

/** One turn on the socket: its stream, which items were seen, and how far it came (rules W2 to W5, W7, W9). */
export class Topic {
  readonly #context: EventStreamContext;
  readonly #stream: EventStream;
  readonly #seen = new Set<string>();
  #last: TopicOffset | null = null;
  #hasEnded = false;
  #losses: number;

  /** `losses` counts how often frames of the socket were lost so far. */
  constructor(context: EventStreamContext, losses: number) {
    this.#context = context;
    this.#losses = losses;
    this.#stream = createEventStream(context);
  }

  /** Frames of the socket may have been lost, before they could be told apart, since this was last asked. */
  doubtAfter(losses: number): void {
    if (losses !== this.#losses) this.#stream.delta.doubtAll();
    this.#losses = losses;
  }

  /** `item` is the inner payload, `offset` what stands beside it in the envelope. */
  take(item: JsonObject, offset: unknown): void {
    const conversationId = idOrNull(item['conversation_id']);
    if (conversationId !== null) this.#stream.nameConversation(conversationId);
    switch (item['type']) {
      case 'heartbeat':
        return;
      case 'done':
        this.#stream.close('complete');
        this.#hasEnded = true;
        return;
      case 'error':
        this.#stream.close('error');
        this.#hasEnded = true;
        return;
      default:
        this.#takeText(item, parseOffset(offset));
    }
  }

  #takeText(item: JsonObject, offset: TopicOffset | null): void {
    const text = item['encoded_item'];
    if (typeof text !== 'string') {
      reportProblem(this.#context, 'bad_frame');
      return;
    }
    if (this.#isRepeat(textOrNull(item['stream_item_id']))) return;
    if (this.#hasEnded) {
      reportProblem(this.#context, 'after_end');
      return;
    }
    if (offset && this.#last && compareOffsets(offset, this.#last) <= 0) {
      this.#lose('stale_offset');
      return;
    }
    if (offset) this.#last = offset;
    const parent = textOrNull(item['parent_stream_item_id']);
    if (parent !== null && parent !== '' && !this.#seen.has(parent)) this.#lose('stream_gap');
    this.#stream.readItem(text);
  }

  #isRepeat(itemId: string | null): boolean {
    if (itemId === null) return false;
    const before = this.#seen.size;
    this.#seen.add(itemId);
    if (this.#seen.size === before) return true;
    if (this.#seen.size > this.#context.limits.itemsKeptPerTopic) {
      const oldest = this.#seen.values().next();
      if (!oldest.done) this.#seen.delete(oldest.value);
    }
    return false;
  }

  #lose(problem: 'stale_offset' | 'stream_gap'): void {
    reportProblem(this.#context, problem);
    this.#stream.delta.doubtAll();
  }
}
