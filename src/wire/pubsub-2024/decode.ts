import flru from 'flru';
import { fromBase64 } from '../../base/index.ts';
import { reportProblem, type DecoderContext, type WireDecoder, type WireFrame } from '../adapter.ts';
import { createEventStream, type EventStream } from '../event-stream/event-stream.ts';
import { idOrNull, isObject, textOrNull, type JsonObject } from '../json.ts';

interface Response {
  readonly body: EventStream;
  lastSequence: number;
}

/** Rule Z1: a piece of a response body in a group message. */
export function recogniseGroupMessage(frame: WireFrame): boolean {
  if (frame.kind !== 'socket' || frame.direction !== 'in' || !isObject(frame.value)) return false;
  const { type, data } = frame.value as { type?: unknown; data?: unknown };
  return type === 'message' && isObject(data) && data['type'] === 'http.response.body';
}

export function createGroupDecoder(context: DecoderContext): WireDecoder {
  const responses = flru<Response>(context.limits.topicsKept);

  const responseOf = (data: JsonObject): Response => {
    const conversationId = idOrNull(data['conversation_id']);
    const stream = `azure:${conversationId ?? ''}|${textOrNull(data['response_id']) ?? ''}`;
    const known = responses.get(stream);
    if (known) return known;
    context.emit({ kind: 'turn-opened', stream, source: `azure:${conversationId ?? '?'}`, met: 'live' });
    const response = { body: createEventStream({ ...context, stream }), lastSequence: 0 };
    responses.set(stream, response);
    return response;
  };

  return {
    decode: (frame) => {
      if (frame.kind !== 'socket' || !isObject(frame.value)) return;
      const { data, sequenceId } = frame.value as { data?: unknown; sequenceId?: unknown };
      if (!isObject(data)) return;
      const response = responseOf(data);
      if (typeof sequenceId === 'number' && Number.isInteger(sequenceId)) {
        if (sequenceId <= response.lastSequence) return;
        response.lastSequence = sequenceId;
      }
      const conversationId = idOrNull(data['conversation_id']);
      if (response.body.conversationId === null && conversationId !== null)
        response.body.nameConversation(conversationId);
      const { body } = data as { body?: unknown };
      if (typeof body === 'string' && body !== '') readBase64(context, response.body, body);
      if (data['more_body'] !== false) return;
      response.body.end();
      response.body.goOn(null); // Nothing resumes it: what was cut off stays in doubt.
    },
  };
}

function readBase64(context: DecoderContext, stream: EventStream, body: string): void {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(body);
  } catch {
    // Reported, and the stream is told that a piece of it is missing.
    reportProblem(context, 'bad_frame');
    stream.doubtAll();
    return;
  }
  stream.readBytes(bytes);
}
