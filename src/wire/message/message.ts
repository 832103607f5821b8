import type { CapturedMessage } from '../../contracts/capture.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';
import { isThinking } from './call.ts';
import { contentText } from './content.ts';
import { assetPointers } from './pointers.ts';
import { widgetReport } from './widget-report.ts';

const NONE: readonly string[] = [];

/** Key of a message (rule M5). */
export function messageKey(conversationId: string | null, messageId: string): string {
  return `${conversationId ?? ''}|${messageId}`;
}

/** Normalises a message of the site; `parentId` stands in where its metadata names no parent. */
export function readMessage(
  message: JsonObject,
  messageId: string,
  conversationId: string | null,
  parentId: string | null,
): CapturedMessage {
  const author = isObject(message['author']) ? message['author'] : {};
  const content = isObject(message['content']) ? message['content'] : {};
  const metadata = isObject(message['metadata']) ? message['metadata'] : {};
  const { end_turn, create_time } = message as { end_turn?: unknown; create_time?: unknown };
  return {
    key: messageKey(conversationId, messageId),
    messageId,
    conversationId,
    role: textOrNull(author['role']),
    name: textOrNull(author['name']),
    recipient: textOrNull(message['recipient']),
    channel: textOrNull(message['channel']),
    contentType: textOrNull(content['content_type']),
    text: textOf(message, content, metadata),
    status: textOrNull(message['status']),
    isEndOfTurn: typeof end_turn === 'boolean' ? end_turn : null,
    parentId: textOrNull(metadata['parent_id']) ?? parentId,
    isHidden: metadata['is_visually_hidden_from_conversation'] === true,
    isThinking: isThinking(message),
    assets: assetPointers(content),
    attachments: attachmentNames(metadata),
    createdAtSeconds: typeof create_time === 'number' ? create_time : null,
    modelSlug: textOrNull(metadata['model_slug']),
  };
}

/** What the message says itself; one that says nothing, and is done, may have a report in its widget. */
function textOf(message: JsonObject, content: JsonObject, metadata: JsonObject): string {
  const own = contentText(content);
  return own !== '' || message['status'] === 'in_progress' ? own : widgetReport(metadata);
}

/** What a message says whose text has become longer, and nothing else of it has changed. */
export function readGrown(view: CapturedMessage, message: JsonObject): CapturedMessage {
  return isObject(message['content']) ? { ...view, text: contentText(message['content']) } : view;
}

function attachmentNames(metadata: JsonObject): readonly string[] {
  if (metadata['attachments'] === undefined) return NONE;
  return listOf(metadata['attachments'])
    .filter(isObject)
    .map((attachment) => textOrNull(attachment['name']) ?? textOrNull(attachment['id']) ?? '?');
}
