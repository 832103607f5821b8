import type { DecoderContext, WireDecoder, WireProblem } from '../../../wire/index.ts';
import type { OpenBody } from './open-body.ts';

/** Gathers a JSON body up to the size limit and decodes it when it ends; one that lost a piece is not decoded. */
export function createDocumentBody(
  context: DecoderContext,
  decoder: WireDecoder,
  conversationId: string | null,
): OpenBody {
  const utf8 = new TextDecoder();
  let pieces: string[] = [];
  let sizeBytes = 0;
  let isLost = false;
  const report = (problem: WireProblem): void => {
    context.emit({ kind: 'problem', problem, stream: null });
  };
  return {
    read: (bytes) => {
      sizeBytes += bytes.byteLength;
      if (isLost) return;
      if (sizeBytes > context.limits.documentBytes) {
        isLost = true;
        pieces = [];
        report('bad_document');
        return;
      }
      pieces.push(utf8.decode(bytes, { stream: true }));
    },
    end: () => {
      if (isLost) return;
      const text = pieces.join('') + utf8.decode();
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        // Counted. The page has its own copy; nothing of it is ours to lose.
        report('bad_json');
        return;
      }
      decoder.decode({ kind: 'document', value, conversationId });
    },
    lose: () => {
      isLost = true;
      pieces = [];
    },
    doubt: () => undefined, // A document is whole or no JSON.
  };
}
