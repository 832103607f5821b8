import { isObject, type JsonObject } from '../../json.ts';
import { isPythonCall, readMessage } from '../../message/index.ts';
import { jsonTextOf, maskJsonText } from './json-text.ts';

const PLAIN = 'x';
const FOR_CODE = [
  ...letters('a', 'w'),
  'y',
  'z',
  ...letters('A', 'Z'),
  ...letters('À', 'Ö'),
  ...letters('Ø', 'ö'),
  ...letters('ø', 'ſ'),
];

export type Letters = ReturnType<typeof createLetters>;

function letters(first: string, last: string): readonly string[] {
  const from = first.charCodeAt(0);
  return Array.from({ length: last.charCodeAt(0) - from + 1 }, (_, at) => String.fromCharCode(from + at));
}

/**
 * Which letter stands for the text of a message. All share one, but for codes: results are paired with calls by them
 * (rule O1), so each code has its own.
 */
export function createLetters() {
  /** The latest object of each message; documents of a stream grow in place. */
  const messages = new Map<string, JsonObject>();
  const ofMessages = new Map<string, string>();
  const ofCodes = new Map<string, string>();
  let finalTexts: readonly string[] | null = null;

  const ofCode = (code: string): string => {
    const letter = ofCodes.get(code) ?? FOR_CODE[ofCodes.size % FOR_CODE.length] ?? PLAIN;
    ofCodes.set(code, letter);
    return letter;
  };

  const read = (id: string): string => {
    const message = messages.get(id);
    if (!message) return PLAIN;
    const view = readMessage(message, id, null, null);
    return isPythonCall(view) && view.text !== '' ? ofCode(view.text) : PLAIN;
  };

  return {
    /** All messages must be noted before the first letter is asked for. */
    note(message: unknown): string | null {
      if (!isMessage(message)) return null;
      messages.set(message.id, message);
      return message.id;
    },
    ofCode,
    jsonTextOf: (id: string | null): string | null => (id === null ? null : jsonTextOf(messages.get(id))),
    /** The JSON that a message holds as text, as far as `text` goes: what its last word is says only the whole. */
    maskJsonText(text: string): string {
      finalTexts ??= [...messages.values()].map(jsonTextOf).filter((whole) => whole !== null);
      const whole = finalTexts.find((final) => final.startsWith(text)) ?? text;
      return maskJsonText(whole).slice(0, text.length);
    },
    ofMessage(id: string | null): string {
      if (id === null) return PLAIN;
      const letter = ofMessages.get(id) ?? read(id);
      ofMessages.set(id, letter);
      return letter;
    },
    messageCount: (): number => messages.size,
  };
}

/** True for an object that is a message of the site. */
export function isMessage(value: unknown): value is JsonObject & { readonly id: string } {
  return isObject(value) && typeof value['id'] === 'string' && isObject(value['author']);
}
