import { valueOf } from './parse.ts';

/** What keeps its place in a masked text: blanks, line ends, fences and the markers of rule M4. */
const REPLACED = /[^\s`~\uE200-\uE202]/g;
/** What keeps its place in a text that was to be JSON and is none. */
const REPLACED_IN_JSON = /[^\s{}[\]:,"\\]/g;

/** Puts `letter` for each UTF-16 unit that says something, so that pieces of a text still fit where they belong. */
export function maskText(text: string, letter: string): string {
  return text.replace(REPLACED, letter);
}

/** Masks what cannot be read, so that it still cannot be read as JSON. */
export function maskUnread(text: string): string {
  const masked = text.replace(REPLACED_IN_JSON, 'x');
  return valueOf(masked) !== undefined ? masked.replace(/\S(?=\s*$)/, 'x') : masked;
}

/** Blanks at its end keep a text's length: where events are cut and what is too large stays so. */
export function padTo(text: string, length: number): string {
  return text.length >= length ? text : text + ' '.repeat(length - text.length);
}
