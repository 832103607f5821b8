import { isObject, type JsonObject } from '../../json.ts';
import { type Carry, frameOf } from '../streams/carry.ts';
import { JSON_TEXT_KEY } from './json-text.ts';
import { isMessage, type Letters } from './letters.ts';
import { maskText } from './mask.ts';
import type { Names } from './names.ts';
import type { Numbers } from './numbers.ts';
import { ID_KEYS, ORIGIN_KEYS, TEXT_KEYS, WORD_KEYS } from './vocabulary.ts';

/** Where a value stands, which says how it is to be replaced. */
export interface Place {
  /** The nearest key above it. */
  readonly key: string;
  readonly parent: string;
  /** Path of the operation that it is a value of; null outside of any. */
  readonly path: string | null;
  readonly letter: string;
}

export interface Values {
  /** The same value with all that it says replaced; keys, types and lengths of texts stay. */
  mask(value: unknown, place: Place): unknown;
  /** A delta frame; `carry` is what holds in it. */
  maskFrame(value: JsonObject, carry: Carry, letter: string): JsonObject;
}

interface ValueOptions {
  readonly names: Names;
  readonly numbers: Numbers;
  readonly letters: Letters;
  /** What stands for texts that hold another format; null where the text holds none. */
  readonly inner: (object: JsonObject, key: string) => string | null;
}

const DEEPEST = 500;
const SECRET_KEY = /token|secret|passw|authoriz|cookie|signature|verify|credential|session_key|^sig$/i;
const ID_KEY = /(?:_|[a-z])(?:Id|Ids|ID)$|_(?:id|ids|uuid|cursor)$/;
const OFFSET_KEY = /^(?:last_)?offset$/;
const TIME_KEY = /(?:_time|_at|_ts|_date|timestamp)$/;
const URL_KEY = /(?:^|_)(?:url|uri|href)s?$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const IS_URL = /^(?:https?|wss?|blob):/i;
const NAMED_STEP = /^(?!\d+$|-$)./;

const isCode = (key: string, parent: string): boolean => key === 'code' && parent === 'aggregate_result';
const isAuthor = (key: string, parent: string): boolean => key === 'name' && parent === 'author';
const isId = (key: string): boolean => ID_KEYS.has(key) || ID_KEY.test(key);

export function topPlace(letter: string, key = ''): Place {
  return { key, parent: '', path: null, letter };
}

/** The place that an operation's path names. */
function placeAt(path: string, letter: string): Place {
  const steps = path.split('/').filter((step) => NAMED_STEP.test(step));
  return { key: steps.at(-1) ?? '', parent: steps.at(-2) ?? '', path, letter };
}

export function createValues({ names, numbers, letters, inner }: ValueOptions): Values {
  const maskUrl = (text: string, letter: string): string => names.address(text) ?? maskText(text, letter);

  /** Null where the key is not one of a word. */
  const maskWord = (text: string, key: string, parent: string): string | null => {
    if (isAuthor(key, parent)) return names.author(text);
    if (ORIGIN_KEYS.has(key)) return names.origin(text);
    return WORD_KEYS.has(key) ? names.word(text) : null;
  };

  /** What text is by the key that it stands under, and only then by what it looks like. */
  const maskString = (text: string, { key, parent, letter }: Place): string => {
    if (text === '') return text;
    if (SECRET_KEY.test(key)) return 'redacted';
    if (key === JSON_TEXT_KEY) return letters.maskJsonText(text);
    if (isCode(key, parent)) return maskText(text, letters.ofCode(text));
    if (OFFSET_KEY.test(key)) return numbers.offset(text) ?? maskText(text, letter);
    const word = maskWord(text, key, parent);
    if (word !== null) return word;
    if (isId(key) || names.isPointer(text)) return names.id(text);
    return TEXT_KEYS.has(key) ? maskText(text, letter) : maskOther(text, key, letter);
  };

  const maskOther = (text: string, key: string, letter: string): string => {
    if (URL_KEY.test(key) || IS_URL.test(text)) return maskUrl(text, letter);
    if (TIME_KEY.test(key)) return text.replaceAll(/\d/g, '0').replaceAll(/[^\d:.+TZ -]/g, letter);
    return UUID.test(text) || names.isId(text) ? names.id(text) : maskText(text, letter);
  };

  const maskList = (list: readonly unknown[], place: Place, depth: number): unknown[] =>
    list.map((item) => mask(item, place, depth + 1));

  const maskObject = (object: JsonObject, place: Place, depth: number): JsonObject => {
    const letter = isMessage(object) ? letters.ofMessage(object.id) : place.letter;
    if (typeof object['o'] === 'string' && 'v' in object) return maskOperation(object, { ...place, letter }, depth);
    const entries = Object.keys(object).map((key): [string, unknown] => {
      const shown = place.key === 'mapping' ? names.id(key) : names.key(key);
      const text = typeof object[key] === 'string' ? inner(object, key) : null;
      return [shown, text ?? mask(object[key], { key, parent: place.key, path: null, letter }, depth + 1)];
    });
    // Defines each, so that `__proto__` stays a key like any other.
    return Object.fromEntries(entries);
  };

  /** An operation of a patch, or a frame. Its path is relative to that of the frame (rule D11). */
  const maskOperation = (object: JsonObject, place: Place, depth: number): JsonObject => {
    const { p } = object;
    const path = (place.path ?? '') + (typeof p === 'string' ? p : '');
    return maskFields(object, { operation: String(object['o']), path }, { letter: place.letter, depth });
  };

  const maskFields = (
    frame: JsonObject,
    { operation, path }: Carry,
    { letter, depth }: { readonly letter: string; readonly depth: number },
  ): JsonObject => {
    const at = placeAt(path, letter);
    const entries = Object.keys(frame).map((key): [string, unknown] => {
      const value = frame[key];
      if (key === 'p' && typeof value === 'string') return [key, names.path(value)];
      if (key !== 'v') return [names.key(key), mask(value, topPlace(letter, key), depth + 1)];
      if (operation === 'truncate' && typeof value === 'number') return [key, value];
      if (operation === 'append' && at.key === JSON_TEXT_KEY && typeof value === 'string') {
        return [key, letters.maskJsonPiece(frame, value)];
      }
      return [key, mask(value, at, depth + 1)];
    });
    return Object.fromEntries(entries);
  };

  const mask = (value: unknown, place: Place, depth: number): unknown => {
    if (depth > DEEPEST) return null;
    if (typeof value === 'string') return maskString(value, place);
    if (typeof value === 'number') return numbers.of(value, place.key);
    if (Array.isArray(value)) return maskList(value as readonly unknown[], place, depth);
    return isObject(value) ? maskObject(value, place, depth) : value;
  };

  const maskFrame = (value: JsonObject, carry: Carry, letter: string): JsonObject => {
    const frame = frameOf('delta', value) ?? value;
    if (frame === value) return maskFields(value, carry, { letter, depth: 0 });
    return Object.fromEntries(
      Object.keys(value).map((key): [string, unknown] => [
        names.key(key),
        value[key] === frame ? maskFrame(frame, carry, letter) : mask(value[key], topPlace(letter, key), 0),
      ]),
    );
  };

  return { mask: (value, place) => mask(value, place, 0), maskFrame };
}
