import type { CapturedMessage } from '../../contracts/capture.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';
import { isThinking } from './call.ts';

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
    text: messageText(content),
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

/** What a message says whose text has become longer, and nothing else of it has changed. */
export function readGrown(view: CapturedMessage, message: JsonObject): CapturedMessage {
  return isObject(message['content']) ? { ...view, text: messageText(message['content']) } : view;
}

/** The text of a message per content type (rule M2 and the table of docs/wire.md, section 5). */
function messageText(content: JsonObject): string {
  switch (content['content_type']) {
    case 'thoughts':
      return joined(listOf(content['thoughts']).filter(isObject).map(thoughtText), '\n\n');
    case 'reasoning_recap':
      return textOrNull(content['content']) ?? '';
    case 'tether_browsing_display':
      return textOrNull(content['result']) ?? '';
    case 'user_editable_context':
      return joined(filled([content['user_profile'], content['user_instructions']]), '\n');
    case 'model_editable_context':
      return textOrNull(content['model_set_context']) ?? '';
    default:
  }
  if (typeof content['text'] === 'string') return content['text'];
  const parts = listOf(content['parts']);
  // Nearly all messages: one text, which may be growing.
  if (parts.length === 1 && typeof parts[0] === 'string') return parts[0];
  return joined(
    parts.map(partText).filter((part) => part !== null),
    '\n',
  );
}

function thoughtText(thought: JsonObject): string {
  return joined(filled([thought['summary'], thought['content']]), '\n');
}

function partText(part: unknown): string | null {
  if (typeof part === 'string') return part;
  return isObject(part) && part['content_type'] === 'audio_transcription' ? textOrNull(part['text']) : null;
}

function filled(values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}

// Joined with +, so that a text that is still growing is not copied at every look; Array.join copies.
function joined(texts: readonly string[], separator: string): string {
  let all = texts[0] ?? '';
  for (let index = 1; index < texts.length; index += 1) all += separator + (texts[index] ?? '');
  return all;
}

function assetPointers(content: JsonObject): readonly string[] {
  const pointers: string[] = [];
  for (const part of listOf(content['parts'])) {
    if (!isObject(part)) continue;
    const audio = part['audio_asset_pointer'];
    const pointer =
      textOrNull(part['asset_pointer']) ?? (isObject(audio) ? textOrNull(audio['asset_pointer']) : textOrNull(audio));
    if (pointer !== null && pointer !== '') pointers.push(pointer);
  }
  return pointers;
}

function attachmentNames(metadata: JsonObject): readonly string[] {
  if (metadata['attachments'] === undefined) return NONE;
  return listOf(metadata['attachments'])
    .filter(isObject)
    .map((attachment) => textOrNull(attachment['name']) ?? textOrNull(attachment['id']) ?? '?');
}
