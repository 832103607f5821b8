// Items of a conversation, added, replaced and patched by events of their own (docs/wire.md, rule I1).
import { reportProblem, type DecoderContext } from '../adapter.ts';
import { createDeltaDocuments, type DeltaDocument } from '../delta-v1/documents.ts';
import { dropOldest } from '../drop-oldest.ts';
import { idOrNull, isObject, type JsonObject } from '../json.ts';
import type { WireProblem } from '../wire-event.ts';

const EVENTS: ReadonlySet<unknown> = new Set([
  'add-item',
  'replace-item',
  'delete-item',
  'stream-item-start',
  'stream-item-patch',
  'stream-item-done',
]);

export function isItemEvent(type: unknown): boolean {
  return EVENTS.has(type);
}

export type ItemDecoder = ReturnType<typeof createItemDecoder>;

/** Reads the items of one stream: each is a document of delta v1, known by its id instead of a channel. */
export function createItemDecoder(first: DecoderContext) {
  let context = first;
  const report = (problem: WireProblem): void => {
    reportProblem(context, problem);
  };
  const documents = createDeltaDocuments(first.limits, report, (message) => {
    context.emit({ kind: 'message-settles', message });
  });
  /** The channel that stands for an item. */
  const channels = new Map<string, number>();
  let channelCount = 0;

  const channelOf = (id: string): number => {
    const known = channels.get(id);
    if (known !== undefined) return known;
    channelCount += 1;
    channels.set(id, channelCount);
    if (channels.size > first.limits.documentsPerStream) dropOldest(channels);
    return channelCount;
  };

  const tell = (document: DeltaDocument | null, conversationId: string | null): void => {
    if (!document) return;
    const { message } = document.value as { message?: unknown };
    if (!isObject(message)) {
      context.emit({ kind: 'unknown', stream: context.stream, value: document.value });
      return;
    }
    context.emit({
      kind: 'message-changed',
      stream: context.stream,
      message,
      conversationId,
      isLive: true,
      isWhole: document.isWhole,
      parentId: null,
      hasOnlyGrown: false,
    });
  };

  const forget = (id: string, channel: number): void => {
    documents.apply({ c: channel, o: 'remove', p: '' }, 0);
    channels.delete(id);
  };

  /** What happens to an item that is known. */
  const change = (event: JsonObject, sizeUtf16: number, channel: number): DeltaDocument | null => {
    if (event['type'] === 'stream-item-patch')
      return documents.apply({ c: channel, o: 'patch', p: '', v: event['patches'] ?? null }, sizeUtf16);
    if (isObject(event['item'])) return documents.apply({ c: channel, o: 'add', p: '', v: event['item'] }, sizeUtf16);
    return null;
  };

  return {
    decode(event: JsonObject, sizeUtf16: number, conversationId: string | null): void {
      const { type, item } = event as { type?: unknown; item?: unknown };
      const id = idOf(event);
      const isEnd = type === 'delete-item' || type === 'stream-item-done';
      const isNew = !isEnd && type !== 'stream-item-patch';
      if (id === null || (isNew && !isObject(item))) {
        report('bad_frame');
        documents.doubtAll();
        return;
      }
      const channel = isNew ? channelOf(id) : channels.get(id);
      if (channel === undefined) {
        report('no_document');
        return;
      }
      if (type !== 'delete-item') tell(change(event, sizeUtf16, channel), conversationId);
      if (isEnd) forget(id, channel);
    },
    /** A frame was lost (C5). */
    doubtAll: documents.doubtAll,
    /** Carries the items on into another body of the same turn (rule H4). */
    continueIn(next: DecoderContext): void {
      context = next;
    },
  };
}

function idOf(event: JsonObject): string | null {
  const item = isObject(event['item']) ? event['item'] : {};
  const message = isObject(item['message']) ? item['message'] : {};
  return idOrNull(event['item_id']) ?? idOrNull(item['id']) ?? idOrNull(message['id']);
}
