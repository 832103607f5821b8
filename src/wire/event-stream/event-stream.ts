import type { TurnState } from '../../contracts/capture.ts';
import { reportProblem, type DecoderContext, type WireFrame } from '../adapter.ts';
import { deltaV1, type DeltaDecoder } from '../delta-v1/index.ts';
import { idOrNull, isObject, type JsonObject } from '../json.ts';
import { legacy } from '../legacy/index.ts';
import { createItemDecoder, isItemEvent, type ItemDecoder } from '../item-events/items.ts';
import { createSseReader, type SseEvent } from '../sse/sse-reader.ts';
import type { WireProblem } from '../wire-event.ts';
import { fitOf, withoutEarlier } from './leg.ts';
import { emitEcho, handoffTopics, QUIET_TYPES, recogniseSideband } from './sideband.ts';

const KNOWN_NAMES: ReadonlySet<string> = new Set(['', 'message', 'delta', 'delta_encoding', 'error']);

export interface EventStreamContext extends DecoderContext {
  readonly stream: string;
  /** How many events of the turn the page had before this body, as it said when it asked for it; 0 for a turn's first. */
  readonly countsFrom?: number;
}

export interface EventStream {
  readBytes(bytes: Uint8Array): void;
  /** One complete piece of event-stream text; only the documents carry over to the next (rule W7). */
  readItem(text: string): void;
  /** The body ended. A turn that has not said how it ended was cut (S10). */
  end(): void;
  /** A piece of the body was lost before it got here: what it broke is not read, and all documents are in doubt (C5). */
  losePiece(): void;
  /** The transport says how the turn ended; a turn that is over stays so, except for an error (S8). */
  close(state: Exclude<TurnState, 'open'>): void;
  nameConversation(conversationId: string): void;
  /** Something of it may be missing (C5). */
  doubtAll(): void;
  /** Hands the documents of a body that ended on to the one that was asked for from `offset` on (rule H4). */
  goOn(offset: unknown): Continued;
  /** Keeps the documents as they are now; what it returns brings them back. */
  save(): () => void;
  /** Hands the documents on as they are. */
  handOver(): Continued;
  readonly conversationId: string | null;
  readonly state: TurnState;
}

/** What a stream leaves to the body that goes on with its turn. */
export interface Continued {
  readonly delta: DeltaDecoder;
  readonly items: ItemDecoder | null;
  /** An event that was read at the body's end, and is the first of the next. */
  readonly repeated: Pick<SseEvent, 'name' | 'text'> | null;
}

/** Reads one event stream, whatever mix of wire formats its events are in. */
export function createEventStream(context: EventStreamContext, continued?: Continued): EventStream {
  const { stream, emit } = context;
  const delta = continued?.delta ?? deltaV1.createDecoder(context);
  if (continued) {
    delta.continueIn(context);
    delta.conversationId = null;
  }
  let items = continued?.items ?? null;
  items?.continueIn(context);
  let repeated = continued?.repeated ?? null;
  let wholeEvents = 0;
  let unfinished: Pick<SseEvent, 'name' | 'text'> | null = null;
  let wasRead = true;
  let isEnding = false;
  const snapshots = legacy.createDecoder(context);
  let state: TurnState = 'open';
  let conversationId: string | null = null;

  const setState = (next: Exclude<TurnState, 'open'>): void => {
    if (state === next) return;
    state = next;
    emit({ kind: 'turn-ended', stream, state: next });
  };
  const close = (next: Exclude<TurnState, 'open'>): void => {
    if (state === 'open' || next === 'error') setState(next);
  };
  const nameConversation = (id: string): void => {
    delta.conversationId = id;
    snapshots.conversationId = id;
    if (conversationId === id) return;
    conversationId = id;
    emit({ kind: 'conversation', stream, conversationId: id });
  };

  const followConversation = (named: string | null): void => {
    if (named !== null && named !== conversationId) nameConversation(named);
  };
  const flush = (): void => {
    delta.flush();
    followConversation(delta.conversationId);
  };

  const doubtAll = (): void => {
    delta.doubtAll();
    items?.doubtAll();
  };

  const readItemEvent = (value: JsonObject, sizeUtf16: number): void => {
    items ??= createItemDecoder(context);
    items.decode(value, sizeUtf16, conversationId);
  };

  const readSideband = (value: JsonObject, sizeUtf16: number): void => {
    const type = String(value['type']);
    emit({ kind: 'sideband', stream, type });
    const named = idOrNull(value['conversation_id']);
    if (named !== null) nameConversation(named);
    switch (type) {
      case 'title_generation':
        if (typeof value['title'] === 'string' && conversationId !== null) {
          emit({ kind: 'title', conversationId, title: value['title'] });
        }
        break;
      case 'input_message':
        emitEcho(context, value['input_message'], conversationId);
        break;
      case 'message_stream_complete':
        close('complete');
        break;
      case 'error':
      case 'stream_error':
        setState('error');
        break;
      case 'stream_handoff':
        setState('handoff');
        emit({ kind: 'handoff', stream, topics: handoffTopics(value) });
        break;
      default:
        if (isItemEvent(type)) readItemEvent(value, sizeUtf16);
        else if (!QUIET_TYPES.has(type)) emit({ kind: 'unknown', stream, value });
    }
  };

  const readDocument = (frame: WireFrame, decoder: typeof delta | typeof snapshots): void => {
    decoder.decode(frame);
    followConversation(decoder.conversationId);
    if (decoder.hasError) setState('error');
  };

  const readRest = (frame: WireFrame & { kind: 'sse' }): void => {
    const { name, value } = frame;
    if (name === 'error') setState('error');
    else if (!KNOWN_NAMES.has(name)) {
      reportProblem(context, 'unknown_event');
      emit({ kind: 'unknown', stream, value });
    } else if (!isObject(value)) {
      if (value !== 'v1') reportProblem(context, 'bad_frame');
    } else if (value['error'] || value['error_code'] || value['detail']) setState('error');
    else emit({ kind: 'unknown', stream, value });
  };

  const readFrame = (frame: WireFrame & { kind: 'sse' }): void => {
    if (recogniseSideband(frame)) readSideband(frame.value as JsonObject, frame.sizeUtf16);
    else if (deltaV1.recognise(frame)) readDocument(frame, delta);
    else if (legacy.recognise(frame)) readDocument(frame, snapshots);
    else readRest(frame);
  };

  const lose = (problem: WireProblem, name: string | null): void => {
    reportProblem(context, problem);
    // A frame whose name is not known may have been a delta.
    if (name === null || name === 'delta') delta.doubtAll();
    items?.doubtAll();
  };

  /** True for the event that the body before ended with. Any other in its place: the two do not fit together. */
  const isRepeated = ({ name, text }: SseEvent): boolean => {
    // Its name may have been behind its data.
    const isSame = repeated?.text === text && (repeated.name === name || repeated.name === '');
    repeated = null;
    if (!isSame) doubtAll();
    return isSame;
  };

  // Not the event itself: kept nowhere, it need not be made.
  const noteUnfinished = (name: string, text: string): void => {
    unfinished = { name, text };
  };

  const readEvent = ({ name, text, isLast }: SseEvent): void => {
    if (isLast) noteUnfinished(name, text);
    else wholeEvents += 1;
    const trimmed = text.trim();
    if (trimmed === '[DONE]') {
      close('complete');
      return;
    }
    if (trimmed === '' && !isLast) return;
    if (name === 'delta' && delta.lengthen(trimmed)) return;
    let value: unknown;
    try {
      value = JSON.parse(trimmed);
    } catch {
      // Counted as a problem, and its documents are in doubt: at the end of a body once it is known what goes on with it.
      if (isEnding && isLast) {
        wasRead = false;
        reportProblem(context, 'truncated_event');
      } else lose(isLast ? 'truncated_event' : 'bad_json', name);
      return;
    }
    flush();
    readFrame({ kind: 'sse', name, value, sizeUtf16: trimmed.length });
  };

  /** Reads the body that goes on with another one, until its first event was looked at. */
  const readFirst = (event: SseEvent): void => {
    if (repeated === null || !isRepeated(event)) readEvent(event);
    else if (event.isLast) noteUnfinished(event.name, event.text);
    else wholeEvents += 1;
  };

  const reader = createSseReader({
    eventUtf16: context.limits.eventUtf16,
    onEvent: repeated === null ? readEvent : readFirst,
    onOversized: (name) => {
      wholeEvents += 1;
      lose('oversized_event', name);
    },
  });

  return {
    readBytes: (bytes) => {
      reader.readBytes(bytes);
      flush();
    },
    readItem: (text) => {
      reader.readText(text);
      reader.end();
      flush();
    },
    end: () => {
      isEnding = true;
      reader.end();
      isEnding = false;
      flush();
      close('cut');
    },
    losePiece: () => {
      reader.losePiece();
      wholeEvents = Number.NaN;
      lose('stream_gap', null);
    },
    close,
    nameConversation,
    doubtAll,
    goOn: (offset) => {
      const counted = withoutEarlier(offset, context.countsFrom ?? 0, wholeEvents);
      const fit = fitOf(counted, { wholeEvents, unfinished, wasRead, hasItems: items !== null });
      if (fit === 'doubtful') doubtAll();
      return { delta, items, repeated: fit === 'repeats' ? unfinished : null };
    },
    save: () => delta.save(),
    handOver: () => ({ delta, items, repeated: null }),
    get conversationId() {
      return conversationId;
    },
    get state() {
      return state;
    },
  };
}
