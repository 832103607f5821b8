import { isObject, textOrNull, type JsonObject } from '../../json.ts';
import { WORD_KEYS, WORD_PARTS } from './vocabulary.ts';

// A string with what may make a key of it, a number, or anything else; the last string may be cut off.
const TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*\\?)("?)(\s*:)?|-?\d[\d.eE+-]*/gs;
const ESCAPE_OR_CHARACTER = /\\u[0-9a-fA-F]{4}|\\.|\\|[^\\]/gs;
const KEY = /^[a-z_]{1,40}$/;

/** The field of a message's widget that holds JSON as text (rule M6). */
export const JSON_TEXT_KEY = 'widget_state';

/** That text of a message; null where it has none. */
export function jsonTextOf(message: JsonObject | undefined): string | null {
  const metadata = message?.['metadata'];
  const widget = isObject(metadata) ? metadata['chatgpt_sdk'] : null;
  return isObject(widget) ? textOrNull(widget[JSON_TEXT_KEY]) : null;
}

/** Masks JSON that is written as text, sign for sign, so that pieces of it still fit together. */
export function maskJsonText(text: string): string {
  let key = '';
  return text.replaceAll(TOKEN, (token, content?: string, close = '', colon = '') => {
    if (content === undefined) return token.replaceAll(/\d/g, '1');
    if (colon !== '') {
      key = content;
      return `"${KEY.test(content) ? content : maskContent(content)}${close}${colon}`;
    }
    const isWord = WORD_KEYS.has(key) && content.split(/[._-]/).every((part) => WORD_PARTS.has(part.toLowerCase()));
    return `"${isWord ? content : maskContent(content)}${close}`;
  });
}

/** Escapes stay as long as they are, and what they stand for one sign. */
function maskContent(content: string): string {
  return content.replaceAll(ESCAPE_OR_CHARACTER, (part) => {
    if (part.startsWith('\\u')) return part.length === 6 ? '\\u0078' : part;
    return part.startsWith('\\') || /[\s`~]/.test(part) ? part : 'x';
  });
}
