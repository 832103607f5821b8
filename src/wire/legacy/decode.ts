import type { DecoderContext, WireDecoder } from '../adapter.ts';
import { emitWhole } from '../emit-message.ts';
import { isObject, idOrNull } from '../json.ts';

export interface SnapshotDecoder extends WireDecoder {
  conversationId: string | null;
  readonly hasError: boolean;
}

/** Rule E1: snapshots are whole, so a lost one never makes the next doubtful. */
export function createSnapshotDecoder(context: DecoderContext): SnapshotDecoder {
  let hasError = false;
  const decoder: SnapshotDecoder = {
    conversationId: null,
    get hasError() {
      return hasError;
    },
    decode: (frame) => {
      if (frame.kind !== 'sse' || !isObject(frame.value)) return;
      const { value } = frame;
      decoder.conversationId = idOrNull(value['conversation_id']) ?? decoder.conversationId;
      hasError = Boolean(value['error']) || Boolean(value['error_code']);
      const { conversationId } = decoder;
      emitWhole(context, value['message'], { stream: context.stream, conversationId, isLive: true, parentId: null });
    },
  };
  return decoder;
}
