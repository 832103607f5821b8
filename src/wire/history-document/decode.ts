import { reportProblem, type DecoderContext, type WireDecoder, type WireFrame } from '../adapter.ts';
import { isObject, textOrNull, type JsonObject } from '../json.ts';
import { decodeTree, emitHistory } from './tree.ts';

/** A conversation in one of its two shapes, or the list of conversations (rules J1, J2, X3). */
export function recogniseDocument(frame: WireFrame): boolean {
  return frame.kind === 'document';
}

export function createDocumentDecoder(context: DecoderContext): WireDecoder {
  return {
    decode: (frame) => {
      if (frame.kind === 'document') decodeDocument(context, frame.value, frame.conversationId);
    },
  };
}

export function decodeDocument(context: DecoderContext, value: unknown, idInAddress: string | null): void {
  if (!isObject(value)) {
    reportProblem(context, 'bad_document');
    return;
  }
  if (idInAddress === null && Array.isArray(value['items'])) {
    decodeList(context, value['items'] as readonly unknown[]);
    return;
  }
  const conversationId = textOrNull(value['conversation_id']) ?? textOrNull(value['id']) ?? idInAddress;
  if (typeof value['title'] === 'string' && conversationId !== null && conversationId !== '') {
    context.emit({ kind: 'title', conversationId, title: value['title'] });
  }
  if (isObject(value['mapping'])) decodeTree(context, value, conversationId);
  else if (Array.isArray(value['messages'])) decodePage(context, value, conversationId);
  else {
    reportProblem(context, 'bad_document');
    context.emit({ kind: 'unknown', stream: null, value });
  }
}

function decodePage(context: DecoderContext, page: JsonObject, conversationId: string | null): void {
  for (const message of page['messages'] as readonly unknown[]) emitHistory(context, message, conversationId, null);
  const info = page['page_info'];
  if (!isObject(info)) return;
  const before = info['has_previous_page'] === true ? textOrNull(info['start_cursor']) : null;
  context.emit({ kind: 'older-page', conversationId, before });
}

function decodeList(context: DecoderContext, items: readonly unknown[]): void {
  for (const item of items) {
    if (!isObject(item) || typeof item['id'] !== 'string' || typeof item['title'] !== 'string') continue;
    context.emit({ kind: 'title', conversationId: item['id'], title: item['title'] });
  }
}
