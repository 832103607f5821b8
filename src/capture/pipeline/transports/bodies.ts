import flru from 'flru';
import type { Envelope } from '../../../interception/envelope.ts';
import {
  createEventStream,
  historyDocument,
  isObject,
  listOf,
  textOrNull,
  type Continued,
  type DecoderContext,
  type EventStream,
} from '../../../wire/index.ts';
import type { PipelineFrame } from '../frame.ts';
import { pathOf } from '../interceptors/index.ts';
import type { Session } from '../session/session.ts';
import { createDocumentBody } from './document-body.ts';
import type { OpenBody } from './open-body.ts';
import type { Sockets } from './sockets.ts';

type Opened = Extract<Envelope, { kind: 'open' }>;

/** One body of a turn. */
interface Leg {
  readonly stream: EventStream;
  /** The topics that it handed the turn over to. */
  topics: readonly string[];
}

interface TurnRequest {
  readonly conversationId: string | null;
  readonly offset: unknown;
  readonly userMessageId: string | null;
}

export type Bodies = ReturnType<typeof createBodies>;

/** Reads the bodies of a page: turns as event streams, documents whole (rules X1, H1 to H6). */
export function createBodies(session: Session, context: DecoderContext, topics: Sockets['topics']) {
  const bodies = new Map<number, OpenBody>();
  /** The last turn body of a conversation: a resume goes on with what it left. */
  const last = flru<Leg>(session.limits.streamsOpen);
  /** Conversations that this page posted to (C7). */
  const posted = flru<true>(session.limits.topicsKept);

  const end = (stream: number): void => {
    const body = bodies.get(stream);
    bodies.delete(stream);
    body?.end();
  };

  const bodyOf = (frame: PipelineFrame, envelope: Opened): OpenBody | null => {
    const { route } = frame;
    if (envelope.status < 200 || envelope.status > 299) {
      refuse(frame, envelope);
      return null;
    }
    if (route === null) {
      noticeTurn(envelope);
      return null;
    }
    const isTurn = route === 'turn' || route === 'resume';
    const contentType = envelope.contentType.trim().toLowerCase();
    if (isTurn && contentType.startsWith('text/event-stream')) return turnBody(envelope, route === 'resume');
    if (isTurn) {
      session.drift.answeredOtherwise(`http:${String(envelope.stream)}`, contentType);
      return null;
    }
    if (!contentType.startsWith('application/json')) return null;
    return createDocumentBody(context, historyDocument.createDecoder(context), frame.conversationInAddress);
  };

  /** The page hook tells of what it does not read only if an event stream came back. */
  const noticeTurn = ({ stream, url, method, contentType }: Opened): void => {
    if (method.toUpperCase() !== 'POST' || !contentType.trim().toLowerCase().startsWith('text/event-stream')) return;
    session.drift.unknownTurn(`http:${String(stream)}`, pathOf(url));
  };

  const refuse = (frame: PipelineFrame, envelope: Opened): void => {
    if (frame.route === null) return;
    const seconds = Number(envelope.retryAfter ?? '');
    const hasSeconds = (envelope.retryAfter ?? '').trim() !== '' && Number.isFinite(seconds);
    session.emit({
      kind: 'http-refused',
      path: pathOf(envelope.url),
      status: envelope.status,
      retryAfterSeconds: hasSeconds ? seconds : null,
    });
  };

  /** What the turn so far leaves to its resume: a cut body's documents, or those of a topic that stalled (rules H3, H4, H6). */
  const leftFor = (conversationId: string, offset: unknown): Continued | null => {
    const before = last.get(conversationId);
    if (before?.stream.state === 'cut') return before.stream.goOn(offset);
    if (before && before.stream.state !== 'handoff') return null;
    return topics.takeOver(conversationId, before?.topics ?? null, offset);
  };

  const turnBody = (envelope: Opened, isResume: boolean): OpenBody => {
    const name = `http:${String(envelope.stream)}`;
    const request = readRequest(envelope.request);
    const { conversationId } = request;
    const isPosted = conversationId !== null && posted.has(conversationId);
    const isLive = !isResume || isPosted;
    session.drift.streamSeen();
    const turn = session.turns.open(name, name, isLive);
    turn.conversationId = conversationId;
    turn.userMessageId = request.userMessageId;
    session.emitTurn(turn);
    if (!isResume && conversationId !== null) posted.set(conversationId, true);

    const continued = isResume && conversationId !== null ? leftFor(conversationId, request.offset) : null;
    const stream = createEventStream(
      {
        ...context,
        stream: name,
        countsFrom: countsFrom(isResume, request),
        emit: (event) => {
          if (event.kind === 'conversation') {
            if (isLive) posted.set(event.conversationId, true);
            last.set(event.conversationId, leg);
          } else if (event.kind === 'handoff') {
            leg.topics = event.topics;
            topics.reopen(event.topics);
          }
          context.emit(event);
        },
      },
      continued ?? undefined,
    );
    const leg: Leg = { stream, topics: [] };
    if (conversationId !== null) last.set(conversationId, leg);
    if (isResume && conversationId !== null) stream.nameConversation(conversationId);
    return {
      read: (bytes) => {
        stream.readBytes(bytes);
      },
      end: () => {
        stream.end();
      },
      lose: () => {
        stream.losePiece();
      },
      doubt: () => {
        stream.doubtAll();
      },
    };
  };

  return {
    open(frame: PipelineFrame, envelope: Opened): void {
      const body = bodyOf(frame, envelope);
      if (!body) return;
      bodies.get(envelope.stream)?.end();
      bodies.set(envelope.stream, body);
      if (bodies.size <= session.limits.streamsOpen) return;
      const [oldest] = bodies.keys();
      if (oldest !== undefined) end(oldest);
    },
    chunk(stream: number, bytes: Uint8Array): void {
      bodies.get(stream)?.read(bytes);
    },
    end,
    lose(stream: number): void {
      bodies.get(stream)?.lose();
    },
    doubtAll(): void {
      for (const body of bodies.values()) body.doubt();
    },
  };
}

/** How many events of its turn the page has before a body, by its own word. */
const countsFrom = (isResume: boolean, { offset }: TurnRequest): number =>
  isResume && typeof offset === 'number' ? offset : 0;

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
    offset: request['offset'],
    userMessageId: isObject(first) ? textOrNull(first['id']) : null,
  };
}
