import flru, { type flruCache } from 'flru';
import type { Envelope } from '../../../interception/envelope.ts';
import {
  createEventStream,
  historyDocument,
  isObject,
  listOf,
  textOrNull,
  type DecoderContext,
  type EventStream,
} from '../../../wire/index.ts';
import type { PipelineFrame } from '../frame.ts';
import { pathOf } from '../interceptors/index.ts';
import type { Session } from '../session/session.ts';
import { createDocumentBody } from './document-body.ts';
import type { OpenBody } from './open-body.ts';

type Opened = Extract<Envelope, { kind: 'open' }>;

interface TurnRequest {
  readonly conversationId: string | null;
  readonly userMessageId: string | null;
}

/** Reads the bodies of a page: turns as event streams, documents whole (rules X1, H1 to H5). */
export class Bodies {
  readonly #session: Session;
  readonly #context: DecoderContext;
  readonly #open = new Map<number, OpenBody>();
  /** The last ended turn body of a conversation: a cut one is carried on by a resume (H4). */
  readonly #last: flruCache<EventStream>;
  /** Conversations that this page posted to (C7). */
  readonly #posted: flruCache<true>;

  constructor(session: Session, context: DecoderContext) {
    this.#session = session;
    this.#context = context;
    this.#last = flru(session.limits.streamsOpen);
    this.#posted = flru(session.limits.topicsKept);
  }

  open(frame: PipelineFrame, envelope: Opened): void {
    const body = this.#bodyOf(frame, envelope);
    if (!body) return;
    this.#open.get(envelope.stream)?.end();
    this.#open.set(envelope.stream, body);
    if (this.#open.size <= this.#session.limits.streamsOpen) return;
    const [oldest] = this.#open.keys();
    if (oldest !== undefined) this.end(oldest);
  }

  chunk(stream: number, bytes: Uint8Array): void {
    this.#open.get(stream)?.read(bytes);
  }

  end(stream: number): void {
    const body = this.#open.get(stream);
    this.#open.delete(stream);
    body?.end();
  }

  lose(stream: number): void {
    this.#open.get(stream)?.lose();
  }

  doubtAll(): void {
    for (const body of this.#open.values()) body.doubt();
  }

  #bodyOf(frame: PipelineFrame, envelope: Opened): OpenBody | null {
    const { route } = frame;
    if (envelope.status < 200 || envelope.status > 299) {
      this.#refuse(frame, envelope);
      return null;
    }
    if (route === null) return null;
    const isTurn = route === 'turn' || route === 'resume';
    const contentType = envelope.contentType.trim().toLowerCase();
    if (isTurn && contentType.startsWith('text/event-stream')) return this.#turnBody(envelope, route === 'resume');
    if (isTurn) {
      this.#session.drift.answeredOtherwise(`http:${String(envelope.stream)}`, contentType);
      return null;
    }
    if (!contentType.startsWith('application/json')) return null;
    return createDocumentBody(this.#context, historyDocument.createDecoder(this.#context), frame.conversationInAddress);
  }

  #refuse(frame: PipelineFrame, envelope: Opened): void {
    if (frame.route === null) return;
    const seconds = Number(envelope.retryAfter ?? '');
    const hasSeconds = (envelope.retryAfter ?? '').trim() !== '' && Number.isFinite(seconds);
    this.#session.emit({
      kind: 'http-refused',
      path: pathOf(envelope.url),
      status: envelope.status,
      retryAfterSeconds: hasSeconds ? seconds : null,
    });
  }

  #turnBody(envelope: Opened, isResume: boolean): OpenBody {
    const name = `http:${String(envelope.stream)}`;
    const request = readRequest(envelope.request);
    const { conversationId } = request;
    const isPosted = conversationId !== null && this.#posted.has(conversationId);
    const isLive = !isResume || isPosted;
    this.#session.drift.streamSeen();
    const turn = this.#session.turns.open(name, name, isLive);
    turn.conversationId = conversationId;
    turn.userMessageId = request.userMessageId;
    this.#session.emitTurn(turn);
    if (!isResume && conversationId !== null) this.#posted.set(conversationId, true);

    const cut = isResume && conversationId !== null ? this.#last.get(conversationId) : undefined;
    const continued = cut?.state === 'cut' ? cut.delta : undefined;
    const stream = createEventStream(
      {
        ...this.#context,
        stream: name,
        emit: (event) => {
          if (event.kind === 'conversation' && isLive) this.#posted.set(event.conversationId, true);
          this.#context.emit(event);
        },
      },
      continued,
    );
    if (isResume && conversationId !== null) stream.nameConversation(conversationId);
    return {
      read: (bytes) => {
        stream.readBytes(bytes);
      },
      end: () => {
        stream.end();
        if (stream.conversationId !== null) this.#last.set(stream.conversationId, stream);
      },
      lose: () => {
        stream.losePiece();
      },
      doubt: () => {
        stream.delta.doubtAll();
      },
    };
  }
}

/** What the request of a turn says; nothing when it cannot be read. */
function readRequest(text: string | null): TurnRequest {
  let value: unknown = null;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    // A request that is not JSON names no conversation; the answer will.
  }
  const request = isObject(value) ? value : {};
  const first = listOf(request['messages'])[0];
  return {
    conversationId: textOrNull(request['conversation_id']),
    userMessageId: isObject(first) ? textOrNull(first['id']) : null,
  };
}
