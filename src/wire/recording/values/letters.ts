import { isObject, type JsonObject } from '../../json.ts';
import { isPythonCall, readMessage } from '../../message/index.ts';
import type { JsonPiece } from '../streams/json-pieces.ts';
import { maskText } from './mask.ts';
import { jsonTextOf, maskJsonText as maskWhole } from './json-text.ts';

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
  /** JSON held as text, as far as it grew. */
  const grown = new Set<string>();
  /** Each is masked once, however many pieces it came in. */
  const maskedWholes = new Map<string, string>();
  const jsonPieces = new WeakMap<JsonObject, JsonPiece>();

  const maskJsonText = (text: string): string => {
    const whole = [...grown].find((longer) => longer.startsWith(text)) ?? text;
    const shown = maskedWholes.get(whole) ?? maskWhole(whole);
    maskedWholes.set(whole, shown);
    return shown.slice(0, text.length);
  };

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
    /** JSON that a message holds as text by now, and the pieces of it that came with the frame. */
    noteJson(text: string, pieces: ReadonlyMap<JsonObject, JsonPiece>): void {
      for (const [operation, piece] of pieces) {
        jsonPieces.set(operation, piece);
        grown.delete(piece.after.slice(0, piece.start));
      }
      grown.add(text);
    },
    /** JSON that is held as text, as far as `text` goes: what its last word is says only the whole. */
    maskJsonText,
    /** What an operation puts behind JSON that is held as text; where it will stand is known, or it is any text. */
    maskJsonPiece(operation: JsonObject, value: string): string {
      const piece = jsonPieces.get(operation);
      return piece ? maskJsonText(piece.after).slice(piece.start) : maskText(value, PLAIN);
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
