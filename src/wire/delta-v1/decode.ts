import { reportProblem, type DecoderContext, type WireDecoder, type WireFrame } from '../adapter.ts';
import { isObject, textOrNull } from '../json.ts';
import { DeltaDocuments } from './documents.ts';

/** What a stream's other frames need to know of its delta documents. */
export interface DeltaDecoder extends WireDecoder {
  /** The conversation that the last frames named. */
  conversationId: string | null;
  /** The last frame's document carried an error (S8). */
  readonly hasError: boolean;
  /** A frame was lost (C5). */
  doubtAll(): void;
  /** Carries the documents on into another body of the same turn (H4). */
  continueIn(context: DecoderContext): void;
}

export function createDeltaDecoder(first: DecoderContext): DeltaDecoder {
  let context = first;
  let hasError = false;
  const documents = new DeltaDocuments(
    first.limits,
    (problem) => {
      reportProblem(context, problem);
    },
    (message) => {
      context.emit({ kind: 'message-settles', message });
    },
  );

  const decode = (frame: WireFrame): void => {
    if (frame.kind !== 'sse') return;
    if (frame.name === 'delta_encoding') {
      documents.startEncoding(frame.value);
      return;
    }
    if (!documents.isKnownEncoding) {
      context.emit({ kind: 'unknown', stream: context.stream, value: frame.value });
      return;
    }
    const document = documents.apply(frame.value, frame.sizeUtf16);
    hasError = false;
    if (!document) return;
    const { message, conversation_id, error, error_code } = document.value as Record<
      'message' | 'conversation_id' | 'error' | 'error_code',
      unknown
    >;
    decoder.conversationId = textOrNull(conversation_id) ?? decoder.conversationId;
    hasError = Boolean(error) || Boolean(error_code);
    if (!isObject(message)) return;
    context.emit({
      kind: 'message-changed',
      stream: context.stream,
      message,
      conversationId: decoder.conversationId,
      isLive: true,
      isWhole: document.isWhole,
      parentId: null,
    });
  };

  const decoder: DeltaDecoder = {
    conversationId: null,
    get hasError() {
      return hasError;
    },
    decode,
    doubtAll: () => {
      documents.doubtAll();
    },
    continueIn: (next) => {
      context = next;
    },
  };
  return decoder;
}
