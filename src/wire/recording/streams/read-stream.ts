import type { TurnState } from '../../../contracts/capture.ts';
import { type Continued, createEventStream, type EventStream } from '../../event-stream/event-stream.ts';
import { WIRE_LIMITS } from '../../limits.ts';
import { type Carry, carryOver, frameOf, NO_CARRY } from './carry.ts';
import type { JsonObject } from '../../json.ts';
import { jsonPiecesIn } from './json-pieces.ts';
import type { Letters } from '../values/letters.ts';
import { valueOf } from '../values/parse.ts';
import { type SseText, textOfEvent } from './sse-text.ts';

/** One event of a stream and what must be known to replace what it says. */
export interface ReadEvent {
  readonly event: SseText;
  /** Undefined where the data is no JSON. */
  readonly value: unknown;
  readonly carry: Carry;
  /** The message that the event changed, last of several. */
  readonly messageId: string | null;
  /** The event that another one must not become equal to. */
  readonly unlike: ReadEvent | null;
}

/** What a stream leaves to the body that goes on with its turn. */
export interface Left {
  readonly continued: Continued;
  readonly carry: Carry;
  readonly lastEvent: ReadEvent | null;
}

/** A stream that is read for its messages. */
export interface ReadStream {
  /** Reads a whole body. */
  readBody(events: readonly SseText[]): readonly ReadEvent[];
  /** Reads one piece of event-stream text that is complete by itself (rule W7). */
  readItem(events: readonly SseText[]): readonly ReadEvent[];
  /** For the resume of a cut body from `offset` on (rule H4), or of a topic. */
  leave(offset: unknown): Left;
  readonly conversationId: string | null;
  readonly state: TurnState;
}

/** Reads a stream with the product's own decoder, which knows what message each event is about. */
export function readStream(letters: Letters, left?: Left): ReadStream {
  let messageId: string | null = null;
  let carry = left?.carry ?? NO_CARRY;
  let lastEvent: ReadEvent | null = null;
  let isBody = false;
  const stream: EventStream = createEventStream(
    {
      stream: '',
      limits: WIRE_LIMITS,
      now: () => 0,
      emit: (told) => {
        if (told.kind === 'message-changed') messageId = letters.note(told.message) ?? messageId;
      },
    },
    left?.continued,
  );

  const jsonTexts = new Map<string, string>();
  const noteJson = (frame: JsonObject): void => {
    const after = letters.jsonTextOf(messageId);
    if (messageId === null || after === null) return;
    const before = jsonTexts.get(messageId) ?? '';
    jsonTexts.set(messageId, after);
    letters.noteJson(after, jsonPiecesIn(frame, carry, { before, after }));
  };

  const readOne = (event: SseText, read: (text: string) => void): ReadEvent => {
    messageId = null;
    read(textOfEvent(event));
    const value = event.data === null ? undefined : valueOf(event.data);
    const frame = frameOf(event.name, value);
    if (event.name === 'delta_encoding') carry = NO_CARRY;
    else if (frame) {
      carry = carryOver(carry, frame);
      noteJson(frame);
    }
    return (lastEvent = { event, value, carry, messageId, unlike: null });
  };

  /** The first event of a resumed body may be the last of the one before, sent again. */
  const readFirst = (event: SseText, read: (text: string) => void): ReadEvent => {
    const before = left?.lastEvent ?? null;
    const first = readOne(event, read);
    if (before === null) return first;
    const isAgain = before.event.data === event.data;
    return (lastEvent = isAgain ? { ...before, event } : { ...first, unlike: before });
  };

  const utf8 = new TextEncoder();
  return {
    readBody(events) {
      isBody = true;
      const read = (text: string): void => {
        stream.readBytes(utf8.encode(text));
      };
      const last = events.length - 1;
      const readEvents = events.map((event, at) => {
        const readAt = at < last ? read : (text: string): void => (read(text), stream.end());
        return at === 0 ? readFirst(event, readAt) : readOne(event, readAt);
      });
      if (events.length === 0) stream.end();
      return readEvents;
    },
    readItem: (events) => events.map((event) => readOne(event, (text) => stream.readItem(text))),
    leave: (offset) => ({ continued: isBody ? stream.goOn(offset) : stream.handOver(), carry, lastEvent }),
    get conversationId() {
      return stream.conversationId;
    },
    get state() {
      return stream.state;
    },
  };
}
