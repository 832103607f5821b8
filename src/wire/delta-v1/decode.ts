import { reportProblem, type DecoderContext, type WireDecoder, type WireFrame } from '../adapter.ts';
import { idOrNull, isObject } from '../json.ts';
import { createDeltaDocuments, type DeltaDocument } from './documents.ts';
import { readPlainText } from './plain-text.ts';

/** What a stream's other frames need to know of its delta documents. */
export interface DeltaDecoder extends WireDecoder {
  /** The conversation that the last frames named. */
  conversationId: string | null;
  /** The last frame's document carried an error (S8). */
  readonly hasError: boolean;
  /**
   * Takes a frame that only lengthens a text, as it came, without telling of it until `flush`. False when the frame must
   * be parsed and go through `decode`, which tells of what waits first.
   */
  lengthen(json: string): boolean;
  /** Tells of the message that `lengthen` changed. */
  flush(): void;
  /** A frame was lost (C5). */
  doubtAll(): void;
  /** Keeps the documents as they are now. What it returns brings them back, once, and tells of their messages. */
  save(): () => void;
  /** Carries the documents on into another body of the same turn (H4). */
  continueIn(context: DecoderContext): void;
}

export function createDeltaDecoder(first: DecoderContext): DeltaDecoder {
  let context = first;
  let hasError = false;
  const documents = createDeltaDocuments(
    first.limits,
    (problem) => {
      reportProblem(context, problem);
    },
    (message) => {
      context.emit({ kind: 'message-settles', message });
    },
  );

  let waiting: DeltaDocument | null = null;

  const tell = (document: DeltaDocument, hasOnlyGrown: boolean): void => {
    const { message, conversation_id } = document.value as { message?: unknown; conversation_id?: unknown };
    decoder.conversationId = idOrNull(conversation_id) ?? decoder.conversationId;
    if (!isObject(message)) return;
    context.emit({
      kind: 'message-changed',
      stream: context.stream,
      message,
      conversationId: decoder.conversationId,
      isLive: true,
      isWhole: document.isWhole,
      parentId: null,
      hasOnlyGrown,
    });
  };

  const flush = (): void => {
    if (!waiting) return;
    const document = waiting;
    waiting = null;
    tell(document, true);
  };

  const decode = (frame: WireFrame): void => {
    if (frame.kind !== 'sse') return;
    flush();
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
    const { error, error_code } = document.value as { error?: unknown; error_code?: unknown };
    hasError = Boolean(error) || Boolean(error_code);
    tell(document, false);
  };

  const decoder: DeltaDecoder = {
    conversationId: null,
    get hasError() {
      return hasError;
    },
    decode,
    lengthen: (json) => {
      const start = documents.growingStart;
      const text = start === null ? null : readPlainText(json, start);
      const document = text === null ? null : documents.append(text, json.length);
      if (!document) return false;
      waiting = document;
      return true;
    },
    flush,
    doubtAll: () => {
      documents.doubtAll();
    },
    save: () => {
      flush();
      const restore = documents.save();
      return () => {
        waiting = null;
        restore();
        for (const document of documents.all()) tell(document, false);
      };
    },
    continueIn: (next) => {
      context = next;
    },
  };
  return decoder;
}
