import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';
import { anyText, isAsset, looseText, nestedText } from './loose-text.ts';
import { isPointer } from './pointers.ts';

/** How the text of a content type is read; types that are not here say it in `text` or `parts`. */
const READERS: Readonly<Record<string, ((content: JsonObject) => string) | undefined>> = {
  __proto__: null as never,
  thoughts: ({ thoughts }) => joined(listOf(thoughts).filter(isObject).map(thoughtText), '\n\n'),
  reasoning_recap: ({ content }) => textOrNull(content) ?? '',
  tether_browsing_display: ({ result, summary }) => firstFilled([result, summary]),
  user_editable_context: ({ user_profile, user_instructions }) =>
    joined(filled([user_profile, user_instructions]), '\n'),
  model_editable_context: ({ model_set_context }) => textOrNull(model_set_context) ?? '',
  citable_code_output: ({ output_str, text }) => firstFilled([output_str, text]),
  system_error: ({ text, name }) => firstFilled([text, name]),
  tether_quote: ({ text, title }) => firstFilled([text, title]),
  sonic_webpage: ({ text, snippet, title }) => firstFilled([text, snippet, title]),
  app_pairing_content: ({ shared_prefix, context_parts, workspaces }) =>
    looseText([shared_prefix, context_parts, workspaces]),
  super_widget: ({ widgets }) => looseText(widgets),
};
const PLAIN: ReadonlySet<unknown> = new Set(['text', 'code', 'execution_output', 'multimodal_text']);
const SILENT: ReadonlySet<unknown> = new Set(['computer_output', 'developer_content', 'tether_browsing_code']);

/** True for a content type of the table in docs/wire.md, section 5. */
export function isKnownContent(type: string): boolean {
  return PLAIN.has(type) || SILENT.has(type) || READERS[type] !== undefined;
}

/** The text of a message per content type (rule M2). Of a type that is not known, all its texts (rule M1). */
export function contentText(content: JsonObject): string {
  const { content_type: type, text } = content as { content_type?: unknown; text?: unknown };
  // Nearly all messages: one text, which may be growing.
  if (PLAIN.has(type)) return typeof text === 'string' && text !== '' ? text : partsText(content);
  const read = typeof type === 'string' ? READERS[type] : undefined;
  if (read) return read(content);
  return unknownText(content);
}

/** Its own text and parts with what is nested beside them; where it has neither, all its texts. */
function unknownText(content: JsonObject): string {
  const own = joined(filled([content['text'], partsText(content)]), '\n');
  return own === '' ? anyText(content) : joined(filled([own, nestedText(content)]), '\n');
}

function partsText(content: JsonObject): string {
  const parts = listOf(content['parts']);
  const first = parts[0];
  if (parts.length === 1 && typeof first === 'string') return isPointer(first) ? '' : first;
  return joined(
    parts.map(partText).filter((part) => part !== null),
    '\n',
  );
}

function partText(part: unknown): string | null {
  if (typeof part === 'string') return isPointer(part) ? null : part;
  if (!isObject(part)) return null;
  const { content_type: type, text } = part as { content_type?: unknown; text?: unknown };
  if (type === 'audio_transcription') return textOrNull(text);
  const read = typeof type === 'string' ? READERS[type] : undefined;
  if (!read && !isAsset(part)) return unknownText(part) || null;
  return firstFilled([text, read?.(part)]) || null;
}

function thoughtText({ summary, content, chunks }: JsonObject): string {
  const said = typeof content === 'string' && content !== '' ? [content] : filled(listOf(chunks).map(chunkText));
  return joined([...filled([summary]), ...said], '\n');
}

function chunkText(chunk: unknown): unknown {
  return isObject(chunk) ? looseText(chunk) : chunk;
}

function firstFilled(values: readonly unknown[]): string {
  return filled(values)[0] ?? '';
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
