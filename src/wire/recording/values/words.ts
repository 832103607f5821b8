import { isForbiddenKey } from '../../json.ts';
import {
  COUNT_KEYS,
  ID_KEYS,
  KNOWN_KEYS,
  ORIGIN_KEYS,
  ORIGINS,
  TEXT_KEYS,
  WORD_KEYS,
  WORD_PARTS,
} from './vocabulary.ts';

const KEY_LISTS = [KNOWN_KEYS, WORD_KEYS, TEXT_KEYS, ID_KEYS, COUNT_KEYS];
const BETWEEN_PARTS_OF_KEY = /[_$-]|(?<=[a-z0-9])(?=[A-Z])/;
const BETWEEN_PARTS_OF_WORD = /([._\-/|:\s]+)/;
const SMALL_NUMBER = /^v?\d{1,2}$/;
/** How names of people are written, which may be words of the protocol too: Max, Art, Will. */
const LIKE_A_NAME = /^(?!Python$)[A-Z][a-z]+$/;

/** True for a part of the protocol's words, as they are written in it. */
export const isKnownPart = (part: string): boolean => !LIKE_A_NAME.test(part) && WORD_PARTS.has(part.toLowerCase());

/** True where the protocol knows each part. One may be a small number, as in `gpt-5`, but no number stands alone. */
export function areKnownParts(parts: readonly string[]): boolean {
  const unknown = parts.filter((part) => part !== '' && !isKnownPart(part));
  if (unknown.length > 1) return false;
  return unknown.every((part) => SMALL_NUMBER.test(part) && (part.startsWith('v') || parts.some(isKnownPart)));
}

/** A word's parts, and what stands between them at each odd place; a text of several is one part, for it is no word. */
export function partsOfWord(value: string): readonly string[] {
  return /\S\s+\S/.test(value) ? [value] : value.split(BETWEEN_PARTS_OF_WORD);
}

/** True for a word of the protocol; a path is none, for its parts are names. */
export function isKnownWord(value: string): boolean {
  return !isPath(value) && areKnownParts(partsOfWord(value).filter((_, at) => at % 2 === 0));
}

export const isPath = (value: string): boolean => /^[./~]*\//.test(value);

/** True for what a field of words may say as it stands. */
export function isKnownValue(key: string, value: string): boolean {
  if (ORIGIN_KEYS.has(key)) return ORIGINS.has(value);
  return WORD_KEYS.has(key) && isKnownWord(value);
}

/** True for a key that is the protocol's; any other may be a name that the person, or a tool, gave. */
export function isKnownKey(key: string): boolean {
  if (key === '' || isForbiddenKey(key) || KEY_LISTS.some((list) => list.has(key))) return true;
  if (!/^[a-z_$]/.test(key)) return false;
  return areKnownParts(key.split(BETWEEN_PARTS_OF_KEY).map((part) => part.toLowerCase()));
}
