import { fromBase64, toBase64 } from '../../base/index.ts';
import type { RecordedEnvelope } from '../../contracts/recording.ts';
import type { JsonObject } from '../json.ts';
import { createStreamBody, decodePieces, type EventMasks, maskDocument, type StreamBody } from './streams/bodies.ts';
import type { Letters } from './values/letters.ts';
import { maskUnread } from './values/mask.ts';
import { conversationOf, isEventStream, maskOpening, type Opening, resumeOf } from './opening.ts';
import { valueOf } from './values/parse.ts';
import { createSocketReader } from './streams/sockets.ts';
import type { Left, ReadStream } from './streams/read-stream.ts';
import { topPlace } from './values/mask-values.ts';

/** Gives the fields of the step that stands for an envelope; null where another step says it all. */
type Writer = (masks: EventMasks) => Readonly<Record<string, unknown>> | null;

type SocketFrame = Extract<RecordedEnvelope, { kind: 'socket' }>;

interface OpenBody {
  readonly id: string;
  readonly opening: Opening;
  /** Null for a document. */
  readonly events: StreamBody | null;
  readonly pieces: Uint8Array[];
  masked: readonly string[] | null;
}

/**
 * Reads a recording for what its texts belong to. Each envelope is answered by what will write its step; nothing is
 * written before `end`, for what comes late may say what something earlier was about.
 */
export function createRecordingReader(letters: Letters) {
  const open = new Map<number, OpenBody>();
  /** Of each conversation the last body of a turn, and the last topic. */
  const lastBodies = new Map<string, ReadStream>();
  const lastTopics = new Map<string, ReadStream>();
  let bodyCount = 0;
  const sockets = createSocketReader(letters, (topic) => {
    if (topic.conversationId !== null) lastTopics.set(topic.conversationId, topic);
  });

  /** What a resume goes on with (rules H3, H4 and H6). */
  const leftFor = (opening: Opening): Left | undefined => {
    const resume = resumeOf(opening);
    if (!resume) return undefined;
    const body = lastBodies.get(resume.conversationId);
    if (body?.state === 'cut') return body.leave(resume.offset);
    const topic = body && body.state !== 'handoff' ? undefined : lastTopics.get(resume.conversationId);
    return resume.offset === 0 ? undefined : topic?.leave(resume.offset);
  };

  const finish = (stream: number): OpenBody | null => {
    const body = open.get(stream);
    if (!body) return null;
    open.delete(stream);
    const { events, opening, pieces } = body;
    if (events) {
      const stream = events.read(leftFor(opening));
      const conversationId = stream.conversationId ?? conversationOf(opening);
      if (conversationId !== null) lastBodies.set(conversationId, stream);
    } else sockets.read(valueOf(decodePieces(pieces).join('')));
    return body;
  };

  const readOpening = (opening: Opening): Writer => {
    finish(opening.stream);
    bodyCount += 1;
    const id = `b${bodyCount}`;
    const events = isEventStream(opening) ? createStreamBody(letters) : null;
    open.set(opening.stream, { id, opening, events, pieces: [], masked: null });
    return (masks) => ({ step: 'open', id, ...maskOpening(opening, masks) });
  };

  const readChunk = (stream: number, bytes: Uint8Array): Writer | null => {
    const body = open.get(stream);
    if (!body) return null;
    const { id, events, pieces } = body;
    const at = pieces.push(bytes) - 1;
    events?.add(bytes);
    return (masks) => {
      if (events) {
        body.masked ??= events.mask(masks);
        return { step: 'chunk', id, text: body.masked[at] ?? '' };
      }
      // A document says something only as a whole.
      if (at < pieces.length - 1) return null;
      return { step: 'chunk', id, ...maskDocument(decodePieces(pieces).join(''), masks.values) };
    };
  };

  const readSocket = (frame: SocketFrame): Writer => {
    const text = 'text' in frame ? frame.text : new TextDecoder().decode(bytesOf(frame.base64));
    const value = valueOf(text);
    sockets.read(value);
    return ({ values }) => {
      const masked = value === undefined ? undefined : values.mask(value, topPlace('x'));
      const isReadable = 'text' in frame && typeof masked === 'object' && masked !== null;
      const shown = masked === undefined ? maskUnread(text) : JSON.stringify(masked);
      return { step: 'ws', dir: frame.direction, ...(isReadable ? { json: masked } : contentOf(frame, shown)) };
    };
  };

  return {
    read(envelope: RecordedEnvelope): Writer | null {
      switch (envelope.kind) {
        case 'open':
          return readOpening(envelope);
        case 'chunk':
          return readChunk(envelope.stream, bytesOf(envelope.base64));
        case 'end': {
          const body = finish(envelope.stream);
          return body && (() => ({ step: 'end', id: body.id, how: envelope.how }));
        }
        case 'socket':
          return readSocket(envelope);
      }
    },
    end(): void {
      for (const stream of [...open.keys()]) finish(stream);
      sockets.end();
    },
    inner: (object: JsonObject) => sockets.inner(object),
  };
}

/** A frame that was binary stays so. */
function contentOf(frame: SocketFrame, text: string): Readonly<Record<string, unknown>> {
  return 'text' in frame ? { text } : { b64: toBase64(new TextEncoder().encode(text)) };
}

function bytesOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    // The tab says that these are bytes, and it may lie: none then.
    return new Uint8Array(0);
  }
}
